// UTF-8 by hand, for the writer's escape scan and the plain reader. Private to this module.
#pragma once

#include <cstdint>
#include <string>

namespace tercet::text {

/// Bytes of the well-formed sequence that starts at `at`; negated, of the ill-formed part that one U+FFFD replaces
/// (Unicode standard, table 3-7 and "substitution of maximal subparts"). The lead byte at `at` is ≥ 0x80.
inline int utf8_length(const char* at, const char* end) {
  const auto byte = [&](int i) { return static_cast<uint8_t>(at[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0xC2 || lead > 0xF4) return -1;
  const int want = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (end - at < 2 || byte(1) < low || byte(1) > high) return -1;
  for (int i = 2; i < want; ++i) {
    if (i >= end - at || (byte(i) & 0xC0) != 0x80) return -i;
  }
  return want;
}

/// Appends a Unicode scalar value.
inline void append_code_point(std::string& out, uint32_t code) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace tercet::text
