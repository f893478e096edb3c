#include "journal/segment_log.h"

#include <algorithm>

#include "base/check.h"

namespace tercet::journal {
namespace {

constexpr int64_t kRetryNs = kSecond;
constexpr std::chrono::milliseconds kRetryAfter{1000};

}  // namespace

/// While it lives, nothing at or after its position is recycled.
class SegmentLog::Pin {
 public:
  Pin(SegmentLog& log, Lsn lsn) : log_(log), lsn_(lsn) {
    const std::scoped_lock lock(log_.mutex_);
    log_.pins_.insert(lsn_);
  }
  ~Pin() {
    const std::scoped_lock lock(log_.mutex_);
    log_.pins_.erase(log_.pins_.find(lsn_));
  }
  void move_to(Lsn lsn) {
    const std::scoped_lock lock(log_.mutex_);
    log_.pins_.erase(log_.pins_.find(lsn_));
    log_.pins_.insert(lsn_ = lsn);
  }

 private:
  SegmentLog& log_;
  Lsn lsn_;
};

SegmentLog::SegmentLog(const Config& config, const io::Env& env, Metrics& metrics, std::string dir)
    : config_(config), env_(env), metrics_(metrics), dir_(std::move(dir)) {}

Result<std::unique_ptr<SegmentLog>> SegmentLog::open(const Config& config, const io::Env& env, Metrics& metrics,
                                                     std::string dir) {
  TRY(config.validate());
  std::unique_ptr<SegmentLog> log(new SegmentLog(config, env, metrics, std::move(dir)));
  TRY_CTX(log->recover(), "open journal " + env.files.display_path(log->dir_));
  return log;
}

// ---- writing ----

Result<size_t> SegmentLog::commit(std::span<EncodedRecord> group) {
  CHECK(!group.empty());
  if (auto refused = refusal()) return fail(std::move(refused->error));
  const auto room = [&]() -> uint64_t {
    if (!active_) return 0;
    const std::scoped_lock lock(mutex_);
    const Segment& last = segments_.back();
    const uint64_t used = kSegmentHeaderBytes + (last.end - last.first);
    return used < last.file_bytes ? last.file_bytes - used : 0;
  };
  if (room() < group.front().size()) TRY(rotate(group.front().size()));
  uint64_t left = room();
  const Lsn synced_through = durable();
  Lsn at = end();
  size_t count = 0;
  while (count < group.size() && group[count].size() <= left) {
    EncodedRecord& record = group[count++];
    record.place(id_, at, synced_through);
    at += record.size();
    left -= record.size();
  }
  CHECK(count > 0);
  TRY(write_and_sync(group.first(count)));
  return count;
}

Result<> SegmentLog::write_and_sync(std::span<EncodedRecord> records) {
  Lsn first;
  {
    const std::scoped_lock lock(mutex_);
    first = segments_.back().first;
  }
  std::vector<std::string_view> pieces;
  pieces.reserve(records.size() * 4);
  for (const EncodedRecord& record : records) std::ranges::copy(record.pieces(), std::back_inserter(pieces));
  const uint64_t offset = kSegmentHeaderBytes + (records.front().frame().lsn - first);
  if (auto written = active_->write_at(offset, pieces); !written) {
    // What did reach the file is unsynced and before the end: the next group overwrites it. Any other failure of a
    // write says that the device is not to be trusted.
    if (written.error().code() == Code::kResourceExhausted) return fail(refuse(written.error(), "disk_full"));
    return fail(stop(written.error()));
  }
  const int64_t before = env_.clock.mono_ns();
  if (auto synced = active_->sync_data(); !synced) return fail(stop(synced.error()));
  metrics_.sync_seconds.observe(static_cast<double>(env_.clock.mono_ns() - before) / kSecond);
  metrics_.groups.add();
  const std::scoped_lock lock(mutex_);
  segments_.back().end = records.back().frame().next;
  end_ = segments_.back().end;
  durable_ = segments_.back().end;
  if (state() == State::kDiskFull) {
    state_ = State::kRunning;
    reason_.clear();
    metrics_.state.set(0);
    env_.log.info("journal writes again", {{"journal", env_.files.display_path(dir_)}});
  }
  return {};
}

void SegmentLog::mark() {
  if (state() != State::kRunning || !active_ || durable() == marked_) return;
  EncodedRecord record = EncodedRecord::encode(
      id_, {.kind = kKindMark, .signal = contract::Signal::kControl, .appended_at_ns = env_.clock.wall_ns()}, "",
      nullptr, 0);
  {
    const std::scoped_lock lock(mutex_);
    const Segment& last = segments_.back();
    if (kSegmentHeaderBytes + (last.end - last.first) + record.size() > last.file_bytes) return;
  }
  record.place(id_, end(), durable());
  if (write_and_sync({&record, 1})) marked_ = durable();
}

Result<> SegmentLog::skip_to(Lsn lsn) {
  if (lsn <= end()) return {};
  env_.log.error("a consumer is ahead of the journal: journal files are missing or older than the stores",
                 {{"journal_end", end()}, {"continues_at", align_up(lsn)}});
  active_.reset();  // the next record makes a segment of that name
  const std::scoped_lock lock(mutex_);
  if (!segments_.empty()) segments_.back().end = align_up(lsn);
  end_ = align_up(lsn);
  durable_ = end_.load();
  return {};
}

// ---- state ----

Error SegmentLog::stop(const Error& why) {
  const std::scoped_lock lock(mutex_);
  state_ = State::kStopped;
  reason_ = "journal stopped: " + why.message() + "; what was in flight may be lost on the device, restart the server";
  refused_for_ = "stopped";
  metrics_.state.set(2);
  env_.log.error("journal stopped: nothing is accepted until the server restarts", {{"error", why}});
  return unavailable(reason_);
}

Error SegmentLog::refuse(const Error& why, std::string_view reason) {
  const std::scoped_lock lock(mutex_);
  if (state() != State::kDiskFull || refused_for_ != reason)
    env_.log.error("journal refuses appends until there is room", {{"reason", reason}, {"error", why}});
  state_ = State::kDiskFull;
  reason_ = "journal refuses appends: " + why.message();
  refused_for_ = reason;
  retry_at_ns_ = env_.clock.mono_ns() + kRetryNs;
  metrics_.state.set(1);
  return unavailable(reason_).with_retry_after(kRetryAfter);
}

std::optional<Refusal> SegmentLog::refusal() const {
  if (state() == State::kRunning) return std::nullopt;
  const std::scoped_lock lock(mutex_);
  if (state() == State::kStopped) return Refusal{unavailable(reason_), refused_for_};
  if (state() == State::kRunning || env_.clock.mono_ns() >= retry_at_ns_) return std::nullopt;
  return Refusal{unavailable(reason_).with_retry_after(kRetryAfter), refused_for_};
}

Lsn SegmentLog::begin() const {
  const std::scoped_lock lock(mutex_);
  return segments_.empty() ? end() : segments_.front().first;
}

void SegmentLog::fill_status(JournalStatus& status) const {
  status.bytes = total_bytes();
  status.begin = begin();
  const std::scoped_lock lock(mutex_);
  status.state = state();
  status.reason = reason_;
  status.segments = segments_.size();
  status.spare_segments = spares_.size();
  status.durable = durable();
  status.end = end();
  status.torn_bytes = torn_bytes_;
  status.damaged_regions = damage_.size();
  status.damaged_bytes = damaged_bytes_;
}

void SegmentLog::note_damage(Lsn from, Lsn to, std::string_view what) {
  {
    const std::scoped_lock lock(mutex_);
    auto known = damage_.upper_bound(from);
    if (known != damage_.begin() && std::prev(known)->second >= to) return;
    damage_[from] = to;
    damaged_bytes_ += to - from;
  }
  metrics_.damaged_bytes.add(to - from);
  env_.log.error("journal is damaged: these bytes are lost, what follows is kept",
                 {{"from", from}, {"to", to}, {"bytes", to - from}, {"what", what}});
}

// ---- reading ----

Result<ReadReport> SegmentLog::read(Lsn from, Lsn to, const Visitor& visitor) {
  Pin pin(*this, from);
  std::vector<Segment> segments;
  {
    const std::scoped_lock lock(mutex_);
    segments = segments_;
  }
  to = std::min(to, durable());
  ReadReport report{.next = from};
  if (from >= to) return report;
  if (segments.empty() || from < segments.front().first) {
    return fail(out_of_range("journal begins at " + std::to_string(segments.empty() ? end() : segments.front().first) +
                             ", asked for " + std::to_string(from)));
  }
  bool go_on = true;
  for (const Segment& segment : segments) {
    if (!go_on || report.next >= to) break;
    if (segment.end <= report.next) continue;
    pin.move_to(report.next);
    TRY(read_segment(segment, std::max(report.next, segment.first), std::min(to, segment.end), visitor, report, go_on));
  }
  return report;
}

Result<> SegmentLog::read_segment(const Segment& segment, Lsn from, Lsn to, const Visitor& visitor, ReadReport& report,
                                  bool& go_on) {
  auto file = env_.files.open_read(path(segment.name));
  if (!file && file.error().code() != Code::kNotFound) return fail(std::move(file.error()));
  if (!file) {
    note_damage(from, to, "segment file " + segment.name + " is missing");
    report.damaged_bytes += to - from;
    report.next = to;
    return {};
  }
  SegmentReader reader(**file, segment.first, segment.end, id_);
  Lsn at = from;
  while (go_on && at < to) {
    const auto frame = reader.head(at);
    bool sound = frame.has_value();
    if (sound && frame->kind == kKindBatch) {
      const auto tenant = reader.tenant(*frame);
      if (tenant && visitor.wanted(*frame, *tenant)) {
        const auto body = reader.body(*frame);
        sound = body.has_value();
        if (sound)
          go_on = visitor.visit(*frame, body->substr(0, frame->tenant_length), body->substr(frame->tenant_length));
        report.records += sound;
      }
    }
    Lsn next = sound ? frame->next : segment.end;
    if (!sound) {
      if (const auto found = reader.resync(at + kAlignment)) next = found->lsn;
      next = std::min(next, to);
      note_damage(at, next, segment.name);
      report.damaged_bytes += next - at;
    }
    at = next;
  }
  report.next = at;
  return {};
}

int64_t SegmentLog::oldest_appended_at_ns() {
  int64_t oldest = 0;
  const Visitor first{.wanted =
                          [&](const Frame& frame, std::string_view) {
                            oldest = frame.appended_at_ns;
                            return true;
                          },
                      .visit = [](const Frame&, std::string_view, std::string_view) { return false; }};
  (void)read(begin(), durable(), first);
  return oldest;
}

}  // namespace tercet::journal
