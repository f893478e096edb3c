// LEB128 as Protocol Buffers has it: seven bits a byte, low first, the top bit says that more follow; at most ten
// bytes. Readers refuse what is cut off, longer than ten bytes or beyond 64 bits; they take needlessly long forms.
// Signed numbers go through zigzag, so that small magnitudes are short.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tercet::codec {

constexpr size_t kMaxVarintBytes = 10;

constexpr uint64_t zigzag_encode(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}

constexpr int64_t zigzag_decode(uint64_t value) { return static_cast<int64_t>((value >> 1) ^ (0 - (value & 1))); }

/// How many bytes `value` takes.
constexpr size_t varint_size(uint64_t value) { return (static_cast<size_t>(64 - __builtin_clzll(value | 1)) + 6) / 7; }

/// Writes to `at`, which has room for kMaxVarintBytes; returns the end of what was written.
inline char* encode_varint(char* at, uint64_t value) {
  while (value >= 0x80) {
    *at++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *at++ = static_cast<char>(value);
  return at;
}

inline void append_varint(std::string& out, uint64_t value) {
  if (value < 0x80) [[likely]] {
    out.push_back(static_cast<char>(value));
    return;
  }
  char raw[kMaxVarintBytes];
  out.append(raw, static_cast<size_t>(encode_varint(raw, value) - raw));
}

inline void append_zigzag(std::string& out, int64_t value) { append_varint(out, zigzag_encode(value)); }

/// Reads one number from [at, end): returns where the next begins, or nullptr (then `value` is untouched).
inline const char* decode_varint(const char* at, const char* end, uint64_t& value) {
  if (at != end && static_cast<uint8_t>(*at) < 0x80) [[likely]] {
    value = static_cast<uint8_t>(*at);
    return at + 1;
  }
  uint64_t bits = 0;
  for (unsigned shift = 0; shift < 70 && at != end; shift += 7) {
    const auto byte = static_cast<uint8_t>(*at++);
    if (shift == 63 && byte > 1) return nullptr;  // the tenth byte holds the 64th bit and nothing else
    bits |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) {
      value = bits;
      return at;
    }
  }
  return nullptr;
}

/// Takes one number from the front of `in`. False: neither `in` nor `value` has changed.
inline bool take_varint(std::string_view& in, uint64_t& value) {
  const char* const next = decode_varint(in.data(), in.data() + in.size(), value);
  if (next == nullptr) [[unlikely]]
    return false;
  in.remove_prefix(static_cast<size_t>(next - in.data()));
  return true;
}

inline bool take_zigzag(std::string_view& in, int64_t& value) {
  uint64_t raw = 0;
  if (!take_varint(in, raw)) return false;
  value = zigzag_decode(raw);
  return true;
}

}  // namespace tercet::codec
