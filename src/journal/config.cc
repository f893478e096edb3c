#include "journal/config.h"

#include <string>

#include "journal/journal_format.h"

namespace tercet::journal {
namespace {

constexpr uint64_t kKiB = uint64_t{1} << 10;
constexpr uint64_t kGiB = uint64_t{1} << 30;
constexpr uint64_t kTiB = uint64_t{1} << 40;
constexpr uint64_t kMinSegmentBytes = 16 * kKiB;
/// One being written, one spare, one that a consumer still reads.
constexpr uint64_t kMinSegments = 3;

}  // namespace

ConfigFields Config::fields() {
  return {
      bytes_field("segment_bytes", segment_bytes, kMinSegmentBytes, kGiB,
                  "Size of a segment file; a longer record gets a segment of its own size."),
      bytes_field("bytes_max", bytes_max, kMinSegments * kMinSegmentBytes, kTiB,
                  "What the journal may take on disk; at the limit, while a store still needs the oldest, appends are "
                  "refused with a hint to retry."),
      duration_field("age_max", age_max_ns, kMinute, 3650 * kDay,
                     "A record older than this that a consumer still needs is reported with the consumer's name."),
      bytes_field("queue_bytes_max", queue_bytes_max, kKiB, 16 * kGiB,
                  "Payload bytes that may wait for their sync; more is refused with a hint to retry."),
      bytes_field("group_bytes_max", group_bytes_max, kKiB, kGiB,
                  "Stored bytes of one group, which is one write and one sync; the rest waits for the next."),
      integer_field("compression_level", compression_level, 0, 19, "zstd level of records; 0 stores them as they are."),
      bytes_field("min_free_bytes", min_free_bytes, 0, kTiB,
                  "Free space that a new segment must leave on the disk; below it appends are refused until there is "
                  "room again."),
  };
}

Result<> Config::validate() const {
  if (segment_bytes < kMinSegmentBytes)
    return fail(invalid_argument("journal.segment_bytes must be at least " + format_bytes(kMinSegmentBytes)));
  if (bytes_max < kMinSegments * segment_bytes) {
    return fail(invalid_argument("journal.bytes_max must hold at least " + std::to_string(kMinSegments) +
                                 " segments of journal.segment_bytes: " + format_bytes(kMinSegments * segment_bytes)));
  }
  return {};
}

}  // namespace tercet::journal
