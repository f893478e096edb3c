// The instruction takes eight bytes in three cycles' latency but starts one every cycle: three streams side by side
// keep it busy. Their sums are joined by "advance over n zero bytes", a linear map of the sum, kept as four tables of
// 256 for two fixed block lengths (Mark Adler's crc32c.c).
#include "codec/crc32c.h"

#include <array>

#include "base/bytes.h"

#ifdef __SSE4_2__
#include <nmmintrin.h>
#endif

namespace tercet::codec {

namespace {

constexpr uint32_t kPolynomial = 0x82F63B78;

constexpr std::array<uint32_t, 256> make_byte_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    table[i] = crc;
  }
  return table;
}

constexpr auto kByteTable = make_byte_table();

#ifdef __SSE4_2__

// Per stream. The long blocks fit the first-level cache three times over, the short ones serve what a block of a part
// is.
constexpr size_t kLongBlock = 8192;
constexpr size_t kShortBlock = 256;

/// A linear map over 32 bits: the image of each single bit.
using Matrix = std::array<uint32_t, 32>;
using ZerosTable = std::array<std::array<uint32_t, 256>, 4>;

constexpr uint32_t times(const Matrix& matrix, uint32_t vector) {
  uint32_t sum = 0;
  for (size_t i = 0; vector != 0; ++i, vector >>= 1) {
    if ((vector & 1) != 0) sum ^= matrix[i];
  }
  return sum;
}

constexpr Matrix square(const Matrix& matrix) {
  Matrix out{};
  for (size_t i = 0; i < 32; ++i) out[i] = times(matrix, matrix[i]);
  return out;
}

/// `bytes` is a power of two.
constexpr ZerosTable make_zeros_table(size_t bytes) {
  Matrix map{};  // one zero bit
  map[0] = kPolynomial;
  for (size_t i = 1; i < 32; ++i) map[i] = uint32_t{1} << (i - 1);
  for (size_t bits = 1; bits < bytes * 8; bits *= 2) map = square(map);
  ZerosTable table{};
  for (size_t byte = 0; byte < 4; ++byte) {
    for (uint32_t i = 0; i < 256; ++i) table[byte][i] = times(map, i << (8 * byte));
  }
  return table;
}

constexpr ZerosTable kLongZeros = make_zeros_table(kLongBlock);
constexpr ZerosTable kShortZeros = make_zeros_table(kShortBlock);

uint32_t advance(const ZerosTable& zeros, uint32_t crc) {
  return zeros[0][crc & 0xFF] ^ zeros[1][crc >> 8 & 0xFF] ^ zeros[2][crc >> 16 & 0xFF] ^ zeros[3][crc >> 24];
}

/// Takes three blocks of `block` bytes at `at`.
template <size_t block>
uint64_t three_blocks(uint64_t crc, const char* at, const ZerosTable& zeros) {
  uint64_t second = 0;
  uint64_t third = 0;
  for (size_t i = 0; i < block; i += 8) {
    crc = _mm_crc32_u64(crc, load_le<uint64_t>(at + i));
    second = _mm_crc32_u64(second, load_le<uint64_t>(at + block + i));
    third = _mm_crc32_u64(third, load_le<uint64_t>(at + 2 * block + i));
  }
  crc = advance(zeros, static_cast<uint32_t>(crc)) ^ second;
  return advance(zeros, static_cast<uint32_t>(crc)) ^ third;
}

#endif

}  // namespace

uint32_t crc32c_extend_plain(uint32_t crc, std::string_view bytes) {
  crc = ~crc;
  for (const char c : bytes) crc = kByteTable[(crc ^ static_cast<uint8_t>(c)) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

#ifdef __SSE4_2__

uint32_t crc32c_extend(uint32_t crc, std::string_view bytes) {
  const char* at = bytes.data();
  size_t left = bytes.size();
  uint64_t sum = ~crc;
  for (; left >= 3 * kLongBlock; at += 3 * kLongBlock, left -= 3 * kLongBlock) {
    sum = three_blocks<kLongBlock>(sum, at, kLongZeros);
  }
  for (; left >= 3 * kShortBlock; at += 3 * kShortBlock, left -= 3 * kShortBlock) {
    sum = three_blocks<kShortBlock>(sum, at, kShortZeros);
  }
  for (; left >= 8; at += 8, left -= 8) sum = _mm_crc32_u64(sum, load_le<uint64_t>(at));
  auto narrow = static_cast<uint32_t>(sum);
  for (; left > 0; ++at, --left) narrow = _mm_crc32_u8(narrow, static_cast<uint8_t>(*at));
  return ~narrow;
}

#else

uint32_t crc32c_extend(uint32_t crc, std::string_view bytes) { return crc32c_extend_plain(crc, bytes); }

#endif

}  // namespace tercet::codec
