// A set of 64-bit hashes in ten bits each that answers "not in it" or "perhaps": about one wrong "perhaps" in a
// hundred, never a wrong "not". One question touches one block of 32 bytes.
//
// Split block Bloom filter (Putze, Sanders, Singler 2007; the form is Parquet's BloomFilter.md, bit for bit):
//   filter := "TBF1" block_count:u32le block{block_count}      block := word:u32le{8}
//   A hash h stands in block ((h >> 32) * block_count) >> 32; bit ((low32(h) * salt[i]) mod 2^32) >> 27 of its word i
//   is set, i < 8.
// A set without members has no blocks. Readers refuse any other length than the count demands.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tercet::codec {

constexpr unsigned kFilterBitsPerKey = 10;

/// Hashes must be well mixed (hash64); repeats cost space only. Up to 2^32 blocks, which no memory holds.
std::string build_filter(std::span<const uint64_t> hashes, unsigned bits_per_key = kFilterBitsPerKey);

/// kDataLoss when `filter` is not what build_filter() makes. Checks the frame: any bits are valid bits.
Result<> check_filter(std::string_view filter);

/// False only when the hash was not given to build_filter(). A malformed filter knows nothing, so everything may be in
/// it.
bool may_contain(std::string_view filter, uint64_t hash);

}  // namespace tercet::codec
