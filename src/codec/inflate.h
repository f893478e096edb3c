// A request's body, inflated as it comes, so that a bomb is refused after `max_out` bytes and not after all of it.
// Takes what decompress() takes of these codecs: members and frames in a row, zlib or raw deflate. Never holds more
// than the codec's window (32 KiB; zstd at most 8 MiB, as RFC 9659 has it for HTTP; larger windows are refused). Not
// thread-safe, movable between calls.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "codec/compress.h"

namespace tercet::codec {

class Inflater {
 public:
  /// kGzip, kDeflate, kZstd, or kNone, which only counts; the block formats need all bytes at once (kInvalidArgument).
  /// `max_out` is the limit on the sum of all output.
  static Result<Inflater> create(Codec codec, size_t max_out);
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;
  ~Inflater();

  /// Appends what `chunk` holds to `out`. kResourceExhausted past the limit, kInvalidArgument when malformed or when
  /// something follows the end; what `out` got before stays. After an error all calls fail.
  Result<> feed(std::string_view chunk, std::string& out);
  /// kInvalidArgument unless the input ended where the format ends. An empty body is cut off, but for kNone.
  Result<> finish();

  /// Output so far.
  size_t total_out() const { return total_out_; }

  /// A codec's side of it; in the .cc.
  class Stream;

 private:
  Inflater(std::unique_ptr<Stream> stream, size_t max_out);
  Result<> pump(std::string_view& in, std::string& out);

  std::unique_ptr<Stream> stream_;
  size_t max_out_;
  size_t total_out_ = 0;
  bool failed_ = false;
};

}  // namespace tercet::codec
