// Scans over a snapshot's blocks: which rows match, in order, and the columns asked for (contract/event_scan.h).
#pragma once

#include <functional>
#include <vector>

#include "base/clock.h"
#include "base/memory.h"
#include "contract/event_source.h"
#include "store/events/units.h"

namespace tercet::store {

struct ScanLimits {
  uint64_t bytes_max = uint64_t{4} << 30;
};

/// The blocks of `tenant` that may hold rows of the request, by time, traces and a required service.
std::vector<Unit> plan_units(const Snapshot& snapshot, const std::string& tenant, const contract::ScanRequest& request);
/// The blocks of `tenant` that overlap `time`.
std::vector<Unit> plan_units(const Snapshot& snapshot, const std::string& tenant, const contract::TimeRange& time);

/// What one query holds of memory_limit. Uses the context's account where it has one.
class QueryMemory {
 public:
  QueryMemory(const contract::Context& context, MemoryAccountant& accountant)
      : own_(accountant, MemoryClass::kQuery), account_(context.memory != nullptr ? *context.memory : own_) {}
  ~QueryMemory() { account_.shrink(held_); }
  QueryMemory(const QueryMemory&) = delete;
  QueryMemory& operator=(const QueryMemory&) = delete;

  /// The query holds `bytes` now. kResourceExhausted when queries' share of memory_limit has no room for more.
  Result<> hold(uint64_t bytes);

 private:
  MemoryAccount own_;
  MemoryAccount& account_;
  uint64_t held_ = 0;
};

/// Keeps reasons of incompleteness few: after some, only their number.
void add_reason(contract::Completeness& completeness, std::string reason);

Result<contract::Completeness> run_scan(const contract::Context& context, Clock& clock, std::vector<Unit> units,
                                        const contract::ScanRequest& request, const ScanLimits& limits,
                                        QueryMemory& memory,
                                        const std::function<bool(const contract::ColumnBatch&)>& visit);

/// The error when the context was cancelled or its deadline has passed.
Result<> check_context(const contract::Context& context, Clock& clock);

}  // namespace tercet::store
