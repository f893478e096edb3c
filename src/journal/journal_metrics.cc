#include "journal/journal_metrics.h"

#include <string>

namespace tercet::journal {
namespace {

constexpr std::string_view kSignalNames[] = {"unknown", "traces", "logs", "series", "otel_metrics", "control"};
/// From a fast SSD's write cache to a disk that stalls.
const std::vector<double> kSyncBounds = {0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02,
                                         0.05,   0.1,    0.2,    0.5,   1,     2,     5,    10};

}  // namespace

Metrics::Metrics(MetricRegistry& r)
    : registry(r),
      raw_bytes(r.counter("tercet_journal_raw_bytes_total", "Payload bytes acknowledged, before compression.")),
      stored_bytes(r.counter("tercet_journal_stored_bytes_total", "Payload bytes acknowledged, as stored.")),
      groups(r.counter("tercet_journal_groups_total", "Groups committed: one write and one sync each.")),
      sync_seconds(r.histogram("tercet_journal_sync_seconds", "Time of a group's sync.", kSyncBounds)),
      queue_bytes(r.gauge("tercet_journal_queue_bytes", "Payload bytes that wait for their sync.")),
      segments(r.gauge("tercet_journal_segments", "Segment files in use.")),
      disk_bytes(r.gauge("tercet_journal_disk_bytes", "Size of all segment files, spares included.")),
      state(r.gauge("tercet_journal_state", "0 running, 1 disk full, 2 stopped until the server restarts.")),
      damaged_bytes(r.counter("tercet_journal_damaged_bytes_total",
                              "Bytes found damaged in the middle of the journal: lost, what follows is kept.")),
      torn_bytes(r.counter("tercet_journal_torn_bytes_total",
                           "Bytes of unfinished groups cut at recovery: never acknowledged.")) {
  for (size_t i = 0; i < kSignals; ++i) {
    records_[i] = &registry.counter("tercet_journal_records_total", "Records acknowledged.",
                                    {{"signal", std::string(kSignalNames[i])}});
  }
}

Counter& Metrics::records(contract::Signal signal) {
  const auto number = static_cast<size_t>(signal);
  return *records_[number < kSignals ? number : 0];
}

Counter& Metrics::refused(std::string_view reason) {
  return registry.counter("tercet_journal_refused_total", "Appends refused.", {{"reason", std::string(reason)}});
}

Counter& Metrics::apply_failures(std::string_view consumer, std::string_view code) {
  return registry.counter("tercet_journal_apply_failures_total", "Entries that a consumer refused: lost for it.",
                          {{"consumer", std::string(consumer)}, {"code", std::string(code)}});
}

Gauge& Metrics::lag_bytes(std::string_view consumer) {
  return registry.gauge("tercet_journal_lag_bytes", "Bytes of the journal that the consumer still needs.",
                        {{"consumer", std::string(consumer)}});
}

}  // namespace tercet::journal
