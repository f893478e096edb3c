// The shell around SegmentLog. Threads: any number of appenders (encode, queue), one committer (commit, consumers,
// Dones), any number of readers. Locks: mutex_ guards the queue and is never held during input, output or a callback;
// work_mutex_ is held while the core writes, never during a callback.
#include "journal/journal.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "base/check.h"
#include "journal/journal_metrics.h"
#include "journal/segment_log.h"

namespace tercet::journal {
namespace {

using contract::JournalEntry;

constexpr std::chrono::milliseconds kRetryAfter{1000};
constexpr size_t kTrimPerGroup = 4;
constexpr int64_t kProgressNs = kSecond;
constexpr int64_t kAgeCheckNs = kMinute;
/// No record may need more than its share of a journal that holds three segments at least.
constexpr uint64_t kMaxShareOfJournal = 3;

Error closed_error() { return unavailable("journal is closed: the server is shutting down"); }

struct Consumer {
  Consumer(contract::JournalConsumer& c, Metrics& metrics) : sink(c), lag(metrics.lag_bytes(c.name())) {}

  contract::JournalConsumer& sink;
  Gauge& lag;
  Lsn replay_from = 0;
  /// Past the last entry that it was given. A consumer whose cursor is there needs nothing, however old the entry is.
  std::atomic<Lsn> delivered{0};
  std::atomic<uint64_t> failed{0};
};

struct Queued {
  EncodedRecord record;
  Done done;
  uint64_t cost = 0;  // against the queue's limit
};

}  // namespace

class Journal::Impl {
 public:
  Impl(const Config& config, const io::Env& env)
      : config_(config), env_(env), metrics_(env.metrics), memory_(env.memory, MemoryClass::kIngest) {}

  Result<> open(std::string dir) {
    log_ = TRY(SegmentLog::open(config_, env_, metrics_, std::move(dir)));
    return {};
  }
  Result<ReplayReport> start(const ReplayProgress& progress, Drive drive);
  void append(const Record& record, Done done);
  bool step();
  void trim();
  Result<ReadReport> read(Lsn from, Lsn to, const ReadFilter& filter,
                          const std::function<bool(const JournalEntry&)>& visit);
  JournalStatus status() const;
  void close();

  void add_consumer(contract::JournalConsumer& sink) {
    CHECK(!started_);
    consumers_.push_back(std::make_unique<Consumer>(sink, metrics_));
  }
  const SegmentLog& log() const { return *log_; }

 private:
  std::optional<Refusal> admit(const Record& record, uint64_t cost);
  std::vector<Queued> take_group_locked();
  void run();
  void commit(std::vector<Queued> group);
  void finish(std::span<Queued> group, std::span<const EncodedRecord> records, const Result<size_t>& committed);
  void give(Consumer& consumer, const JournalEntry& entry);
  void housekeep();
  void release(uint64_t cost);
  Result<ReplayReport> replay(const ReplayProgress& progress);
  KeepFrom keep_from() const;
  Lsn needs(const Consumer& consumer) const;

  const Config config_;
  const io::Env env_;
  Metrics metrics_;
  std::unique_ptr<SegmentLog> log_;
  std::vector<std::unique_ptr<Consumer>> consumers_;
  std::atomic<Lsn> delivered_through_{0};  // every consumer was given what is before
  int64_t age_check_at_ns_ = 0;
  std::thread thread_;

  std::mutex work_mutex_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Queued> queue_;
  uint64_t queue_bytes_ = 0;
  MemoryAccount memory_;
  bool started_ = false;
  bool closed_ = false;
};

// ---- appending ----

std::optional<Refusal> Journal::Impl::admit(const Record& record, uint64_t cost) {
  const uint64_t limit = std::min(kMaxRecordBytes, config_.bytes_max / kMaxShareOfJournal);
  if (cost > limit)
    return Refusal{invalid_argument("batch of " + format_bytes(cost) + " is larger than a journal record may be, " +
                                    format_bytes(limit) + "; send smaller batches"),
                   "too_large"};
  if (record.tenant.size() > kMaxTenantBytes)
    return Refusal{invalid_argument("tenant name is longer than " + std::to_string(kMaxTenantBytes) + " bytes"),
                   "too_large"};
  if (auto refused = log_->refusal()) return refused;
  const std::scoped_lock lock(mutex_);
  if (!started_) return Refusal{failed_precondition("journal is not started"), "closed"};
  if (closed_) return Refusal{closed_error(), "closed"};
  // A record larger than the whole queue goes in when it is alone.
  if (queue_bytes_ > 0 && queue_bytes_ + cost > config_.queue_bytes_max) {
    return Refusal{unavailable("journal queue is full (journal.queue_bytes_max " +
                               format_bytes(config_.queue_bytes_max) + "): the disk is slower than the senders")
                       .with_retry_after(kRetryAfter),
                   "queue_full"};
  }
  if (!memory_.try_grow(cost))
    return Refusal{unavailable("no memory to take more in").with_retry_after(kRetryAfter), "memory"};
  queue_bytes_ += cost;
  metrics_.queue_bytes.set(static_cast<double>(queue_bytes_));
  return std::nullopt;
}

void Journal::Impl::release(uint64_t cost) {
  const std::scoped_lock lock(mutex_);
  memory_.shrink(cost);
  queue_bytes_ -= cost;
  metrics_.queue_bytes.set(static_cast<double>(queue_bytes_));
}

void Journal::Impl::append(const Record& record, Done done) {
  const uint64_t cost = kHeadBytes + record.tenant.size() + (record.payload ? record.payload->size() : 0);
  if (auto refused = admit(record, cost)) {
    metrics_.refused(refused->reason).add();
    done(fail(std::move(refused->error)));
    return;
  }
  const EncodedRecord::Header header{
      .signal = record.signal, .encoding = record.encoding, .appended_at_ns = env_.clock.wall_ns()};
  const int level = record.compressed ? 0 : static_cast<int>(config_.compression_level);
  Queued queued{EncodedRecord::encode(log_->id(), header, std::string(record.tenant), record.payload, level),
                std::move(done), cost};
  {
    const std::scoped_lock lock(mutex_);
    if (!closed_) {
      queue_.push_back(std::move(queued));
      wake_.notify_one();
      return;
    }
  }
  release(cost);
  metrics_.refused("closed").add();
  queued.done(fail(closed_error()));
}

// ---- committing ----

std::vector<Queued> Journal::Impl::take_group_locked() {
  std::vector<Queued> group;
  uint64_t bytes = 0;
  while (!queue_.empty() && (group.empty() || bytes + queue_.front().record.size() <= config_.group_bytes_max)) {
    bytes += queue_.front().record.size();
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

void Journal::Impl::run() {
  while (true) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return !queue_.empty() || closed_; });
    if (queue_.empty()) return;
    auto group = take_group_locked();
    lock.unlock();
    commit(std::move(group));
  }
}

bool Journal::Impl::step() {
  std::unique_lock lock(mutex_);
  CHECK(!thread_.joinable());
  if (queue_.empty()) return false;
  auto group = take_group_locked();
  lock.unlock();
  commit(std::move(group));
  return true;
}

void Journal::Impl::commit(std::vector<Queued> group) {
  std::vector<EncodedRecord> records;
  records.reserve(group.size());
  uint64_t cost = 0;
  for (Queued& queued : group) {
    records.push_back(std::move(queued.record));
    cost += queued.cost;
  }
  for (size_t at = 0; at < group.size();) {
    const auto left = std::span(records).subspan(at);
    const auto committed = [&] {
      const std::scoped_lock work(work_mutex_);
      return log_->commit(left);
    }();
    const size_t count = committed.value_or(left.size());
    finish(std::span(group).subspan(at, count), left.first(count), committed);
    at += count;
  }
  release(cost);
  housekeep();
}

/// Hands what was committed to the consumers and answers the senders; or only the latter, with the error.
void Journal::Impl::finish(std::span<Queued> group, std::span<const EncodedRecord> records,
                           const Result<size_t>& committed) {
  if (!committed) {
    const auto refused = log_->refusal();
    metrics_.refused(refused ? refused->reason : "disk_full").add(group.size());
    for (Queued& queued : group) queued.done(fail(committed.error()));
    return;
  }
  for (const EncodedRecord& record : records) {
    const Frame& frame = record.frame();
    const JournalEntry entry{frame.lsn, frame.next, record.tenant(), frame.signal, frame.encoding, record.payload()};
    for (const auto& consumer : consumers_) {
      if (consumer->sink.wants(frame.signal)) give(*consumer, entry);
    }
    metrics_.records(frame.signal).add();
    metrics_.raw_bytes.add(frame.raw_length);
    metrics_.stored_bytes.add(frame.stored_length);
  }
  delivered_through_ = records.back().frame().next;
  for (size_t i = 0; i < group.size(); ++i) group[i].done(records[i].frame().lsn);
}

void Journal::Impl::give(Consumer& consumer, const JournalEntry& entry) {
  consumer.delivered = entry.next;
  const auto applied = consumer.sink.apply(entry);
  if (applied) return;
  consumer.failed.fetch_add(1);
  metrics_.apply_failures(consumer.sink.name(), code_name(applied.error().code())).add();
  env_.log.error("a consumer refused a journal entry: lost for it",
                 {{"consumer", consumer.sink.name()}, {"lsn", entry.lsn}, {"error", applied.error()}});
}

Lsn Journal::Impl::needs(const Consumer& consumer) const {
  // In this order: what is delivered in between makes the answer smaller than it need be, never larger.
  const Lsn through = delivered_through_.load();
  const Lsn cursor = consumer.sink.cursor();
  return cursor >= consumer.delivered.load() ? std::max(cursor, through) : cursor;
}

KeepFrom Journal::Impl::keep_from() const {
  KeepFrom keep{.lsn = delivered_through_.load()};
  if (consumers_.empty()) return {};
  for (const auto& consumer : consumers_) {
    const Lsn needed = needs(*consumer);
    if (needed > keep.lsn && !keep.holder.empty()) continue;
    keep = {std::min(needed, keep.lsn), std::string(consumer->sink.name())};
  }
  return keep;
}

void Journal::Impl::trim() {
  const std::scoped_lock work(work_mutex_);
  log_->trim(keep_from().lsn, SIZE_MAX);
}

void Journal::Impl::housekeep() {
  {
    const std::scoped_lock work(work_mutex_);
    log_->trim(keep_from().lsn, kTrimPerGroup);
    log_->prepare_spare();
  }
  const Lsn durable = log_->durable();
  for (const auto& consumer : consumers_)
    consumer->lag.set(static_cast<double>(durable - std::min(durable, needs(*consumer))));
  if (env_.clock.mono_ns() < age_check_at_ns_) return;
  age_check_at_ns_ = env_.clock.mono_ns() + kAgeCheckNs;
  const int64_t oldest = log_->oldest_appended_at_ns();
  if (oldest == 0 || env_.clock.wall_ns() - oldest < config_.age_max_ns) return;
  const KeepFrom keep = keep_from();
  if (keep.holder.empty() || keep.lsn >= durable) return;
  env_.log.warn("a consumer needs journal records older than journal.age_max",
                {{"consumer", keep.holder}, {"cursor", keep.lsn}, {"oldest", format_rfc3339(oldest)}});
}

// ---- starting and reading ----

Result<ReplayReport> Journal::Impl::start(const ReplayProgress& progress, Drive drive) {
  CHECK(!started_ && !closed_);
  for (const auto& consumer : consumers_) {
    consumer->replay_from = consumer->sink.cursor();
    consumer->delivered = consumer->replay_from;
    TRY(log_->skip_to(consumer->replay_from));
  }
  auto report = TRY_CTX(replay(progress), "replay journal");
  delivered_through_ = log_->end();
  log_->set_keep_from([this] { return keep_from(); });
  housekeep();
  {
    const std::scoped_lock lock(mutex_);
    started_ = true;
  }
  if (drive == Drive::kThread) thread_ = std::thread([this] { run(); });
  return report;
}

Result<ReplayReport> Journal::Impl::replay(const ReplayProgress& progress) {
  ReplayReport report{.from = log_->end(), .to = log_->end()};
  for (const auto& consumer : consumers_) report.from = std::min(report.from, consumer->replay_from);
  report.from = std::max(report.from, log_->begin());
  const int64_t started = env_.clock.mono_ns();
  int64_t show_at = started + kProgressNs;
  MemoryAccount memory(env_.memory, MemoryClass::kReplay);
  const auto takes = [](const Consumer& consumer, const Frame& frame) {
    return frame.lsn >= consumer.replay_from && consumer.sink.wants(frame.signal);
  };
  SegmentLog::Visitor visitor;
  visitor.wanted = [&](const Frame& frame, std::string_view) {
    const bool wanted = std::ranges::any_of(consumers_, [&](const auto& consumer) { return takes(*consumer, frame); });
    report.skipped += !wanted;
    return wanted;
  };
  visitor.visit = [&](const Frame& frame, std::string_view tenant, std::string_view stored) {
    // One record; refused or not it must be read, or the server never starts.
    (void)memory.try_grow(frame.raw_length);
    auto payload = decode_payload(frame, stored);
    if (!payload) {
      log_->note_damage(frame.lsn, frame.next, payload.error().message());
      report.damaged_bytes += frame.next - frame.lsn;
      return true;
    }
    const JournalEntry entry{frame.lsn,    frame.next,     tenant,
                             frame.signal, frame.encoding, std::make_shared<const std::string>(*std::move(payload))};
    for (const auto& consumer : consumers_) {
      if (!takes(*consumer, frame)) continue;
      const uint64_t failed = consumer->failed;
      give(*consumer, entry);
      report.failed += consumer->failed - failed;
    }
    ++report.records;
    report.bytes += frame.raw_length;
    memory.shrink_to(0);
    if (const int64_t now = env_.clock.mono_ns(); now >= show_at) {
      show_at = now + kProgressNs;
      env_.log.info("journal replays", {{"at", frame.next}, {"to", report.to}, {"records", report.records}});
      if (progress) progress(frame.next, report.to);
    }
    return true;
  };
  const auto read = TRY(log_->read(report.from, report.to, visitor));
  report.damaged_bytes += read.damaged_bytes;
  report.duration_ns = env_.clock.mono_ns() - started;
  env_.log.info("journal replayed", {{"from", report.from},
                                     {"to", report.to},
                                     {"records", report.records},
                                     {"skipped", report.skipped},
                                     {"damaged_bytes", report.damaged_bytes}});
  return report;
}

Result<ReadReport> Journal::Impl::read(Lsn from, Lsn to, const ReadFilter& filter,
                                       const std::function<bool(const JournalEntry&)>& visit) {
  uint64_t undecodable = 0;
  const SegmentLog::Visitor visitor{
      .wanted =
          [&](const Frame& frame, std::string_view tenant) {
            return (!filter.signal || *filter.signal == frame.signal) && (!filter.tenant || *filter.tenant == tenant);
          },
      .visit =
          [&](const Frame& frame, std::string_view tenant, std::string_view stored) {
            auto payload = decode_payload(frame, stored);
            if (!payload) {
              log_->note_damage(frame.lsn, frame.next, payload.error().message());
              undecodable += frame.next - frame.lsn;
              return true;
            }
            return visit(JournalEntry{frame.lsn, frame.next, tenant, frame.signal, frame.encoding,
                                      std::make_shared<const std::string>(*std::move(payload))});
          }};
  auto report = TRY(log_->read(from, to, visitor));
  report.damaged_bytes += undecodable;
  return report;
}

JournalStatus Journal::Impl::status() const {
  JournalStatus status;
  log_->fill_status(status);
  for (const auto& consumer : consumers_) {
    const Lsn needed = needs(*consumer);
    status.consumers.push_back({std::string(consumer->sink.name()), consumer->sink.cursor(),
                                status.durable - std::min(status.durable, needed), consumer->failed});
  }
  const std::scoped_lock lock(mutex_);
  status.queue_bytes = queue_bytes_;
  return status;
}

void Journal::Impl::close() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(closed_, true)) return;
  }
  wake_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  } else {
    while (step()) {
    }
  }
  const std::scoped_lock work(work_mutex_);
  log_->mark();
}

// ---- the public face ----

Journal::Journal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Journal::~Journal() { close(); }

Result<std::unique_ptr<Journal>> Journal::open(const Config& config, const io::Env& env, std::string dir) {
  auto impl = std::make_unique<Impl>(config, env);
  TRY(impl->open(std::move(dir)));
  return std::unique_ptr<Journal>(new Journal(std::move(impl)));
}

void Journal::add_consumer(contract::JournalConsumer& consumer) { impl_->add_consumer(consumer); }
Result<ReplayReport> Journal::start(const ReplayProgress& progress, Drive drive) {
  return impl_->start(progress, drive);
}
void Journal::append(const Record& record, Done done) { impl_->append(record, std::move(done)); }
bool Journal::step() { return impl_->step(); }
void Journal::trim() { impl_->trim(); }
Result<ReadReport> Journal::read(Lsn from, Lsn to, const ReadFilter& filter,
                                 const std::function<bool(const JournalEntry&)>& visit) {
  return impl_->read(from, to, filter, visit);
}
Lsn Journal::begin() const { return impl_->log().begin(); }
Lsn Journal::durable() const { return impl_->log().durable(); }
Lsn Journal::end() const { return impl_->log().end(); }
JournalStatus Journal::status() const { return impl_->status(); }
void Journal::close() { impl_->close(); }

}  // namespace tercet::journal
