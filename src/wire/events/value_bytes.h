// Arrays and maps as bytes ("value bytes" in docs/formats/event-block.md).
#pragma once

#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "model/events/value.h"

namespace tercet::wire {

/// Arrays and maps nested deeper than a reader takes are written as their text (model::to_text), so that whatever was
/// accepted can be read back.
void append_value_bytes(std::string& out, const model::Value& value);
/// Containers go to `arena`; strings borrow from `in`. Nesting is bounded by kMaxValueDepth.
Result<model::Value> parse_value_bytes(std::string_view in, Arena& arena);

}  // namespace tercet::wire
