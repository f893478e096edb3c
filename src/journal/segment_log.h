// The synchronous core of the journal: segments on a file system, without threads or queues of its own, so that the
// power-loss rig can drive it step by step. Journal (journal.h) is the shell: queue, committing thread, consumers.
//
// One caller at a time for open, commit(), trim() and mark() (the shell's work mutex); read() and the getters from any
// thread at the same time. Limits and formats: docs/formats/journal.md.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/env.h"
#include "journal/config.h"
#include "journal/journal.h"
#include "journal/journal_metrics.h"
#include "journal/record.h"
#include "journal/segment_reader.h"

namespace tercet::journal {

/// What the consumers still need: everything at or after `lsn`; `holder` names the one that needs it.
struct KeepFrom {
  Lsn lsn = 0;
  std::string holder;  // empty = nobody, the oldest goes when bytes_max is reached
};

/// Why appends are refused, and the label that counts it.
struct Refusal {
  Error error;
  std::string_view reason;
};

class SegmentLog {
 public:
  static Result<std::unique_ptr<SegmentLog>> open(const Config& config, const io::Env& env, Metrics& metrics,
                                                  std::string dir);

  /// Asked before a segment is made.
  void set_keep_from(std::function<KeepFrom()> keep_from) { keep_from_ = std::move(keep_from); }
  /// The stream goes on at `lsn` when that is past its end.
  Result<> skip_to(Lsn lsn);

  /// Writes and syncs the longest prefix of `group` (not empty) that one segment takes; returns its length. An error
  /// means that none of it counts; state() tells whether there is any point in trying again.
  Result<size_t> commit(std::span<EncodedRecord> group);
  /// Says in the file that all is synced. Best effort: only makes later damage easier to tell from a torn tail.
  void mark();
  /// Recycles or removes at most `max_segments` of the oldest that end at or before `keep`.
  void trim(Lsn keep, size_t max_segments);
  /// Makes the next segment ready while there is time for it.
  void prepare_spare();

  /// False from `wanted` skips a record by its head (and tenant); `visit` gets tenant and stored bytes, false ends.
  struct Visitor {
    std::function<bool(const Frame& frame, std::string_view tenant)> wanted;
    std::function<bool(const Frame& frame, std::string_view tenant, std::string_view stored)> visit;
  };
  Result<ReadReport> read(Lsn from, Lsn to, const Visitor& visitor);
  /// Counts and logs the region unless that was done before. Thread-safe.
  void note_damage(Lsn from, Lsn to, std::string_view what);

  uint64_t id() const { return id_; }
  Lsn begin() const;
  Lsn durable() const { return durable_.load(); }
  Lsn end() const { return end_.load(); }
  State state() const { return state_.load(); }
  /// What appends get now without trying: stopped for ever, or refused until the next try is due.
  std::optional<Refusal> refusal() const;
  /// state, reason, bytes, segments, lsns, damage.
  void fill_status(JournalStatus& status) const;
  /// Wall time of the oldest record's append; 0 when there is none.
  int64_t oldest_appended_at_ns();

 private:
  struct Segment {
    Lsn first = 0;
    Lsn end = 0;  // where the next one begins; of the last: where the next record goes
    uint64_t file_bytes = 0;
    std::string name;
  };
  struct Spare {
    uint64_t file_bytes = 0;
    std::string name;
  };
  struct Run;  // of sound records, one after the other
  class Pin;

  SegmentLog(const Config& config, const io::Env& env, Metrics& metrics, std::string dir);

  // recovery.cc
  Result<> recover();
  Result<> load_identity(bool have_segments);
  Result<> adopt_spare(const io::DirEntry& entry);
  Result<> check_header(const std::string& name);
  Result<> recover_last();
  std::vector<Run> scan(SegmentReader& reader) const;
  void give_up_tail(Lsn segment_end, std::span<const Run> runs);
  Result<> settle_tail(io::File& file, const Segment& segment, Lsn synced_through, std::span<const Run> leftovers);

  // segment_log.cc
  Result<> write_and_sync(std::span<EncodedRecord> records);
  Result<> read_segment(const Segment& segment, Lsn from, Lsn to, const Visitor& visitor, ReadReport& report,
                        bool& go_on);
  Error stop(const Error& why);
  Error refuse(const Error& why, std::string_view reason);

  // segment_files.cc
  Result<> rotate(uint64_t record_bytes);
  Result<Spare> make_spare(uint64_t file_bytes);
  Result<std::unique_ptr<io::File>> take_spare(uint64_t file_bytes, Segment& segment);
  Result<> make_room(uint64_t file_bytes, const KeepFrom& keep);
  Result<> check_room(uint64_t file_bytes) const;
  bool drop_oldest(Lsn keep);
  uint64_t total_bytes() const;
  void show_sizes();
  std::string path(std::string_view name) const { return io::join(dir_, name); }

  const Config config_;
  io::Env env_;
  Metrics& metrics_;
  const std::string dir_;
  std::unique_ptr<io::FileLock> lock_;
  uint64_t id_ = 0;
  std::function<KeepFrom()> keep_from_;

  std::unique_ptr<io::File> active_;  // the last segment; null until the first record
  uint64_t next_spare_ = 1;
  Lsn marked_ = 0;  // what a mark says already
  int64_t prepare_at_ns_ = 0;

  std::atomic<Lsn> durable_{kFirstLsn};
  std::atomic<Lsn> end_{kFirstLsn};
  std::atomic<State> state_{State::kRunning};

  mutable std::mutex mutex_;  // guards what follows; never held during input or output
  std::vector<Segment> segments_;
  std::vector<Spare> spares_;
  std::multiset<Lsn> pins_;  // readers need everything from here
  std::map<Lsn, Lsn> damage_;
  uint64_t damaged_bytes_ = 0;
  uint64_t torn_bytes_ = 0;
  std::string reason_;  // for people
  std::string_view refused_for_;
  int64_t retry_at_ns_ = 0;
};

}  // namespace tercet::journal
