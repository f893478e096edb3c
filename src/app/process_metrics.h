// What Prometheus' clients report of their process: CPU, memory, descriptors, start time.
#pragma once

#include "base/clock.h"
#include "base/memory.h"
#include "base/metrics.h"

namespace tercet::app {

/// Registers process_* and tercet_memory_* callbacks. `accountant` outlives the registry.
void register_process_metrics(MetricRegistry& registry, Clock& clock, const MemoryAccountant& accountant);

}  // namespace tercet::app
