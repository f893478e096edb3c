// Traces of an imaginary platform of LLM agents, with the platform's standard names: tasks that are routed to a model,
// answered by an adapter, priced and stored. Deterministic for a seed.
#pragma once

#include <cstdint>

#include "base/random.h"
#include "model/events/span_batch.h"

namespace tercet::example {

/// Appends one task's trace, ending at about `now_ns`: some tasks fail over to a second model, some fail, few are slow.
void append_task(Random& random, int64_t now_ns, model::SpanBatch& out);

}  // namespace tercet::example
