// Metrics on their way in, in the two shapes of model/metrics.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "contract/context.h"
#include "contract/event_sink.h"
#include "model/metrics/otel_metrics.h"
#include "model/metrics/series_batch.h"

namespace tercet::contract {

class OtelMetricsSink {
 public:
  virtual ~OtelMetricsSink() = default;
  virtual void consume(const Context& context, model::OtelMetricsBatch&& batch, Done done) = 0;
};

class SeriesSink {
 public:
  virtual ~SeriesSink() = default;
  virtual void consume(const Context& context, model::SeriesBatch&& batch, Done done) = 0;
  /// References for series that the sink knows, kNoSeries for others: a scrape loop keeps them and skips label bytes
  /// from then on. References die when generation() changes.
  virtual void lookup(const Context& context, std::span<const model::SeriesEntry> entries,
                      std::vector<model::SeriesRef>& out) = 0;
  virtual uint64_t generation() const = 0;
};

}  // namespace tercet::contract
