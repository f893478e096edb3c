// Bits in a row, most significant first, as Gorilla's chunks need them (Pelkonen et al., VLDB 2015). The last byte is
// padded with zero bits; how many bits count is the caller's to know.
// Not thread-safe. Neither reader nor writer ever looks outside its bytes.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"

namespace tercet::codec {

class BitWriter {
 public:
  /// Appends the low `bits` (0 to 64) of `value`; those above are ignored.
  void put(uint64_t value, unsigned bits) {
    DCHECK(bits <= 64);
    if (bits == 0) return;
    value &= ~uint64_t{0} >> (64 - bits);
    if (bits < free_) {
      free_ -= bits;
      pending_ |= value << free_;
      return;
    }
    // The word fills up exactly or overflows by `rest` bits.
    const unsigned rest = bits - free_;
    append_word(pending_ | value >> rest);
    free_ = 64 - rest;
    pending_ = rest == 0 ? 0 : value << free_;
  }
  void put_bit(bool bit) { put(bit ? 1 : 0, 1); }

  size_t bit_count() const { return words_.size() * 8 + (64 - free_); }
  /// Bytes that append_to() adds.
  size_t byte_count() const { return words_.size() + (64 - free_ + 7) / 8; }
  /// Appends all that was written so far, padded to a byte; writing may go on.
  void append_to(std::string& out) const;
  /// Forgets all, keeps the memory.
  void clear();

 private:
  void append_word(uint64_t word) { append_le(words_, __builtin_bswap64(word)); }

  std::string words_;     // whole 64-bit words, big-endian
  uint64_t pending_ = 0;  // the word being filled, from the top
  unsigned free_ = 64;    // bits of it that are still free, 1 to 64
};

/// Reads what BitWriter wrote. A read past the end gives zero and sets failed(), which stays: a decoder may read a
/// whole record and look once.
class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  /// The next `bits` (0 to 64) as the low bits of the result.
  uint64_t get(unsigned bits) {
    DCHECK(bits <= 64);
    if (bits > 56) {
      const uint64_t high = get(bits - 32);
      const uint64_t low = get(32);
      return failed_ ? 0 : high << 32 | low;
    }
    if (held_ < bits) [[unlikely]] {
      refill();
      if (held_ < bits) {
        fail();
        return 0;
      }
    }
    if (bits == 0) return 0;
    const uint64_t value = window_ >> (64 - bits);
    window_ <<= bits;
    held_ -= bits;
    return value;
  }
  bool get_bit() { return get(1) != 0; }

  /// Counts the one bits before the next zero bit, takes them and the zero; stops after `limit` ones, without a zero
  /// then.
  unsigned get_unary(unsigned limit) {
    unsigned ones = 0;
    while (ones < limit && get_bit()) ++ones;
    return ones;
  }

  bool failed() const { return failed_; }
  /// Bits not yet read, padding included; 0 after a failure.
  size_t remaining() const { return held_ + static_cast<size_t>(end_ - at_) * 8; }

 private:
  void refill() {
    if (end_ - at_ >= 8) [[likely]] {
      // Takes whole bytes only; the bits of a byte cut in two lie below `held_` and are written again, equal, next
      // time.
      window_ |= __builtin_bswap64(load_le<uint64_t>(at_)) >> held_;
      const unsigned bytes = (63 - held_) >> 3;
      at_ += bytes;
      held_ += bytes * 8;
    } else {
      refill_slow();
    }
  }
  void refill_slow();
  void fail();

  const char* at_;
  const char* end_;
  uint64_t window_ = 0;  // the next `held_` bits, from the top
  unsigned held_ = 0;
  bool failed_ = false;
};

}  // namespace tercet::codec
