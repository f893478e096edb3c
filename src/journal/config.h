// Configuration of the journal. All of it is read at start; a change needs a restart.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "base/config_field.h"
#include "base/result.h"

namespace tercet::journal {

struct Config {
  /// Size of a segment file; one record longer than this gets a segment of its own size.
  uint64_t segment_bytes = uint64_t{64} << 20;
  /// What all segments may take on disk. At the limit, while a consumer still needs the oldest, appends are refused.
  uint64_t bytes_max = uint64_t{8} << 30;
  /// Older than this and still needed by a consumer: a warning names it.
  int64_t age_max_ns = 7 * kDay;
  /// Payload bytes that may wait for their sync; more is refused with retry_after.
  uint64_t queue_bytes_max = uint64_t{64} << 20;
  /// Stored bytes of one group, which is one write and one sync.
  uint64_t group_bytes_max = uint64_t{16} << 20;
  /// zstd; 0 = none. Spent on the appending thread.
  int64_t compression_level = 1;
  /// No new segment is made when that would leave less than this free on the disk; appends are refused instead.
  uint64_t min_free_bytes = uint64_t{256} << 20;

  ConfigFields fields();
  Result<> validate() const;
};

}  // namespace tercet::journal
