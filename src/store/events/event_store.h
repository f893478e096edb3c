// The events store: spans from the journal, in memory at once, sealed into parts, found by scan or by trace id.
//
// Threads: apply() comes from the journal's thread; scans from workers; one maintenance task at a time (merge small
// head blocks, seal, compact, retain) on the environment's executor. Readers take a snapshot of pointers and hold no
// lock.
//
// Durability: the manifest names the parts and the journal position they cover in one rename; what lies after that
// position is replayed into the head. A crash at any point loses and doubles nothing.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "contract/admin.h"
#include "contract/event_source.h"
#include "contract/journal_entry.h"
#include "io/env.h"
#include "store/events/config.h"

namespace tercet::store {

class EventStore final : public contract::JournalConsumer, public contract::EventSource, public contract::StoreAdmin {
 public:
  /// Opens (or makes) the store in `folder`: sweeps leftovers, moves damaged parts to quarantine/.
  static Result<std::unique_ptr<EventStore>> open(EventsConfig config, io::Env& env, std::string folder);
  ~EventStore() override;

  /// Starts the periodic maintenance. stop() waits for a running one.
  void start_maintenance();
  void stop_maintenance();
  /// One round of everything that is due. A step that fails does not keep the others from running; the first error is
  /// the answer. Tests call it with a simulated clock.
  Result<> maintain();

  // contract::JournalConsumer
  std::string_view name() const override { return "events"; }
  bool wants(contract::Signal signal) const override { return signal == contract::Signal::kTraces; }
  Result<> apply(const contract::JournalEntry& entry) override;
  contract::Lsn cursor() const override;

  // contract::EventSource
  Result<contract::Completeness> scan(const contract::Context& context, const contract::ScanRequest& request,
                                      const std::function<bool(const contract::ColumnBatch&)>& visit) override;
  Result<contract::FoundTrace> find_trace(const contract::Context& context, model::TraceId id,
                                          contract::TimeRange time) override;
  Result<std::vector<std::string>> field_names(const contract::Context& context, contract::FieldScope scope,
                                               contract::TimeRange time, size_t limit) override;
  Result<std::vector<contract::FieldValue>> field_values(const contract::Context& context, const contract::Field& field,
                                                         contract::TimeRange time, size_t limit) override;

  // contract::StoreAdmin
  contract::StoreStatus status() const override;
  Result<> flush(const contract::Context& context) override;
  Result<uint64_t> remove(const contract::Context& context, const contract::TimeRange& time) override;

 private:
  struct Impl;
  struct Ticker;
  explicit EventStore(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;  // shared with gauges of the registry, which may outlive the store
};

}  // namespace tercet::store
