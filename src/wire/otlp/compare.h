// Deep comparison of batches by what they say, whatever the order of their columns: for round-trip tests, fuzzers and
// the corpus runners. Slow.
#pragma once

#include <cstddef>
#include <string>

#include "model/events/span_batch.h"

namespace tercet::wire::otlp {

/// Everything that belongs to row `row`, resource and scope included, as one line of text.
std::string describe_span(const model::SpanBatch& batch, size_t row);

/// Empty when both batches hold the same spans (each as often), else what differs. All NaNs are equal.
std::string first_difference(const model::SpanBatch& a, const model::SpanBatch& b);

}  // namespace tercet::wire::otlp
