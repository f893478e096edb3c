// Cells of chosen rows of one block, copied out so that the block can be let go.
#pragma once

#include <span>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "contract/event_scan.h"
#include "model/events/value.h"
#include "wire/events/span_block.h"

namespace tercet::store {

/// The values of `field` in `rows` (ascending or not), kEmpty where a row lacks it. Text goes to `arena`.
/// Starts and ends beyond 63 bits (a broken clock) keep their bits: cast to uint64_t.
Result<std::vector<model::Value>> read_cells(wire::SpanBlock& block, const contract::Field& field,
                                             std::span<const uint32_t> rows, Arena& arena);

}  // namespace tercet::store
