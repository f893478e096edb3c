// The scalars of JSON as OTLP means them: strings with escapes, and integers that no double has touched.
#pragma once

#include <cstdint>
#include <string_view>

namespace tercet::wire::otlp {

enum class Unescaped : uint8_t { kOk, kLoneSurrogate, kMalformed };

/// Undoes the escapes of a string's content (no quotes around it). `out` has room for text.size() bytes; `size` is what
/// was written. A surrogate without its pair becomes U+FFFD.
Unescaped unescape(std::string_view text, char* out, size_t& size);

enum class IntegerText : uint8_t { kOk, kMalformed, kFraction, kOutOfRange };

struct Integer {
  bool negative = false;
  uint64_t magnitude = 0;
};

/// A JSON number whose value is an integer of 64 bits: "12", "-0", "1e3", "12.50e1". Exact. Leading zeros are taken, as
/// they may stand in strings.
IntegerText parse_integer(std::string_view text, Integer& out);

}  // namespace tercet::wire::otlp
