// Reads one segment's records through a window, never more of it in memory than one record and kWindowBytes. Trusts
// nothing: damage and unreadable blocks end as "no record here", and resync() finds the next one that is sound.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "io/file_system.h"
#include "journal/record.h"

namespace tercet::journal {

class SegmentReader {
 public:
  static constexpr uint64_t kWindowBytes = uint64_t{1} << 20;

  /// Records stand at [first, end); `end` may be past the end of the file.
  SegmentReader(io::File& file, Lsn first, Lsn end, uint64_t id) : file_(file), first_(first), end_(end), id_(id) {}

  /// The head at `at`, when valid and its record ends inside the segment.
  std::optional<Frame> head(Lsn at);
  /// Tenant and stored bytes, checked; nothing when damaged. Valid until the next call.
  std::optional<std::string_view> body(const Frame& frame);
  /// The tenant alone, unchecked: enough to skip by. Valid until the next call.
  std::optional<std::string_view> tenant(const Frame& frame);
  /// The first sound record, head and body, at or after `from`.
  std::optional<Frame> resync(Lsn from);

  /// Blocks that the device could not read: what stands there is unknown, not absent.
  uint64_t read_errors() const { return read_errors_; }
  Lsn first() const { return first_; }
  Lsn end() const { return end_; }

 private:
  /// Exactly `length` bytes at `at`, or nothing.
  std::optional<std::string_view> fetch(Lsn at, uint64_t length);
  bool load(Lsn at, uint64_t length);

  io::File& file_;
  const Lsn first_;
  const Lsn end_;
  const uint64_t id_;
  std::string window_;
  Lsn window_at_ = 0;
  uint64_t read_errors_ = 0;
};

}  // namespace tercet::journal
