#include "wire/otlp/json_text.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace tercet::wire::otlp {

namespace {

constexpr uint32_t kReplacement = 0xFFFD;

char* put_utf8(char* out, uint32_t c) {
  if (c < 0x80) {
    *out++ = static_cast<char>(c);
  } else if (c < 0x800) {
    *out++ = static_cast<char>(0xC0 | c >> 6);
    *out++ = static_cast<char>(0x80 | (c & 63));
  } else if (c < 0x10000) {
    *out++ = static_cast<char>(0xE0 | c >> 12);
    *out++ = static_cast<char>(0x80 | (c >> 6 & 63));
    *out++ = static_cast<char>(0x80 | (c & 63));
  } else {
    *out++ = static_cast<char>(0xF0 | c >> 18);
    *out++ = static_cast<char>(0x80 | (c >> 12 & 63));
    *out++ = static_cast<char>(0x80 | (c >> 6 & 63));
    *out++ = static_cast<char>(0x80 | (c & 63));
  }
  return out;
}

/// Four hex digits at `at`; negative when there are none.
int32_t hex4(const char* at, const char* end) {
  if (end - at < 4) return -1;
  int32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = at[i];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    value = value << 4 | digit;
  }
  return value;
}

/// `at` stands behind \u; six bytes of source at least become at most three of output, twelve at most four.
bool unescape_unicode(const char*& at, const char* end, char*& out, bool& lone) {
  const int32_t first = hex4(at, end);
  if (first < 0) return false;
  at += 4;
  auto c = static_cast<uint32_t>(first);
  if (c >= 0xD800 && c <= 0xDFFF) {
    const bool pair = c < 0xDC00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u';
    const int32_t second = pair ? hex4(at + 2, end) : -1;
    if (second >= 0xDC00 && second <= 0xDFFF) {
      c = 0x10000 + ((c - 0xD800) << 10) + (static_cast<uint32_t>(second) - 0xDC00);
      at += 6;
    } else {
      c = kReplacement;
      lone = true;
    }
  }
  out = put_utf8(out, c);
  return true;
}

char simple_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
  }
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes digits off the front.
std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const std::string_view digits = text.substr(0, static_cast<size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

/// Takes e+12 off the front; the value is capped, as no number of 64 bits needs more. False when malformed.
bool take_exponent(std::string_view& text, int64_t& exponent) {
  if (text.empty() || (text[0] != 'e' && text[0] != 'E')) return true;
  text.remove_prefix(1);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::string_view digits = take_digits(text);
  if (digits.empty()) return false;
  constexpr int64_t kCap = INT64_C(1) << 40;
  for (const char c : digits) exponent = std::min(kCap, exponent * 10 + (c - '0'));
  if (negative) exponent = -exponent;
  return true;
}

/// Appends a digit; false past 64 bits.
bool append_digit(uint64_t& value, char digit) {
  return !__builtin_mul_overflow(value, 10u, &value) &&
         !__builtin_add_overflow(value, static_cast<unsigned>(digit - '0'), &value);
}

}  // namespace

Unescaped unescape(std::string_view text, char* out, size_t& size) {
  const char* at = text.data();
  const char* const end = at + text.size();
  char* to = out;
  bool lone = false;
  while (at != end) {
    const auto* slash = static_cast<const char*>(std::memchr(at, '\\', static_cast<size_t>(end - at)));
    const char* stop = slash == nullptr ? end : slash;
    std::memcpy(to, at, static_cast<size_t>(stop - at));
    to += stop - at;
    if (slash == nullptr) break;
    at = slash + 1;
    if (at == end) return Unescaped::kMalformed;
    const char kind = *at++;
    if (kind == 'u') {
      if (!unescape_unicode(at, end, to, lone)) return Unescaped::kMalformed;
    } else if (const char c = simple_escape(kind); c != 0) {
      *to++ = c;
    } else {
      return Unescaped::kMalformed;
    }
  }
  size = static_cast<size_t>(to - out);
  return lone ? Unescaped::kLoneSurrogate : Unescaped::kOk;
}

IntegerText parse_integer(std::string_view text, Integer& out) {
  out = {};
  out.negative = text.starts_with('-');
  if (out.negative) text.remove_prefix(1);
  std::string_view whole = take_digits(text);
  if (whole.empty()) return IntegerText::kMalformed;
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty()) return IntegerText::kMalformed;
  }
  int64_t exponent = 0;
  if (!take_exponent(text, exponent) || !text.empty()) return IntegerText::kMalformed;
  // The value is the digits of both parts times ten to `scale`.
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  int64_t scale = exponent - static_cast<int64_t>(fraction.size());
  if (fraction.empty()) {
    while (scale < 0 && whole.ends_with('0')) {
      whole.remove_suffix(1);
      ++scale;
    }
  }
  const auto is_zero = [](std::string_view digits) { return digits.find_first_not_of('0') == std::string_view::npos; };
  if (is_zero(whole) && is_zero(fraction)) return IntegerText::kOk;
  if (scale < 0) return IntegerText::kFraction;
  for (const std::string_view part : {whole, fraction}) {
    for (const char c : part) {
      if (!append_digit(out.magnitude, c)) return IntegerText::kOutOfRange;
    }
  }
  for (; scale > 0; --scale) {
    if (!append_digit(out.magnitude, '0')) return IntegerText::kOutOfRange;
  }
  return IntegerText::kOk;
}

}  // namespace tercet::wire::otlp
