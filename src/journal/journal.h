// The write-ahead spine: every batch is one record here before anything else has it (docs/formats/journal.md,
// ADR-0002).
//
// append() compresses on the calling thread and queues. One committing thread takes what queued up while the last sync
// ran, writes it with one write and one fdatasync, hands the entries to the consumers in Lsn order, then calls each
// record's Done. There is no timer. Promises:
//   - Done with a value: the record survives kill -9 and power loss, and every consumer that wants its signal has it.
//   - Done with an error: the sender was told to come again; after a crash the record may be there all the same.
//   - After a failed write or sync nothing is ever written again: the kernel may have dropped the dirty pages, and a
//     second sync would lie. A full disk is different: it strikes where segments are made, and appends resume by
//     themselves once there is room.
// Limits: queue_bytes_max, group_bytes_max, bytes_max, kMaxRecordBytes raw, kMaxTenantBytes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contract/journal_entry.h"
#include "io/env.h"
#include "journal/config.h"

namespace tercet::journal {

using contract::Lsn;

struct Record {
  std::string_view tenant;
  contract::Signal signal = contract::Signal::kTraces;
  uint8_t encoding = 0;
  std::shared_ptr<const std::string> payload;
  /// The payload's encoding compresses already: do not try again.
  bool compressed = false;
};

/// Gets the record's Lsn. Called exactly once: on the committing thread, or inside append() when the record is refused.
/// Must not block and must not call append() or close() of the same journal with a lock that another Done may want.
using Done = std::move_only_function<void(Result<Lsn>)>;

enum class State : uint8_t {
  kRunning,
  kDiskFull,  // no segment could be made (`reason` says why); retried about once a second when appends come
  kStopped,   // a write or sync failed: for ever, until the server restarts
};

struct ConsumerStatus {
  std::string name;
  Lsn cursor = 0;
  uint64_t lag_bytes = 0;       // from cursor to end
  uint64_t failed_entries = 0;  // apply() said no: lost by this consumer
};

struct JournalStatus {
  State state = State::kRunning;
  std::string reason;  // empty while running
  uint64_t bytes = 0;  // of all segment files, spares included
  uint64_t segments = 0;
  uint64_t spare_segments = 0;
  uint64_t queue_bytes = 0;
  Lsn begin = 0;
  Lsn durable = 0;
  Lsn end = 0;
  uint64_t torn_bytes = 0;       // cut at recovery: never acknowledged
  uint64_t damaged_regions = 0;  // found damaged in the middle since this process opened the journal
  uint64_t damaged_bytes = 0;
  std::vector<ConsumerStatus> consumers;
};

struct ReplayReport {
  Lsn from = 0;
  Lsn to = 0;
  uint64_t records = 0;        // delivered to at least one consumer
  uint64_t skipped = 0;        // no consumer wanted them
  uint64_t bytes = 0;          // raw payload delivered
  uint64_t damaged_bytes = 0;  // met on the way: lost, counted, logged
  uint64_t failed = 0;         // apply() errors
  int64_t duration_ns = 0;
};

/// Called at most about once a second while start() replays.
using ReplayProgress = std::function<void(Lsn at, Lsn to)>;

struct ReadFilter {
  std::optional<contract::Signal> signal;
  std::optional<std::string> tenant;
};

struct ReadReport {
  Lsn next = 0;  // where to go on
  uint64_t records = 0;
  uint64_t damaged_bytes = 0;
};

class Journal {
 public:
  /// Thread: start() makes a committing thread. Manual: the owner calls step(); for simulations and tools.
  enum class Drive : uint8_t { kThread, kManual };

  /// Opens or makes the journal in `dir`, takes its lock and recovers: cuts a torn tail, keeps everything else.
  static Result<std::unique_ptr<Journal>> open(const Config& config, const io::Env& env, std::string dir);
  /// Closes.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Before start(). The consumer must outlive close(); its cursor() may be called from any thread.
  void add_consumer(contract::JournalConsumer& consumer);
  /// Gives every consumer the entries at or after its cursor(), one record in memory at a time, then accepts appends.
  Result<ReplayReport> start(const ReplayProgress& progress = {}, Drive drive = Drive::kThread);

  /// Thread-safe. Errors that Done may get: kInvalidArgument (too large), kUnavailable with retry_after (queue or
  /// memory full, disk full, a consumer holds back bytes_max), kUnavailable without (stopped, closed).
  void append(const Record& record, Done done);
  /// Drive::kManual: commits one group; false when nothing was queued.
  bool step();
  /// Recycles segments that every consumer has behind it. Also done before each new segment and after groups.
  void trim();

  /// Records at or after `from` and before min(`to`, durable()), in order, until `visit` says false. `from` is begin()
  /// or some entry's lsn or next. kOutOfRange: `from` is before begin(). Thread-safe; what is being read is not
  /// recycled.
  Result<ReadReport> read(Lsn from, Lsn to, const ReadFilter& filter,
                          const std::function<bool(const contract::JournalEntry&)>& visit);

  Lsn begin() const;
  Lsn durable() const;
  Lsn end() const;
  JournalStatus status() const;

  /// Refuses further appends, commits what is queued, syncs, joins. Idempotent.
  void close();

 private:
  class Impl;
  explicit Journal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tercet::journal
