// Private to codec. Contexts of zstd are large and slow to make: one for compression per thread, and a few for
// decompression that Inflaters borrow and give back. None outgrows kKeptContextBytes at rest.
#pragma once

#include <cstddef>
#include <memory>

// zstd.h's own names, so that this header needs none of it.
struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace tercet::codec {

constexpr size_t kKeptContexts = 4;
constexpr size_t kKeptContextBytes = size_t{4} << 20;

/// This thread's. Null when memory is out. Its parameters are reset.
ZSTD_CCtx_s* zstd_compressor();

struct ReturnDecompressor {
  void operator()(ZSTD_DCtx_s* context) const;
};
using Decompressor = std::unique_ptr<ZSTD_DCtx_s, ReturnDecompressor>;

/// Null when memory is out. May be given back on another thread.
Decompressor zstd_decompressor();

}  // namespace tercet::codec
