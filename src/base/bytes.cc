#include "base/bytes.h"

#include <algorithm>
#include <array>

namespace tercet {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

constexpr int8_t kNoDigit = -1;

constexpr std::array<int8_t, 256> make_hex_table() {
  std::array<int8_t, 256> table{};
  table.fill(kNoDigit);
  for (int i = 0; i < 10; ++i) table['0' + i] = static_cast<int8_t>(i);
  for (int i = 0; i < 6; ++i) table['a' + i] = table['A' + i] = static_cast<int8_t>(10 + i);
  return table;
}

constexpr std::array<int8_t, 256> make_base64_table() {
  std::array<int8_t, 256> table{};
  table.fill(kNoDigit);
  for (size_t i = 0; i < 64; ++i) table[static_cast<uint8_t>(kBase64Digits[i])] = static_cast<int8_t>(i);
  table['-'] = 62;
  table['_'] = 63;
  return table;
}

constexpr auto kHexTable = make_hex_table();
constexpr auto kBase64Table = make_base64_table();

/// What stands at the start of a text: a well-formed character, or the part of one that is to be replaced as a whole.
struct Sequence {
  size_t bytes;
  bool well_formed;
};

bool is_tail(uint8_t byte) { return (byte & 0xC0) == 0x80; }

/// `text` is not empty. Table 3-7 of the Unicode standard; the second byte alone decides about overlong forms,
/// surrogates and values beyond U+10FFFF.
Sequence utf8_sequence(std::string_view text) {
  const auto* at = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t lead = at[0];
  if (lead < 0x80) return {1, true};
  if (lead < 0xC2 || lead > 0xF4) return {1, false};
  const size_t want = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < 2) return {1, false};
  const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (at[1] < low || at[1] > high) return {1, false};
  for (size_t i = 2; i < want; ++i) {
    if (i >= text.size() || !is_tail(at[i])) return {i, false};
  }
  return {want, true};
}

/// Length of the prefix that is ASCII, at least in steps of eight bytes.
size_t ascii_prefix(std::string_view text) {
  size_t at = 0;
  while (at + 8 <= text.size() && (load_le<uint64_t>(text.data() + at) & 0x8080808080808080ULL) == 0) at += 8;
  return at;
}

/// Length of the well-formed prefix.
size_t utf8_prefix(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    at += ascii_prefix(text.substr(at));
    if (at == text.size()) break;
    const Sequence next = utf8_sequence(text.substr(at));
    if (!next.well_formed) break;
    at += next.bytes;
  }
  return at;
}

}  // namespace

std::string hex_encode(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    out.push_back(kHexDigits[byte >> 4]);
    out.push_back(kHexDigits[byte & 15]);
  }
  return out;
}

std::optional<std::string> hex_decode(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(hex.size() / 2);
  for (size_t i = 0; i < hex.size(); i += 2) {
    const int high = kHexTable[static_cast<uint8_t>(hex[i])];
    const int low = kHexTable[static_cast<uint8_t>(hex[i + 1])];
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high << 4 | low));
  }
  return out;
}

std::string base64_encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t have = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) group = group << 8 | (k < have ? static_cast<uint8_t>(bytes[i + k]) : 0);
    for (size_t k = 0; k < 4; ++k) out.push_back(k <= have ? kBase64Digits[group >> (18 - 6 * k) & 63] : '=');
  }
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.ends_with('=')) {
    if (text.size() % 4 != 0) return std::nullopt;
    text.remove_suffix(1);
    if (text.ends_with('=')) text.remove_suffix(1);
  }
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 4 * 3 + 2);
  uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const int digit = kBase64Table[static_cast<uint8_t>(c)];
    if (digit < 0) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(digit);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out.push_back(static_cast<char>(bits >> held));
    }
  }
  return out;
}

bool is_valid_utf8(std::string_view text) { return utf8_prefix(text) == text.size(); }

void append_utf8_lossy(std::string& out, std::string_view text) {
  while (true) {
    const size_t good = utf8_prefix(text);
    out.append(text.substr(0, good));
    text.remove_prefix(good);
    if (text.empty()) return;
    out.append(kReplacement);
    text.remove_prefix(utf8_sequence(text).bytes);
  }
}

}  // namespace tercet
