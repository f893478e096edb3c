// Span batches as SDKs send them; README.md says what is in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/events/span_batch.h"

namespace tercet::bench {

/// `requests` batches of 512 spans.
std::vector<model::SpanBatch> sdk_batches(size_t requests, uint64_t seed);

}  // namespace tercet::bench
