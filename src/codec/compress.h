// Whole buffers in and out of the usual compressors: for bodies of requests, blocks of parts, records of the journal.
// What comes in pieces is inflate.h's. Functions append to `out`; after an error `out` is as it was before.
// Thread-safe. Contexts of zstd live per thread and are used again; no call allocates one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tercet::codec {

enum class Codec : uint8_t { kNone, kZstd, kLz4, kSnappy, kGzip, kDeflate };

/// "none", "zstd", "lz4", "snappy", "gzip", "deflate".
std::string_view codec_name(Codec codec);

/// kZstd: one frame that tells its content's size. kLz4: one raw block, whose size the caller keeps. kSnappy: the raw
/// block format. kGzip: one member. kDeflate: the zlib format, which is what HTTP calls deflate.
/// `level` 0 is the codec's default (zstd 3, zlib 6); zstd takes 1 to 22, gzip and deflate 1 to 9, lz4 1 to 12 (its
/// slow form from 3), snappy and none have no levels. Levels beyond are brought into range.
Result<> compress(Codec codec, int level, std::string_view in, std::string& out);

/// Inflates at most `max_out` bytes; more is kResourceExhausted, found before they are written. Takes several zstd
/// frames or gzip members in a row, zlib or raw deflate. Malformed, cut off or followed by garbage: kInvalidArgument.
/// The framed snappy stream is refused by its magic (senders of remote write confuse them). Not for kLz4: see below.
Result<> decompress(Codec codec, std::string_view in, size_t max_out, std::string& out);

/// A raw lz4 block that held exactly `raw_size` bytes, which the caller has checked against its own limit.
Result<> decompress_lz4(std::string_view in, size_t raw_size, std::string& out);

}  // namespace tercet::codec
