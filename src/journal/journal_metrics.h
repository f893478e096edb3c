// The journal's own metrics, made once; a handle costs an atomic add.
#pragma once

#include <array>

#include "base/metrics.h"
#include "contract/signal.h"

namespace tercet::journal {

struct Metrics {
  explicit Metrics(MetricRegistry& registry);

  Counter& records(contract::Signal signal);
  Counter& refused(std::string_view reason);
  Counter& apply_failures(std::string_view consumer, std::string_view code);
  Gauge& lag_bytes(std::string_view consumer);

  MetricRegistry& registry;
  Counter& raw_bytes;
  Counter& stored_bytes;
  Counter& groups;
  Histogram& sync_seconds;
  Gauge& queue_bytes;
  Gauge& segments;
  Gauge& disk_bytes;
  Gauge& state;
  Counter& damaged_bytes;
  Counter& torn_bytes;

 private:
  static constexpr size_t kSignals = 6;  // 0 = one this version does not know
  std::array<Counter*, kSignals> records_{};
};

}  // namespace tercet::journal
