// The plain JSON reader: one pass, byte by byte, exact about where and why a text is refused. parse_json() comes here
// only for what simdjson refuses or does not represent (integers beyond 64 bits, lone surrogates, errors); the fuzzer
// holds the two against each other.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "text/json/json_value.h"

namespace tercet::text {

Result<JsonValue> parse_json_plain(std::string_view text, const JsonLimits& limits);

/// Indices of the two members of one name of which the second comes first in the text; nothing when all names differ.
std::optional<std::pair<size_t, size_t>> find_duplicate(std::span<const JsonMember> members);

}  // namespace tercet::text
