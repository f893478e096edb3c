// One record as bytes (docs/formats/journal.md): encoded in two steps, since the body is known on the appending thread
// and the Lsn on the committing one; decoded in two, since a reader skips by the head alone.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "contract/journal_entry.h"
#include "journal/journal_format.h"

namespace tercet::journal {

using contract::Lsn;

constexpr uint64_t align_up(uint64_t bytes) { return (bytes + kAlignment - 1) & ~(kAlignment - 1); }

/// A head that was found valid.
struct Frame {
  Lsn lsn = 0;
  Lsn next = 0;
  Lsn synced_through = 0;
  int64_t appended_at_ns = 0;
  uint32_t stored_length = 0;
  uint32_t raw_length = 0;
  uint32_t body_crc = 0;
  uint16_t tenant_length = 0;
  uint8_t kind = kKindBatch;
  uint8_t codec = kStoredAsIs;
  contract::Signal signal = contract::Signal::kTraces;
  uint8_t encoding = 0;

  uint64_t body_length() const { return uint64_t{tenant_length} + stored_length; }
};

/// A record on its way to the disk. Immovable pieces of memory: `pieces()` borrows.
class EncodedRecord {
 public:
  struct Header {
    uint8_t kind = kKindBatch;
    contract::Signal signal = contract::Signal::kTraces;
    uint8_t encoding = 0;
    int64_t appended_at_ns = 0;
  };

  /// Compresses unless `level` is 0 or it does not help. `payload` may be null (empty).
  static EncodedRecord encode(uint64_t id, const Header& header, std::string tenant,
                              std::shared_ptr<const std::string> payload, int level);

  /// The place in the stream, known at last: completes the head.
  void place(uint64_t id, Lsn lsn, Lsn synced_through);

  uint64_t size() const { return align_up(kHeadBytes + frame_.body_length()); }
  uint64_t stored_bytes() const { return frame_.stored_length; }
  const Frame& frame() const { return frame_; }
  const std::string& tenant() const { return tenant_; }
  const std::shared_ptr<const std::string>& payload() const { return payload_; }
  /// Head, tenant, stored, padding. Valid after place(), while the record stays where it is.
  std::array<std::string_view, 4> pieces() const;

 private:
  Frame frame_;
  std::array<char, kHeadBytes> head_{};
  std::string tenant_;
  std::string compressed_;
  std::shared_ptr<const std::string> payload_;
};

/// The head at the front of `bytes` when it is valid at `lsn`; its body is not looked at.
std::optional<Frame> parse_head(std::string_view bytes, Lsn lsn, uint64_t id);
bool body_is_sound(const Frame& frame, std::string_view body, uint64_t id);
/// The payload. Allocates raw_length, never more; kDataLoss when the stored bytes do not yield exactly that.
Result<std::string> decode_payload(const Frame& frame, std::string_view stored);

/// The 4096 bytes at the front of a segment.
std::string segment_header(uint64_t id);
struct SegmentHeader {
  uint32_t version = 0;
  uint64_t id = 0;
};
/// Nothing when damaged.
std::optional<SegmentHeader> parse_segment_header(std::string_view bytes);

}  // namespace tercet::journal
