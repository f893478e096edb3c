#include "codec/inflate.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/check.h"
#include "codec/zstd_contexts.h"

namespace tercet::codec {

namespace {

// Room made for output at a time: large enough that calls do not matter, small enough that a small body stays small.
constexpr size_t kLeastRoom = size_t{4} << 10;
constexpr size_t kMostRoom = size_t{256} << 10;
// RFC 9659: a sender must not need more, a receiver must not take more.
constexpr int kZstdWindowLog = 23;
// Pieces longer than this go to zlib, whose lengths are 32 bits, one after the other.
constexpr size_t kMostInput = size_t{1} << 30;

Error malformed(Codec codec, std::string_view what) {
  return invalid_argument(fmt::format("{}: {}", codec_name(codec), what));
}

}  // namespace

/// One step of a codec: takes from `in`, writes to [at, at + room).
class Inflater::Stream {
 public:
  explicit Stream(Codec codec) : codec_(codec) {}
  virtual ~Stream() = default;

  struct Step {
    size_t written = 0;
    bool stuck = false;  // nothing more comes without more input, however much room there is
  };
  /// `room` > 0. Removes from `in` what was taken.
  virtual Result<Step> step(std::string_view& in, char* at, size_t room) = 0;
  /// The input may end here.
  virtual bool at_end() const = 0;
  Codec codec() const { return codec_; }

 private:
  Codec codec_;
};

namespace {

class PlainStream final : public Inflater::Stream {
 public:
  PlainStream() : Stream(Codec::kNone) {}

  Result<Step> step(std::string_view& in, char* at, size_t room) override {
    const size_t taken = std::min(in.size(), room);
    if (taken > 0) std::memcpy(at, in.data(), taken);
    in.remove_prefix(taken);
    return Step{.written = taken, .stuck = in.empty()};
  }
  bool at_end() const override { return true; }
};

class ZlibStream final : public Inflater::Stream {
 public:
  explicit ZlibStream(Codec codec) : Stream(codec) {}
  ~ZlibStream() override {
    if (open_) inflateEnd(&stream_);
  }
  ZlibStream(const ZlibStream&) = delete;
  ZlibStream& operator=(const ZlibStream&) = delete;

  /// zlib and raw deflate are told apart by the first two bytes: a zlib header names method 8 and is a multiple of 31,
  /// and no raw stream of a known compressor begins so.
  Result<Step> step(std::string_view& in, char* at, size_t room) override {
    if (!open_) {
      while (codec() == Codec::kDeflate && head_size_ < 2 && !in.empty()) {
        head_[head_size_++] = static_cast<uint8_t>(in.front());
        in.remove_prefix(1);
      }
      if (in.empty() && head_size_ < 2) return Step{.stuck = true};
      TRY(open());
    }
    if (head_used_ < head_size_) {
      std::string_view head(reinterpret_cast<const char*>(head_) + head_used_, head_size_ - head_used_);
      const Step done = TRY(inflate_some(head, at, room));
      head_used_ = head_size_ - head.size();
      // Not stuck: what follows the head has not been looked at.
      return Step{.written = done.written, .stuck = done.stuck && in.empty() && head.empty()};
    }
    return inflate_some(in, at, room);
  }
  bool at_end() const override { return ended_; }

 private:
  Result<> open() {
    int window_bits = MAX_WBITS + 16;
    if (codec() == Codec::kDeflate) {
      const bool has_header = (head_[0] & 0x0F) == Z_DEFLATED && (head_[0] << 8 | head_[1]) % 31 == 0;
      window_bits = has_header ? MAX_WBITS : -MAX_WBITS;
    }
    if (inflateInit2(&stream_, window_bits) != Z_OK) return fail(resource_exhausted("zlib: no memory for a stream"));
    open_ = true;
    return {};
  }

  Result<Step> inflate_some(std::string_view& in, char* at, size_t room) {
    if (ended_) {
      if (in.empty()) return Step{.stuck = true};
      if (codec() != Codec::kGzip) return fail(malformed(codec(), "garbage after the end of the stream"));
      if (inflateReset(&stream_) != Z_OK) return fail(internal_error("zlib: the stream cannot be reset"));
      ended_ = false;
      later_member_ = true;
      member_out_ = 0;
    }
    const size_t offered = std::min(in.size(), kMostInput);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(offered);
    stream_.next_out = reinterpret_cast<Bytef*>(at);
    stream_.avail_out = static_cast<uInt>(room);
    const int code = inflate(&stream_, Z_NO_FLUSH);
    in.remove_prefix(offered - stream_.avail_in);
    const size_t written = room - stream_.avail_out;
    member_out_ += written;
    switch (code) {
      case Z_STREAM_END: ended_ = true; return Step{.written = written, .stuck = in.empty()};
      case Z_OK:
      case Z_BUF_ERROR:  // no step was possible: not an error by itself
        return Step{.written = written, .stuck = in.empty() && stream_.avail_out > 0};
      case Z_NEED_DICT: return fail(malformed(codec(), "needs a preset dictionary"));
      case Z_MEM_ERROR: return fail(resource_exhausted("zlib: no memory for a window"));
      default: break;
    }
    if (later_member_ && member_out_ == 0) return fail(malformed(codec(), "garbage after the end of the stream"));
    return fail(malformed(codec(), stream_.msg != nullptr ? stream_.msg : "corrupt stream"));
  }

  z_stream stream_{};
  uint8_t head_[2]{};
  size_t head_size_ = 0;
  size_t head_used_ = 0;
  size_t member_out_ = 0;
  bool later_member_ = false;
  bool open_ = false;
  bool ended_ = false;
};

class ZstdStream final : public Inflater::Stream {
 public:
  explicit ZstdStream(Decompressor context) : Stream(Codec::kZstd), context_(std::move(context)) {}

  Result<Step> step(std::string_view& in, char* at, size_t room) override {
    if (in.empty() && (ended_ || !flush_)) return Step{.stuck = true};
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{at, room, 0};
    const size_t code = ZSTD_decompressStream(context_.get(), &output, &input);
    if (ZSTD_isError(code)) {
      switch (ZSTD_getErrorCode(code)) {
        case ZSTD_error_memory_allocation: return fail(resource_exhausted("zstd: no memory for a window"));
        case ZSTD_error_frameParameter_windowTooLarge:
          return fail(malformed(codec(), "needs a window of more than 8 MiB (RFC 9659)"));
        case ZSTD_error_prefix_unknown:
          return fail(malformed(codec(), any_frame_ ? "garbage after the end of the frame" : "no frame"));
        default: return fail(malformed(codec(), ZSTD_getErrorName(code)));
      }
    }
    in.remove_prefix(input.pos);
    ended_ = code == 0;
    any_frame_ |= ended_;
    flush_ = output.pos == room;
    return Step{.written = output.pos, .stuck = in.empty() && (ended_ || !flush_)};
  }
  bool at_end() const override { return ended_; }

 private:
  Decompressor context_;
  bool ended_ = false;      // the last frame is complete
  bool any_frame_ = false;  // at least one was
  bool flush_ = false;      // the room ran out: there may be more without input
};

}  // namespace

Inflater::Inflater(std::unique_ptr<Stream> stream, size_t max_out) : stream_(std::move(stream)), max_out_(max_out) {}
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;
Inflater::~Inflater() = default;

Result<Inflater> Inflater::create(Codec codec, size_t max_out) {
  switch (codec) {
    case Codec::kNone: return Inflater(std::make_unique<PlainStream>(), max_out);
    case Codec::kGzip:
    case Codec::kDeflate: return Inflater(std::make_unique<ZlibStream>(codec), max_out);
    case Codec::kZstd: {
      Decompressor context = zstd_decompressor();
      if (!context || ZSTD_isError(ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kZstdWindowLog))) {
        return fail(resource_exhausted("zstd: no memory for a context"));
      }
      return Inflater(std::make_unique<ZstdStream>(std::move(context)), max_out);
    }
    case Codec::kLz4:
    case Codec::kSnappy: break;
  }
  return fail(invalid_argument(fmt::format("{}: a block is not inflated in pieces", codec_name(codec))));
}

Result<> Inflater::feed(std::string_view chunk, std::string& out) {
  if (failed_) return fail(failed_precondition(fmt::format("{}: failed before", codec_name(stream_->codec()))));
  const Result<> done = pump(chunk, out);
  failed_ = !done;
  return done;
}

Result<> Inflater::pump(std::string_view& in, std::string& out) {
  while (true) {
    // One byte more than the limit leaves: whether a stream that filled it would go on is not knowable otherwise.
    const size_t left = max_out_ - total_out_;
    const size_t most = left < kMostRoom ? left + 1 : kMostRoom;
    const size_t room = std::min(most, std::max(kLeastRoom, in.size() * 4));
    const size_t before = out.size();
    std::optional<Result<Stream::Step>> step;
    out.resize_and_overwrite(before + room, [&](char* at, size_t) {
      step.emplace(stream_->step(in, at + before, room));
      return before + (step->has_value() ? std::min((*step)->written, left) : 0);
    });
    const Stream::Step done = TRY(std::move(*step));
    if (done.written > left) {
      return fail(resource_exhausted(
          fmt::format("{}: inflates to more than the limit of {} bytes", codec_name(stream_->codec()), max_out_)));
    }
    total_out_ += done.written;
    if (done.stuck) return {};
  }
}

Result<> Inflater::finish() {
  if (failed_) return fail(failed_precondition(fmt::format("{}: failed before", codec_name(stream_->codec()))));
  if (stream_->at_end()) return {};
  failed_ = true;
  return fail(malformed(stream_->codec(), "cut off: the stream has no end"));
}

}  // namespace tercet::codec
