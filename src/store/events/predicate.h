// Predicates over one span block: which rows match. Evaluated on distinct values first, then spread over the rows.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "contract/event_scan.h"
#include "wire/events/span_block.h"

namespace tercet::store {

/// One byte a row, 1 = matches.
using RowMask = std::vector<uint8_t>;

/// Rows that overlap `time` (a span counts from its start to its end) and match `where`.
Result<RowMask> match_rows(wire::SpanBlock& block, const contract::TimeRange& time, const contract::Predicate& where);

}  // namespace tercet::store
