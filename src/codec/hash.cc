// Compiled in rather than linked: most keys are short, and a call through the dynamic linker costs as much as they do.
#define XXH_INLINE_ALL
#include "codec/hash.h"

#include <xxhash.h>

namespace tercet::codec {

uint64_t hash64(std::string_view bytes, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

Hash128 hash128(std::string_view bytes, uint64_t seed) {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed);
  return {hash.high64, hash.low64};
}

}  // namespace tercet::codec
