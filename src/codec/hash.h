// XXH3: fast, well mixed, not cryptographic. Values are written to disk: algorithm and seed must not change.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

namespace tercet::codec {

struct Hash128 {
  uint64_t hi = 0;
  uint64_t lo = 0;

  friend auto operator<=>(const Hash128&, const Hash128&) = default;
};

/// XXH3_64bits_withSeed.
uint64_t hash64(std::string_view bytes, uint64_t seed = 0);
/// XXH3_128bits_withSeed.
Hash128 hash128(std::string_view bytes, uint64_t seed = 0);

}  // namespace tercet::codec
