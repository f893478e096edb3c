#include "journal/record.h"

#include "base/bytes.h"
#include "base/check.h"
#include "codec/compress.h"
#include "codec/crc32c.h"

namespace tercet::journal {
namespace {

/// Less saved than a sixteenth is not worth decompressing at every replay.
constexpr size_t kWorthwhileShift = 4;
/// Shorter ones gain nothing: a zstd frame costs about ten bytes.
constexpr size_t kMinToCompress = 64;
constexpr char kZeros[kAlignment] = {};

uint32_t seeded_crc(uint64_t id) {
  char seed[sizeof id];
  store_le(seed, id);
  return codec::crc32c({seed, sizeof seed});
}

std::string_view head_checked(const char* head) { return {head + kLsnAt, kHeadBytes - kLsnAt}; }

}  // namespace

EncodedRecord EncodedRecord::encode(uint64_t id, const Header& header, std::string tenant,
                                    std::shared_ptr<const std::string> payload, int level) {
  EncodedRecord record;
  record.tenant_ = std::move(tenant);
  record.payload_ = std::move(payload);
  const std::string_view raw = record.payload_ ? std::string_view(*record.payload_) : std::string_view();
  CHECK(raw.size() <= kMaxRecordBytes && record.tenant_.size() <= kMaxTenantBytes);
  std::string_view stored = raw;
  uint8_t codec = kStoredAsIs;
  if (level > 0 && raw.size() >= kMinToCompress) {
    const auto compressed = codec::compress(codec::Codec::kZstd, level, raw, record.compressed_);
    if (compressed && record.compressed_.size() <= raw.size() - (raw.size() >> kWorthwhileShift)) {
      stored = record.compressed_;
      codec = kStoredZstd;
    } else {
      record.compressed_ = std::string();
    }
  }
  uint32_t body_crc = codec::crc32c_extend(seeded_crc(id), record.tenant_);
  body_crc = codec::crc32c_extend(body_crc, stored);
  record.frame_ = {.appended_at_ns = header.appended_at_ns,
                   .stored_length = static_cast<uint32_t>(stored.size()),
                   .raw_length = static_cast<uint32_t>(raw.size()),
                   .body_crc = body_crc,
                   .tenant_length = static_cast<uint16_t>(record.tenant_.size()),
                   .kind = header.kind,
                   .codec = codec,
                   .signal = header.signal,
                   .encoding = header.encoding};
  return record;
}

void EncodedRecord::place(uint64_t id, Lsn lsn, Lsn synced_through) {
  frame_.lsn = lsn;
  frame_.next = lsn + size();
  frame_.synced_through = synced_through;
  char* head = head_.data();
  kRecordMagic.copy(head, kRecordMagic.size());
  store_le(head + kLsnAt, lsn);
  store_le(head + kSyncedThroughAt, synced_through);
  store_le(head + kAppendedAt, frame_.appended_at_ns);
  store_le(head + kStoredLengthAt, frame_.stored_length);
  store_le(head + kRawLengthAt, frame_.raw_length);
  store_le(head + kBodyCrcAt, frame_.body_crc);
  store_le(head + kTenantLengthAt, frame_.tenant_length);
  store_le(head + kKindAt, frame_.kind);
  store_le(head + kCodecAt, frame_.codec);
  store_le(head + kSignalAt, static_cast<uint8_t>(frame_.signal));
  store_le(head + kEncodingAt, frame_.encoding);
  store_le(head + kHeadCrcAt, codec::crc32c_extend(seeded_crc(id), head_checked(head)));
}

std::array<std::string_view, 4> EncodedRecord::pieces() const {
  const std::string_view stored =
      frame_.codec == kStoredAsIs ? (payload_ ? std::string_view(*payload_) : std::string_view()) : compressed_;
  const uint64_t padding = size() - kHeadBytes - frame_.body_length();
  return {std::string_view(head_.data(), head_.size()), tenant_, stored, std::string_view(kZeros, padding)};
}

std::optional<Frame> parse_head(std::string_view bytes, Lsn lsn, uint64_t id) {
  if (bytes.size() < kHeadBytes || !bytes.starts_with(kRecordMagic)) return std::nullopt;
  const char* head = bytes.data();
  // The cheap comparison first: it is what stops a scan over the stale records of a recycled segment.
  if (load_le<uint64_t>(head + kLsnAt) != lsn) return std::nullopt;
  if (load_le<uint32_t>(head + kHeadCrcAt) != codec::crc32c_extend(seeded_crc(id), head_checked(head)))
    return std::nullopt;
  Frame frame{.lsn = lsn,
              .synced_through = load_le<uint64_t>(head + kSyncedThroughAt),
              .appended_at_ns = load_le<int64_t>(head + kAppendedAt),
              .stored_length = load_le<uint32_t>(head + kStoredLengthAt),
              .raw_length = load_le<uint32_t>(head + kRawLengthAt),
              .body_crc = load_le<uint32_t>(head + kBodyCrcAt),
              .tenant_length = load_le<uint16_t>(head + kTenantLengthAt),
              .kind = load_le<uint8_t>(head + kKindAt),
              .codec = load_le<uint8_t>(head + kCodecAt),
              .signal = static_cast<contract::Signal>(load_le<uint8_t>(head + kSignalAt)),
              .encoding = load_le<uint8_t>(head + kEncodingAt)};
  frame.next = lsn + align_up(kHeadBytes + frame.body_length());
  const bool sound = frame.synced_through <= lsn && frame.stored_length <= kMaxRecordBytes &&
                     frame.raw_length <= kMaxRecordBytes && frame.tenant_length <= kMaxTenantBytes &&
                     frame.kind <= kKindMark && frame.codec <= kStoredZstd &&
                     (frame.codec != kStoredAsIs || frame.stored_length == frame.raw_length);
  return sound ? std::optional(frame) : std::nullopt;
}

bool body_is_sound(const Frame& frame, std::string_view body, uint64_t id) {
  return body.size() == frame.body_length() && codec::crc32c_extend(seeded_crc(id), body) == frame.body_crc;
}

Result<std::string> decode_payload(const Frame& frame, std::string_view stored) {
  if (frame.codec == kStoredAsIs) return std::string(stored);
  std::string raw;
  const auto decompressed = codec::decompress(codec::Codec::kZstd, stored, frame.raw_length, raw);
  if (decompressed && raw.size() == frame.raw_length) return raw;
  return fail(data_loss("record at " + std::to_string(frame.lsn) + " does not decompress to the " +
                        std::to_string(frame.raw_length) + " bytes that its head tells" +
                        (decompressed ? "" : ": " + decompressed.error().message())));
}

std::string segment_header(uint64_t id) {
  std::string bytes(kSegmentHeaderBytes, '\0');
  kSegmentMagic.copy(bytes.data(), kSegmentMagic.size());
  store_le(bytes.data() + kSegmentVersionAt, kVersion);
  store_le(bytes.data() + kSegmentIdAt, id);
  std::string checked;
  append_le(checked, kVersion);
  append_le(checked, id);
  store_le(bytes.data() + kSegmentCrcAt, codec::crc32c(checked));
  return bytes;
}

std::optional<SegmentHeader> parse_segment_header(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderUsed || !bytes.starts_with(kSegmentMagic)) return std::nullopt;
  const SegmentHeader header{load_le<uint32_t>(bytes.data() + kSegmentVersionAt),
                             load_le<uint64_t>(bytes.data() + kSegmentIdAt)};
  std::string checked;
  append_le(checked, header.version);
  append_le(checked, header.id);
  if (load_le<uint32_t>(bytes.data() + kSegmentCrcAt) != codec::crc32c(checked)) return std::nullopt;
  return header;
}

}  // namespace tercet::journal
