// Bytes as the rest of the house passes them: std::string owns, std::string_view borrows. Both hold arbitrary bytes.
// Fixed-width loads and stores are little-endian, whatever the host.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace tercet {

static_assert(std::endian::native == std::endian::little, "x86-64 and arm64 only");

template <typename T>
T load_le(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

template <typename T>
void store_le(char* at, T value) {
  std::memcpy(at, &value, sizeof(T));
}

template <typename T>
void append_le(std::string& out, T value) {
  char raw[sizeof(T)];
  store_le(raw, value);
  out.append(raw, sizeof(T));
}

/// Lower-case hex, two characters a byte.
std::string hex_encode(std::string_view bytes);
/// Any case; nothing when the length is odd or a character is no hex digit.
std::optional<std::string> hex_decode(std::string_view hex);
/// Standard alphabet with padding (RFC 4648 section 4).
std::string base64_encode(std::string_view bytes);
/// Standard or URL-safe alphabet, padding optional, leftover bits ignored (as Go does); nothing when malformed.
std::optional<std::string> base64_decode(std::string_view text);
/// True when `text` is well-formed UTF-8 (no surrogates, no overlong forms).
bool is_valid_utf8(std::string_view text);
/// Appends `text` with each ill-formed sequence (maximal subpart, Unicode 3.9) replaced by U+FFFD.
void append_utf8_lossy(std::string& out, std::string_view text);

}  // namespace tercet
