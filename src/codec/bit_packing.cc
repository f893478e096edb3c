// Eight numbers of w bits are w bytes: every group of eight begins at a byte, and inside it all shifts are known when
// compiling. One instance a width, taken from a table.
#include "codec/bit_packing.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/bytes.h"

namespace tercet::codec {

namespace {

constexpr size_t kGroup = 8;
// A group is read and written in whole words, so up to this far beyond its own bytes.
constexpr size_t kSlack = 8;
constexpr size_t kWidths = 65;

template <unsigned width>
constexpr uint64_t kMask = width == 0 ? 0 : ~uint64_t{0} >> (64 - width);

/// Adds the number at index k of a group to the word being filled and stores the word when it is full.
template <unsigned width, size_t k>
void pack_one(uint64_t value, uint64_t& word, char* out) {
  constexpr size_t bit = k * width;
  constexpr unsigned offset = bit % 64;
  value &= kMask<width>;
  if constexpr (offset == 0) {
    word = value;
  } else {
    word |= value << offset;
  }
  if constexpr (offset + width >= 64) {
    store_le(out + bit / 64 * 8, word);
    if constexpr (offset + width > 64) word = value >> (64 - offset);
  } else if constexpr (k == kGroup - 1) {
    store_le(out + bit / 64 * 8, word);
  }
  if constexpr (k == kGroup - 1 && offset + width > 64) store_le(out + (bit / 64 + 1) * 8, word);
}

template <unsigned width>
void pack_groups(const uint64_t* values, size_t groups, uint64_t base, char* out) {
  if constexpr (width > 0) {
    for (size_t g = 0; g < groups; ++g, values += kGroup, out += width) {
      uint64_t word = 0;
      [&]<size_t... k>(std::index_sequence<k...>) {
        (pack_one<width, k>(values[k] - base, word, out), ...);
      }(std::make_index_sequence<kGroup>{});
    }
  }
}

template <unsigned width, size_t k>
uint64_t unpack_one(const char* in) {
  constexpr size_t byte = k * width / 8;
  constexpr unsigned offset = k * width % 8;
  uint64_t value = load_le<uint64_t>(in + byte) >> offset;
  if constexpr (offset + width > 64)
    value |= static_cast<uint64_t>(static_cast<uint8_t>(in[byte + 8])) << (64 - offset);
  return value & kMask<width>;
}

template <unsigned width>
void unpack_groups(const char* in, size_t groups, uint64_t base, uint64_t* values) {
  if constexpr (width == 0) {
    std::fill_n(values, groups * kGroup, base);
  } else {
    for (size_t g = 0; g < groups; ++g, values += kGroup, in += width) {
      [&]<size_t... k>(std::index_sequence<k...>) {
        ((values[k] = base + unpack_one<width, k>(in)), ...);
      }(std::make_index_sequence<kGroup>{});
    }
  }
}

using PackGroups = void (*)(const uint64_t*, size_t, uint64_t, char*);
using UnpackGroups = void (*)(const char*, size_t, uint64_t, uint64_t*);

template <size_t... width>
constexpr std::array<PackGroups, kWidths> pack_table(std::index_sequence<width...>) {
  return {pack_groups<width>...};
}
template <size_t... width>
constexpr std::array<UnpackGroups, kWidths> unpack_table(std::index_sequence<width...>) {
  return {unpack_groups<width>...};
}

constexpr auto kPack = pack_table(std::make_index_sequence<kWidths>{});
constexpr auto kUnpack = unpack_table(std::make_index_sequence<kWidths>{});

}  // namespace

void pack_bits(const uint64_t* values, size_t count, uint64_t base, unsigned width, std::string& out) {
  if (width == 0 || count == 0) return;
  const size_t before = out.size();
  const size_t groups = count / kGroup;
  const size_t rest = count % kGroup;
  out.resize_and_overwrite(before + (groups + 1) * width + kSlack, [&](char* text, size_t) {
    char* const at = text + before;
    kPack[width](values, groups, base, at);
    if (rest > 0) {
      uint64_t last[kGroup];
      std::fill(std::copy_n(values + groups * kGroup, rest, last), last + kGroup, base);  // pads with zero bits
      kPack[width](last, 1, base, at + groups * width);
    }
    return before + packed_bytes(count, width);
  });
}

void unpack_bits(std::string_view in, size_t count, uint64_t base, unsigned width, uint64_t* values) {
  if (count == 0) return;
  if (width == 0) {
    std::fill_n(values, count, base);
    return;
  }
  const size_t groups = in.size() < kSlack ? 0 : std::min(count / kGroup, (in.size() - kSlack) / width);
  kUnpack[width](in.data(), groups, base, values);
  // What is left ends too close to the end of the bytes, or is no whole group: by way of a padded copy.
  size_t done = groups * kGroup;
  for (in.remove_prefix(groups * width); done < count; done += kGroup) {
    char padded[64 + kSlack] = {};
    const size_t bytes = std::min<size_t>(width, in.size());
    std::memcpy(padded, in.data(), bytes);
    in.remove_prefix(bytes);
    uint64_t last[kGroup];
    kUnpack[width](padded, 1, base, last);
    std::copy_n(last, std::min(kGroup, count - done), values + done);
  }
}

}  // namespace tercet::codec
