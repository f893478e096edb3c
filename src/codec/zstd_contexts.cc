#include "codec/zstd_contexts.h"

// For ZSTD_sizeof_DCtx and its kin.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include <array>
#include <utility>

namespace tercet::codec {

namespace {

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

struct IdleDecompressors {
  std::array<std::unique_ptr<ZSTD_DCtx, FreeDecompressor>, kKeptContexts> contexts;
  size_t count = 0;

  ~IdleDecompressors();
};

thread_local std::unique_ptr<ZSTD_CCtx, FreeCompressor> compressor;
thread_local IdleDecompressors idle;
// Without a destructor, so that it can be asked after `idle` died: an Inflater that is thread-local may go later.
thread_local bool idle_is_gone = false;

IdleDecompressors::~IdleDecompressors() { idle_is_gone = true; }

}  // namespace

ZSTD_CCtx* zstd_compressor() {
  // High levels want tens of megabytes: such a context is not kept for the next, ordinary call.
  if (compressor && ZSTD_sizeof_CCtx(compressor.get()) > 4 * kKeptContextBytes) compressor.reset();
  if (!compressor) compressor.reset(ZSTD_createCCtx());
  if (compressor) ZSTD_CCtx_reset(compressor.get(), ZSTD_reset_session_and_parameters);
  return compressor.get();
}

Decompressor zstd_decompressor() {
  if (idle_is_gone || idle.count == 0) return Decompressor(ZSTD_createDCtx());
  return Decompressor(idle.contexts[--idle.count].release());
}

void ReturnDecompressor::operator()(ZSTD_DCtx* context) const {
  std::unique_ptr<ZSTD_DCtx, FreeDecompressor> owned(context);
  if (idle_is_gone || idle.count == kKeptContexts || ZSTD_sizeof_DCtx(context) > kKeptContextBytes) return;
  ZSTD_DCtx_reset(context, ZSTD_reset_session_and_parameters);
  idle.contexts[idle.count++] = std::move(owned);
}

}  // namespace tercet::codec
