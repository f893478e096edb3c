#include "codec/filter.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/check.h"

namespace tercet::codec {

namespace {

constexpr std::string_view kMagic = "TBF1";
constexpr size_t kHeaderBytes = 8;
constexpr size_t kWords = 8;
constexpr size_t kBlockBytes = kWords * 4;

constexpr std::array<uint32_t, kWords> kSalts = {0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D,
                                                 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31};

size_t block_of(uint64_t hash, uint32_t blocks) { return static_cast<size_t>(((hash >> 32) * blocks) >> 32); }

using Mask = std::array<uint32_t, kWords>;

Mask mask_of(uint64_t hash) {
  Mask mask;
  for (size_t i = 0; i < kWords; ++i) mask[i] = uint32_t{1} << ((static_cast<uint32_t>(hash) * kSalts[i]) >> 27);
  return mask;
}

bool is_well_formed(std::string_view filter) {
  return filter.size() >= kHeaderBytes && filter.starts_with(kMagic) &&
         filter.size() - kHeaderBytes == load_le<uint32_t>(filter.data() + 4) * uint64_t{kBlockBytes};
}

}  // namespace

std::string build_filter(std::span<const uint64_t> hashes, unsigned bits_per_key) {
  CHECK(bits_per_key > 0);
  const uint64_t blocks = (uint64_t{hashes.size()} * bits_per_key + kBlockBytes * 8 - 1) / (kBlockBytes * 8);
  CHECK(blocks <= UINT32_MAX);
  std::string out(kMagic);
  append_le(out, static_cast<uint32_t>(blocks));
  out.resize(kHeaderBytes + blocks * kBlockBytes);
  for (const uint64_t hash : hashes) {
    char* const block = out.data() + kHeaderBytes + block_of(hash, static_cast<uint32_t>(blocks)) * kBlockBytes;
    Mask words = load_le<Mask>(block);
    const Mask mask = mask_of(hash);
    for (size_t i = 0; i < kWords; ++i) words[i] |= mask[i];
    store_le(block, words);
  }
  return out;
}

Result<> check_filter(std::string_view filter) {
  if (!is_well_formed(filter)) return fail(data_loss("filter: wrong magic or length"));
  return {};
}

bool may_contain(std::string_view filter, uint64_t hash) {
  if (!is_well_formed(filter)) return true;
  const auto blocks = load_le<uint32_t>(filter.data() + 4);
  if (blocks == 0) return false;
  const Mask words = load_le<Mask>(filter.data() + kHeaderBytes + block_of(hash, blocks) * kBlockBytes);
  const Mask mask = mask_of(hash);
  uint32_t missing = 0;
  for (size_t i = 0; i < kWords; ++i) missing |= mask[i] & ~words[i];
  return missing == 0;
}

}  // namespace tercet::codec
