// The files behind SegmentLog: making the next segment, recycling and removing the oldest.
#include <algorithm>

#include "journal/segment_log.h"
#include "journal/segment_names.h"

namespace tercet::journal {
namespace {

/// One that is being waited for and one in reserve; more only holds space that others could use.
constexpr size_t kMaxSpares = 2;
/// Each costs a directory sync on the committing thread.
constexpr size_t kTrimPerRotation = 4;
constexpr int64_t kPrepareRetryNs = kSecond;

}  // namespace

Result<> SegmentLog::rotate(uint64_t record_bytes) {
  const KeepFrom keep = keep_from_ ? keep_from_() : KeepFrom{};
  trim(keep.lsn, kTrimPerRotation);
  if (state() == State::kStopped) return fail(refusal()->error);
  const uint64_t file_bytes = std::max(config_.segment_bytes, align_up(kSegmentHeaderBytes + record_bytes));
  Segment segment{.first = end(), .end = end(), .name = segment_name(end())};
  auto file = take_spare(file_bytes, segment);
  if (file && !*file) {
    if (auto room = make_room(file_bytes, keep); !room) {
      const bool held_back = room.error().code() == Code::kFailedPrecondition;
      return fail(refuse(room.error(), held_back ? "held_back" : "disk_full"));
    }
    if (state() == State::kStopped) return fail(refusal()->error);
    if (auto made = make_spare(file_bytes)) {
      const std::scoped_lock lock(mutex_);
      spares_.push_back(*made);
    } else {
      return fail(refuse(made.error(), "disk_full"));
    }
    file = take_spare(file_bytes, segment);
  }
  if (!file) return fail(refuse(file.error(), "disk_full"));
  // The name must be durable before the first record that is found by it.
  if (auto synced = env_.files.sync_dir(dir_); !synced) return fail(stop(synced.error()));
  active_ = std::move(*file);
  {
    const std::scoped_lock lock(mutex_);
    segments_.push_back(std::move(segment));
  }
  show_sizes();
  return {};
}

/// Gives a spare of that size at least its name in the stream; null when there is none.
Result<std::unique_ptr<io::File>> SegmentLog::take_spare(uint64_t file_bytes, Segment& segment) {
  Spare spare;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = std::ranges::find_if(spares_, [&](const Spare& s) { return s.file_bytes >= file_bytes; });
    if (found == spares_.end()) return nullptr;
    spare = *found;
  }
  auto file = TRY(env_.files.open_rw(path(spare.name)));
  TRY(env_.files.rename(path(spare.name), path(segment.name)));
  segment.file_bytes = spare.file_bytes;
  const std::scoped_lock lock(mutex_);
  std::erase_if(spares_, [&](const Spare& s) { return s.name == spare.name; });
  return file;
}

Result<SegmentLog::Spare> SegmentLog::make_spare(uint64_t file_bytes) {
  const Spare spare{file_bytes, spare_name(next_spare_++)};
  auto made = [&]() -> Result<> {
    auto file = TRY(env_.files.create(path(spare.name)));
    TRY(file->preallocate(file_bytes));
    TRY(file->write_at(0, segment_header(id_)));
    return file->sync_data();
  }();
  if (made) return spare;
  // Nobody relies on it yet, so that even a failed sync costs only this file.
  (void)env_.files.remove(path(spare.name));
  return fail(std::move(made.error()));
}

Result<> SegmentLog::check_room(uint64_t file_bytes) const {
  const uint64_t total = total_bytes();
  if (total + file_bytes > config_.bytes_max)
    return fail(failed_precondition("it has " + format_bytes(total) + " of journal.bytes_max " +
                                    format_bytes(config_.bytes_max)));
  const uint64_t free = TRY(env_.files.free_bytes(dir_));
  if (free < file_bytes || free - file_bytes < config_.min_free_bytes) {
    return fail(resource_exhausted("disk full: " + format_bytes(free) + " free below " + env_.files.display_path(dir_) +
                                   ", a segment needs " + format_bytes(file_bytes) +
                                   " and journal.min_free_bytes keeps " + format_bytes(config_.min_free_bytes) +
                                   "; free space or shorten retention"));
  }
  return {};
}

Result<> SegmentLog::make_room(uint64_t file_bytes, const KeepFrom& keep) {
  // Spares that are too small for this record only take its place.
  std::vector<Spare> small;
  {
    const std::scoped_lock lock(mutex_);
    small = std::exchange(spares_, {});
  }
  for (const Spare& spare : small) (void)env_.files.remove(path(spare.name));
  if (keep.holder.empty()) {
    while (total_bytes() + file_bytes > config_.bytes_max && drop_oldest(end())) {
    }
  }
  auto room = check_room(file_bytes);
  if (!room && room.error().code() == Code::kFailedPrecondition && !keep.holder.empty())
    return fail(std::move(room.error()).context("consumer " + keep.holder + " still needs the oldest record"));
  return room;
}

void SegmentLog::trim(Lsn keep, size_t max_segments) {
  for (size_t i = 0; i < max_segments && drop_oldest(keep); ++i) {
  }
}

/// False when the oldest is still needed, or could not be dropped.
bool SegmentLog::drop_oldest(Lsn keep) {
  if (state() == State::kStopped) return false;
  Segment oldest;
  bool recycle;
  {
    const std::scoped_lock lock(mutex_);
    if (segments_.size() < 2 || segments_.front().end > keep) return false;
    if (!pins_.empty() && *pins_.begin() < segments_.front().end) return false;
    oldest = segments_.front();
    segments_.erase(segments_.begin());
    recycle = oldest.file_bytes == config_.segment_bytes && spares_.size() < kMaxSpares;
  }
  const Spare spare{oldest.file_bytes, spare_name(next_spare_++)};
  auto dropped =
      recycle ? env_.files.rename(path(oldest.name), path(spare.name)) : env_.files.remove(path(oldest.name));
  if (!dropped) {
    env_.log.warn("journal cannot drop a segment, tries again later", {{"error", dropped.error()}});
    const std::scoped_lock lock(mutex_);
    segments_.insert(segments_.begin(), std::move(oldest));
    return false;
  }
  // One at a time: power loss must not bring back an older one and leave a hole after it.
  if (auto synced = env_.files.sync_dir(dir_); !synced) {
    (void)stop(synced.error());
    return false;
  }
  {
    const std::scoped_lock lock(mutex_);
    if (recycle) spares_.push_back(spare);
    std::erase_if(damage_, [&](const auto& region) { return region.first < oldest.end; });
  }
  show_sizes();
  return true;
}

void SegmentLog::prepare_spare() {
  if (state() != State::kRunning || env_.clock.mono_ns() < prepare_at_ns_) return;
  {
    const std::scoped_lock lock(mutex_);
    if (!spares_.empty()) return;
    if (active_ && (segments_.back().end - segments_.back().first) * 2 < config_.segment_bytes) return;
  }
  auto made = [&]() -> Result<Spare> {
    TRY(check_room(config_.segment_bytes));
    return make_spare(config_.segment_bytes);
  }();
  if (!made) {
    // Not yet anybody's problem: the segment in use still has room.
    prepare_at_ns_ = env_.clock.mono_ns() + kPrepareRetryNs;
    env_.log.debug("journal cannot prepare a segment yet", {{"error", made.error()}});
    return;
  }
  {
    const std::scoped_lock lock(mutex_);
    spares_.push_back(*made);
  }
  show_sizes();
}

uint64_t SegmentLog::total_bytes() const {
  const std::scoped_lock lock(mutex_);
  uint64_t total = 0;
  for (const Segment& segment : segments_) total += segment.file_bytes;
  for (const Spare& spare : spares_) total += spare.file_bytes;
  return total;
}

void SegmentLog::show_sizes() {
  metrics_.disk_bytes.set(static_cast<double>(total_bytes()));
  const std::scoped_lock lock(mutex_);
  metrics_.segments.set(static_cast<double>(segments_.size()));
}

}  // namespace tercet::journal
