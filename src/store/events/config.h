// Configuration of the events store. Defaults suit a laptop; `profile` sets the retention.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "base/config_field.h"
#include "base/result.h"

namespace tercet::store {

struct EventsConfig {
  /// The head is sealed when it holds this much (encoded bytes), or when its oldest block is seal_after_ns old.
  uint64_t head_bytes_max = 64u << 20;
  int64_t seal_after_ns = 10 * kMinute;
  /// Parts whose newest arrival is older are deleted.
  int64_t traces_retention_ns = 30 * kDay;
  int64_t block_rows = 8192;
  int64_t zstd_level = 3;
  /// Blocks of fewer rows than this are merged in the head once there are 128 of them.
  int64_t small_block_rows = 1024;
  /// Parts of one day that together stay below this are merged once there are compact_parts of them.
  int64_t compact_parts = 6;
  // A merge decodes its parts at once, at some 12 times their size: this bounds it to a few hundred MiB.
  uint64_t compact_bytes_max = 32u << 20;
  /// A scan that has read this much stops and says so.
  uint64_t scan_bytes_max = uint64_t{4} << 30;

  ConfigFields fields();
  Result<> validate() const;
};

}  // namespace tercet::store
