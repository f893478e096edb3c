// Samples on their way to the metrics store: columns of (series entry, time, value). An entry is either a reference
// that the sink gave for a series it knows, or the canonical label bytes of a series that it may not know yet.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"

namespace tercet::model {

/// Opaque; 0 = none. Valid until the sink says otherwise by its generation.
enum class SeriesRef : uint64_t {};
constexpr SeriesRef kNoSeries{0};

struct SeriesEntry {
  SeriesRef ref = kNoSeries;
  std::string_view labels;  // canonical bytes (model/labels); empty when ref is set
  uint64_t hash_hi = 0;     // 128-bit hash of the canonical bytes
  uint64_t hash_lo = 0;
};

enum class MetricKind : uint8_t { kUnknown, kCounter, kGauge, kHistogram, kGaugeHistogram, kSummary, kInfo, kStateSet };

struct MetricMetadata {
  std::string_view family;
  std::string_view help;
  std::string_view unit;
  MetricKind kind = MetricKind::kUnknown;
};

/// A native histogram's spans and buckets, integer or float, exponential or with custom bounds (schema -53).
struct NativeHistogram {
  struct Span {
    int32_t offset = 0;
    uint32_t length = 0;
  };
  enum class Reset : uint8_t { kUnknown, kYes, kNo, kGauge };
  int8_t schema = 0;
  Reset reset = Reset::kUnknown;
  double zero_threshold = 0;
  double zero_count = 0;
  double count = 0;
  double sum = 0;
  std::vector<Span> positive_spans;
  std::vector<Span> negative_spans;
  std::vector<double> positive_counts;  // absolute
  std::vector<double> negative_counts;
  std::vector<double> custom_bounds;
};

struct Exemplar {
  uint32_t entry = 0;
  int64_t time_ms = 0;
  double value = 0;
  std::string_view labels;  // canonical bytes
};

/// Rows of one kind a batch: floats and histograms in columns of their own. Strings borrow from the arena and buffers.
struct SeriesBatch {
  std::vector<SeriesEntry> entries;

  std::vector<uint32_t> sample_entry;  // index into entries
  std::vector<int64_t> sample_time_ms;
  std::vector<double> sample_value;  // a staleness marker is the NaN 0x7ff0000000000002

  std::vector<uint32_t> histogram_entry;
  std::vector<int64_t> histogram_time_ms;
  std::vector<NativeHistogram> histograms;

  std::vector<int64_t> start_time_ms;  // parallel to sample_*; empty when no row has one
  std::vector<Exemplar> exemplars;
  std::vector<MetricMetadata> metadata;

  Arena arena;
  std::vector<std::unique_ptr<const std::string>> buffers;
};

}  // namespace tercet::model
