#include "codec/compress.h"

#include <fmt/format.h>
#include <lz4.h>
#include <lz4hc.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <climits>

#include "codec/inflate.h"
#include "codec/zstd_contexts.h"

namespace tercet::codec {

namespace {

// A block of a snappy stream can say at most 64 bytes with two bytes; a longer declared length is a lie.
constexpr size_t kSnappyMaxRatio = 32;
// A zstd block of 128 KiB of one byte takes four.
constexpr size_t kZstdMaxRatio = 64 << 10;
constexpr std::string_view kSnappyFramedMagic("\xFF\x06\x00\x00sNaPpY", 10);
constexpr int kLz4SlowLevel = 3;

/// Appends at most `room` bytes that `fill(char* at)` writes without zeroing them first; fill returns how many, and
/// what it returns beyond `room` counts as none.
template <typename Fill>
void append_filled(std::string& out, size_t room, Fill fill) {
  const size_t before = out.size();
  out.resize_and_overwrite(before + room, [&](char* at, size_t) {
    const size_t written = fill(at + before);
    return before + (written <= room ? written : 0);
  });
}

Error too_large(Codec codec, size_t max_out) {
  return resource_exhausted(fmt::format("{}: inflates to more than the limit of {} bytes", codec_name(codec), max_out));
}

Error malformed(Codec codec, std::string_view what) {
  return invalid_argument(fmt::format("{}: {}", codec_name(codec), what));
}

Error input_too_long(Codec codec) {
  return invalid_argument(fmt::format("{}: more than 2 GiB at once", codec_name(codec)));
}

Result<> compress_zstd(int level, std::string_view in, std::string& out) {
  ZSTD_CCtx* const context = zstd_compressor();
  if (context == nullptr) return fail(resource_exhausted("zstd: no memory for a context"));
  level = level == 0 ? ZSTD_CLEVEL_DEFAULT : std::clamp(level, 1, ZSTD_maxCLevel());
  size_t written = 0;
  const size_t room = ZSTD_compressBound(in.size());
  append_filled(out, room,
                [&](char* at) { return written = ZSTD_compressCCtx(context, at, room, in.data(), in.size(), level); });
  if (ZSTD_isError(written)) return fail(internal_error(fmt::format("zstd: {}", ZSTD_getErrorName(written))));
  return {};
}

Result<> compress_lz4(int level, std::string_view in, std::string& out) {
  if (in.size() > LZ4_MAX_INPUT_SIZE) return fail(input_too_long(Codec::kLz4));
  const auto length = static_cast<int>(in.size());
  const int room = LZ4_compressBound(length);
  int written = 0;
  append_filled(out, static_cast<size_t>(room), [&](char* at) {
    written = level < kLz4SlowLevel ? LZ4_compress_default(in.data(), at, length, room)
                                    : LZ4_compress_HC(in.data(), at, length, room, std::min(level, LZ4HC_CLEVEL_MAX));
    return static_cast<size_t>(std::max(written, 0));
  });
  if (written <= 0) return fail(internal_error("lz4: the block does not fit its own bound"));
  return {};
}

Result<> compress_snappy(std::string_view in, std::string& out) {
  if (in.size() > UINT32_MAX) return fail(invalid_argument("snappy: more than 4 GiB at once"));
  append_filled(out, snappy::MaxCompressedLength(in.size()), [&](char* at) {
    size_t written = 0;
    snappy::RawCompress(in.data(), in.size(), at, &written);
    return written;
  });
  return {};
}

Result<> compress_zlib(Codec codec, int level, std::string_view in, std::string& out) {
  if (in.size() > INT_MAX) return fail(input_too_long(codec));
  level = level == 0 ? Z_DEFAULT_COMPRESSION : std::clamp(level, 1, Z_BEST_COMPRESSION);
  z_stream stream{};
  const int window_bits = codec == Codec::kGzip ? MAX_WBITS + 16 : MAX_WBITS;
  if (deflateInit2(&stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    return fail(resource_exhausted("zlib: no memory for a stream"));
  }
  int code = Z_OK;
  const size_t room = deflateBound(&stream, in.size());
  append_filled(out, room, [&](char* at) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(at);
    stream.avail_out = static_cast<uInt>(room);
    code = deflate(&stream, Z_FINISH);
    return code == Z_STREAM_END ? room - stream.avail_out : 0;
  });
  deflateEnd(&stream);
  if (code != Z_STREAM_END) return fail(internal_error("zlib: the stream does not fit its own bound"));
  return {};
}

Result<> decompress_stream(Codec codec, std::string_view in, size_t max_out, std::string& out) {
  const size_t before = out.size();
  Inflater inflater = TRY(Inflater::create(codec, max_out));
  Result<> done = inflater.feed(in, out);
  if (done) done = inflater.finish();
  if (!done) out.resize(before);
  return done;
}

/// A single frame that tells its size is inflated in one go, without a window; anything else as a stream.
Result<> decompress_zstd(std::string_view in, size_t max_out, std::string& out) {
  const unsigned long long size = ZSTD_getFrameContentSize(in.data(), in.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
      ZSTD_findFrameCompressedSize(in.data(), in.size()) != in.size()) {
    return decompress_stream(Codec::kZstd, in, max_out, out);
  }
  if (size > max_out) return fail(too_large(Codec::kZstd, max_out));
  if (size / kZstdMaxRatio > in.size()) {
    return fail(malformed(Codec::kZstd, "the frame declares more than its bytes can hold"));
  }
  const Decompressor context = zstd_decompressor();
  if (!context) return fail(resource_exhausted("zstd: no memory for a context"));
  size_t written = 0;
  append_filled(out, size,
                [&](char* at) { return written = ZSTD_decompressDCtx(context.get(), at, size, in.data(), in.size()); });
  if (ZSTD_isError(written)) return fail(malformed(Codec::kZstd, ZSTD_getErrorName(written)));
  return {};
}

Result<> decompress_snappy(std::string_view in, size_t max_out, std::string& out) {
  if (in.starts_with(kSnappyFramedMagic)) {
    return fail(malformed(Codec::kSnappy, "this is the framed stream format; the raw block format is wanted"));
  }
  size_t size = 0;
  if (!snappy::GetUncompressedLength(in.data(), in.size(), &size)) {
    return fail(malformed(Codec::kSnappy, "no length at the start of the block"));
  }
  if (size > max_out) return fail(too_large(Codec::kSnappy, max_out));
  if (size / kSnappyMaxRatio > in.size()) {
    return fail(malformed(Codec::kSnappy, "the block declares more than its bytes can hold"));
  }
  bool good = false;
  append_filled(out, size, [&](char* at) {
    good = snappy::RawUncompress(in.data(), in.size(), at);
    return good ? size : 0;
  });
  if (!good) return fail(malformed(Codec::kSnappy, "corrupt block"));
  return {};
}

}  // namespace

std::string_view codec_name(Codec codec) {
  switch (codec) {
    case Codec::kNone: return "none";
    case Codec::kZstd: return "zstd";
    case Codec::kLz4: return "lz4";
    case Codec::kSnappy: return "snappy";
    case Codec::kGzip: return "gzip";
    case Codec::kDeflate: return "deflate";
  }
  return "unknown";
}

Result<> compress(Codec codec, int level, std::string_view in, std::string& out) {
  switch (codec) {
    case Codec::kNone: out.append(in); return {};
    case Codec::kZstd: return compress_zstd(level, in, out);
    case Codec::kLz4: return compress_lz4(level, in, out);
    case Codec::kSnappy: return compress_snappy(in, out);
    case Codec::kGzip:
    case Codec::kDeflate: return compress_zlib(codec, level, in, out);
  }
  return fail(invalid_argument(fmt::format("no codec {}", static_cast<unsigned>(codec))));
}

Result<> decompress(Codec codec, std::string_view in, size_t max_out, std::string& out) {
  switch (codec) {
    case Codec::kNone:
      if (in.size() > max_out) return fail(too_large(codec, max_out));
      out.append(in);
      return {};
    case Codec::kZstd: return decompress_zstd(in, max_out, out);
    case Codec::kLz4:
      return fail(invalid_argument("lz4: a raw block does not tell its size, decompress_lz4() takes it"));
    case Codec::kSnappy: return decompress_snappy(in, max_out, out);
    case Codec::kGzip:
    case Codec::kDeflate: return decompress_stream(codec, in, max_out, out);
  }
  return fail(invalid_argument(fmt::format("no codec {}", static_cast<unsigned>(codec))));
}

Result<> decompress_lz4(std::string_view in, size_t raw_size, std::string& out) {
  // 255 bytes a byte is the format's best; anything beyond need not be allocated to be known wrong.
  if (raw_size / 255 > in.size()) return fail(malformed(Codec::kLz4, "the block cannot hold that many bytes"));
  if (in.size() > INT_MAX || raw_size > LZ4_MAX_INPUT_SIZE) return fail(input_too_long(Codec::kLz4));
  int written = 0;
  append_filled(out, raw_size, [&](char* at) {
    written = LZ4_decompress_safe(in.data(), at, static_cast<int>(in.size()), static_cast<int>(raw_size));
    return written == static_cast<int>(raw_size) ? raw_size : 0;
  });
  if (written != static_cast<int>(raw_size)) return fail(malformed(Codec::kLz4, "corrupt block, or of another size"));
  return {};
}

}  // namespace tercet::codec
