// The three signals, as journal records, parts and metrics name them.
#pragma once

#include <cstdint>

namespace tercet::contract {

/// The numbers stand in formats: never renumber.
enum class Signal : uint8_t { kTraces = 1, kLogs = 2, kSeries = 3, kOtelMetrics = 4, kControl = 5 };

}  // namespace tercet::contract
