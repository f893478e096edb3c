// Metrics in OTLP's shape (opentelemetry-proto 1.9 metrics.proto), flat: what OTel processors work on and what
// `translate` turns into a SeriesBatch at the sink's door.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/events/batch.h"
#include "model/events/ids.h"

namespace tercet::model {

enum class Temporality : uint8_t { kUnspecified = 0, kDelta = 1, kCumulative = 2 };
enum class OtelMetricKind : uint8_t { kGauge, kSum, kHistogram, kExponentialHistogram, kSummary };

struct OtelMetric {
  uint32_t scope = 0;
  std::string_view name;
  std::string_view description;
  std::string_view unit;
  OtelMetricKind kind = OtelMetricKind::kGauge;
  Temporality temporality = Temporality::kUnspecified;
  bool is_monotonic = false;
  Range points;
};

/// One point of any kind; what a kind does not have stays at its default.
struct OtelPoint {
  uint64_t start_ns = 0;
  uint64_t time_ns = 0;
  uint32_t flags = 0;  // bit 0: no recorded value
  Range attributes;
  bool is_int = false;
  int64_t int_value = 0;
  double value = 0;
  uint64_t count = 0;
  double sum = 0;
  double min = 0;
  double max = 0;
  bool has_sum = false;
  bool has_min = false;
  bool has_max = false;
  Range bucket_counts;    // in `counts`
  Range explicit_bounds;  // in `bounds`; summaries: quantiles, with values in the same run of `quantile_values`
  int32_t scale = 0;
  uint64_t zero_count = 0;
  double zero_threshold = 0;
  int32_t positive_offset = 0;
  int32_t negative_offset = 0;
  Range negative_counts;  // in `counts`; bucket_counts holds the positive ones
  Range exemplars;
};

struct OtelExemplar {
  uint64_t time_ns = 0;
  bool is_int = false;
  int64_t int_value = 0;
  double value = 0;
  TraceId trace_id;
  SpanId span_id;
  Range attributes;
};

struct OtelMetricsBatch : EventBatch {
  std::vector<OtelMetric> metrics;
  std::vector<OtelPoint> points;
  std::vector<uint64_t> counts;
  std::vector<double> bounds;
  std::vector<double> quantile_values;
  std::vector<OtelExemplar> exemplars;
};

}  // namespace tercet::model
