#include "journal/segment_reader.h"

#include <algorithm>

namespace tercet::journal {
namespace {

/// What is skipped when the device cannot read: its unit of failure.
constexpr uint64_t kPageBytes = 4096;

}  // namespace

bool SegmentReader::load(Lsn at, uint64_t length) {
  // Before growing for one long record, let go of the last one's.
  if (window_.capacity() > 2 * std::max(length, kWindowBytes)) std::string().swap(window_);
  window_.resize(length);
  const auto read = file_.read_at(kSegmentHeaderBytes + (at - first_), window_);
  window_.resize(read.value_or(0));
  window_at_ = at;
  read_errors_ += !read.has_value();
  return read.has_value();
}

std::optional<std::string_view> SegmentReader::fetch(Lsn at, uint64_t length) {
  if (at < first_ || at > end_ || length > end_ - at) return std::nullopt;
  const bool have =
      at >= window_at_ && at - window_at_ <= window_.size() && window_.size() - (at - window_at_) >= length;
  if (!have) {
    const uint64_t wanted = std::min(std::max(length, kWindowBytes), end_ - at);
    // A bad block somewhere in the window must not take the sound records before it.
    if (!load(at, wanted) && (wanted == length || !load(at, length))) return std::nullopt;
    if (window_.size() < length) return std::nullopt;
  }
  return std::string_view(window_).substr(at - window_at_, length);
}

std::optional<Frame> SegmentReader::head(Lsn at) {
  const auto bytes = fetch(at, kHeadBytes);
  if (!bytes) return std::nullopt;
  auto frame = parse_head(*bytes, at, id_);
  if (frame && frame->next > end_) return std::nullopt;
  return frame;
}

std::optional<std::string_view> SegmentReader::body(const Frame& frame) {
  const auto bytes = fetch(frame.lsn + kHeadBytes, frame.body_length());
  if (!bytes || !body_is_sound(frame, *bytes, id_)) return std::nullopt;
  return bytes;
}

std::optional<std::string_view> SegmentReader::tenant(const Frame& frame) {
  return fetch(frame.lsn + kHeadBytes, frame.tenant_length);
}

std::optional<Frame> SegmentReader::resync(Lsn from) {
  Lsn at = align_up(from);
  while (at < end_ && end_ - at >= kHeadBytes) {
    const uint64_t wanted = std::min(kWindowBytes, end_ - at);
    if (!fetch(at, kHeadBytes)) {
      // Unreadable, or the file ends here.
      if (!load(at, std::min(kPageBytes, wanted))) {
        at = std::min(end_, at + kPageBytes - (at - first_) % kPageBytes);
        continue;
      }
      return std::nullopt;
    }
    const std::string_view window = std::string_view(window_).substr(at - window_at_);
    const Lsn base = at;
    const uint64_t magic = window.find(kRecordMagic);
    // Nothing in the window: the last bytes of it may be the front of a magic, but a magic stands at multiples of 8.
    const uint64_t skip = magic == std::string_view::npos ? window.size() : magic;
    at = base + (skip & ~(kAlignment - 1));
    if (magic == std::string_view::npos) {
      if (at == base) return std::nullopt;
      continue;
    }
    if (magic % kAlignment == 0) {
      if (const auto frame = head(at); frame && body(*frame)) return frame;
    }
    at += kAlignment;
  }
  return std::nullopt;
}

}  // namespace tercet::journal
