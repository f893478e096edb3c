// simdjson's reading of a text into a JsonValue: the way of everything ordinary. It explains nothing; what it refuses
// goes through the plain reader, which alone decides and words the error.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "text/json/json_value.h"

namespace tercet::text {

enum class FastRefusal : uint8_t {
  kMalformed,  // the plain reader refuses it as well
  kBeyond,     // a number or a string that simdjson does not take; the plain reader may
  kOurs,       // JSON, but past the depth limit or with a key twice: the plain reader refuses it
};

std::expected<JsonValue, FastRefusal> parse_json_fast(std::string_view text, const JsonLimits& limits);

}  // namespace tercet::text
