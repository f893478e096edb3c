// What administration asks of the parts it must not know: stores, targets, configuration.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contract/context.h"
#include "contract/event_scan.h"

namespace tercet::contract {

struct StoreStatus {
  std::string name;  // "events"
  uint64_t head_rows = 0;
  uint64_t head_bytes = 0;
  uint64_t part_rows = 0;
  uint64_t part_bytes = 0;
  uint64_t parts = 0;
  uint64_t quarantined_parts = 0;
  int64_t min_time_ns = 0;  // of what is stored; 0 = nothing
  int64_t max_time_ns = 0;
};

class StoreAdmin {
 public:
  virtual ~StoreAdmin() = default;
  virtual StoreStatus status() const = 0;
  /// Writes the head to parts and makes them durable.
  virtual Result<> flush(const Context& context) = 0;
  /// Deletes the tenant's rows in `time` (durable when it returns); the answer counts rows.
  virtual Result<uint64_t> remove(const Context& context, const TimeRange& time) = 0;
};

struct Target {
  std::string pool;
  std::string url;
  std::string health;  // up | down | unknown
  std::string last_error;
  int64_t last_attempt_ns = 0;
  int64_t last_duration_ns = 0;
};

class TargetStatus {
 public:
  virtual ~TargetStatus() = default;
  virtual std::vector<Target> targets() const = 0;
};

class ConfigStatus {
 public:
  virtual ~ConfigStatus() = default;
  /// The configuration in force as YAML, secrets replaced by <secret>.
  virtual std::string effective_yaml() const = 0;
  /// Empty while the last reload succeeded.
  virtual std::string last_reload_error() const = 0;
};

}  // namespace tercet::contract
