// Opening a journal: which files there are, where the stream ends, what is torn and what is damaged. The rules are in
// docs/formats/journal.md, section Reading.
#include <algorithm>

#include "base/bytes.h"
#include "codec/crc32c.h"
#include "journal/segment_log.h"
#include "journal/segment_names.h"

namespace tercet::journal {
namespace {

constexpr uint64_t kMaxIdentityBytes = 4096;
constexpr std::string_view kIdKey = "id ";
constexpr std::string_view kCrcKey = "crc32c ";

std::string identity_text(uint64_t id) {
  std::string text(kIdentityMagic);
  text.append(kIdKey).append(hex16(id)).append("\n");
  const std::string checksum = hex16(codec::crc32c(text));
  return text.append(kCrcKey).append(checksum).append("\n");
}

std::optional<uint64_t> parse_identity(std::string_view text) {
  if (!text.starts_with(kIdentityMagic)) return std::nullopt;
  std::string_view rest = text.substr(kIdentityMagic.size());
  if (!rest.starts_with(kIdKey) || rest.size() < kIdKey.size() + 16) return std::nullopt;
  const auto id = parse_hex16(rest.substr(kIdKey.size(), 16));
  return id && identity_text(*id) == text ? id : std::nullopt;
}

}  // namespace

struct SegmentLog::Run {
  Lsn start = 0;
  Lsn end = 0;
  Lsn synced_through = 0;  // the largest that its records claim
  bool marked = false;     // its last record is a mark
};

Result<> SegmentLog::recover() {
  io::FileSystem& files = env_.files;
  TRY(files.make_dirs(dir_));
  lock_ = TRY(files.lock(path(kLockName)));
  std::vector<io::DirEntry> spares;
  for (const io::DirEntry& entry : TRY(files.list(dir_))) {
    if (const auto first = parse_segment_name(entry.name); first && *first % kAlignment == 0) {
      segments_.push_back({.first = *first, .end = *first, .file_bytes = entry.size, .name = entry.name});
    } else if (const auto number = parse_spare_name(entry.name)) {
      next_spare_ = std::max(next_spare_, *number + 1);
      spares.push_back(entry);
    }
  }
  // Sixteen digits: the order of names is that of Lsns.
  for (size_t i = 0; i + 1 < segments_.size(); ++i) segments_[i].end = segments_[i + 1].first;
  TRY(load_identity(!segments_.empty()));
  for (const io::DirEntry& spare : spares) TRY(adopt_spare(spare));
  for (const Segment& segment : segments_) TRY(check_header(segment.name));
  marked_ = end();
  if (!segments_.empty()) TRY(recover_last());
  // A process may have died between a rename and its sync; what is appended from here on is found by these names.
  TRY(files.sync_dir(dir_));
  show_sizes();
  return {};
}

Result<> SegmentLog::load_identity(bool have_segments) {
  auto text = io::read_file(env_.files, path(kIdentityName), kMaxIdentityBytes);
  if (text) {
    if (const auto id = parse_identity(*text)) {
      id_ = *id;
      return {};
    }
  } else if (text.error().code() != Code::kNotFound && text.error().code() != Code::kOutOfRange) {
    return fail(std::move(text.error()));
  }
  bool found = !have_segments;
  id_ = env_.random.next();
  for (const Segment& segment : segments_) {
    if (found) break;
    auto file = TRY(env_.files.open_read(path(segment.name)));
    std::string bytes(kSegmentHeaderUsed, '\0');
    bytes.resize(file->read_at(0, bytes).value_or(0));
    if (const auto header = parse_segment_header(bytes)) {
      id_ = header->id;
      found = true;
    }
  }
  if (!found) {
    return fail(data_loss("neither " + std::string(kIdentityName) +
                          " nor any segment tells the journal's id; restore " + std::string(kIdentityName) +
                          " from a backup, or move the directory away to begin anew"));
  }
  if (have_segments) env_.log.error("journal's identity file was missing or damaged, taken from a segment");
  return io::atomic_write(env_.files, path(kIdentityName), identity_text(id_));
}

/// Keeps it when it is whole and of the size in use; else it is only in the way.
Result<> SegmentLog::adopt_spare(const io::DirEntry& entry) {
  constexpr size_t kKept = 2;
  if (entry.size == config_.segment_bytes && spares_.size() < kKept) {
    auto file = TRY(env_.files.open_read(path(entry.name)));
    std::string bytes(kSegmentHeaderUsed, '\0');
    bytes.resize(file->read_at(0, bytes).value_or(0));
    if (const auto header = parse_segment_header(bytes); header && header->id == id_ && header->version == kVersion) {
      spares_.push_back({entry.size, entry.name});
      return {};
    }
  }
  if (auto removed = env_.files.remove(path(entry.name)); !removed)
    env_.log.warn("journal cannot remove a spare segment", {{"error", removed.error()}});
  return {};
}

Result<> SegmentLog::check_header(const std::string& name) {
  auto file = TRY(env_.files.open_read(path(name)));
  std::string bytes(kSegmentHeaderUsed, '\0');
  bytes.resize(file->read_at(0, bytes).value_or(0));
  const auto header = parse_segment_header(bytes);
  if (!header) {
    env_.log.warn("journal segment has a damaged header, its records check themselves", {{"segment", name}});
    return {};
  }
  if (header->version > kVersion) {
    return fail(failed_precondition("segment " + name + " has format version " + std::to_string(header->version) +
                                    ", this program knows " + std::to_string(kVersion) + "; use a newer Tercet"));
  }
  if (header->id != id_)
    return fail(failed_precondition("segment " + name + " belongs to another journal; move it out of the directory"));
  return {};
}

std::vector<SegmentLog::Run> SegmentLog::scan(SegmentReader& reader) const {
  std::vector<Run> runs;
  Lsn at = reader.first();
  while (true) {
    const auto frame = reader.head(at);
    if (frame && reader.body(*frame)) {
      if (runs.empty() || runs.back().end != at) runs.push_back({.start = at, .end = at});
      Run& run = runs.back();
      run.end = at = frame->next;
      run.synced_through = std::max(run.synced_through, frame->synced_through);
      run.marked = frame->kind == kKindMark;
      continue;
    }
    const auto found = reader.resync(at + kAlignment);
    if (!found) return runs;
    at = found->lsn;
  }
}

Result<> SegmentLog::recover_last() {
  Segment& last = segments_.back();
  active_ = TRY(env_.files.open_rw(path(last.name)));
  const uint64_t room = last.file_bytes > kSegmentHeaderBytes ? last.file_bytes - kSegmentHeaderBytes : 0;
  const Lsn file_end = last.first + (room & ~(kAlignment - 1));
  SegmentReader reader(*active_, last.first, file_end, id_);
  std::vector<Run> runs = scan(reader);
  if (reader.read_errors() > 0) {
    SegmentReader again(*active_, last.first, file_end, id_);
    runs = scan(again);
    if (again.read_errors() > 0) {
      give_up_tail(file_end, runs);
      return {};
    }
  }
  // What the runs from here on know to have been synced.
  std::vector<Lsn> claims(runs.size() + 1, 0);
  for (size_t i = runs.size(); i-- > 0;) claims[i] = std::max(claims[i + 1], runs[i].synced_through);
  Lsn end = last.first;
  size_t kept = 0;
  for (; kept < runs.size(); ++kept) {
    if (runs[kept].start > end) {
      if (claims[kept] <= end) break;  // nobody says that it ever was on the disk: a torn tail
      note_damage(end, runs[kept].start, last.name);
    }
    end = runs[kept].end;
  }
  const auto leftovers = std::span(runs).subspan(kept);
  const auto torn_head = reader.head(end);
  const Lsn torn_end = !leftovers.empty() ? leftovers.back().end : torn_head ? torn_head->next : end;
  last.end = end;
  end_ = end;
  durable_ = end;
  if (torn_end > end) {
    torn_bytes_ = torn_end - end;
    metrics_.torn_bytes.add(torn_bytes_);
    env_.log.warn("journal ends in a group that was never finished: cut, no sender was answered",
                  {{"at", end}, {"bytes", torn_bytes_}});
  }
  // Unless the end is marked, closing marks it, also when nothing is appended.
  marked_ = kept == 0 || runs[kept - 1].marked ? end : 0;
  Lsn synced_through = last.first;
  for (const Run& run : std::span(runs).first(kept)) synced_through = std::max(synced_through, run.synced_through);
  return settle_tail(*active_, last, synced_through, leftovers);
}

/// The device could not read all of the last segment. Nothing is cut, since what was not read may be sound; the stream
/// goes on in a new segment, behind all that this one could hold.
void SegmentLog::give_up_tail(Lsn segment_end, std::span<const Run> runs) {
  env_.log.error("journal's last segment cannot be read in full: nothing is cut, a new segment follows",
                 {{"segment", segments_.back().name}});
  for (size_t i = 0; i < runs.size(); ++i) {
    const Lsn expected = i == 0 ? segments_.back().first : runs[i - 1].end;
    if (runs[i].start > expected) note_damage(expected, runs[i].start, "unreadable");
  }
  segments_.back().end = segment_end;
  end_ = segment_end;
  durable_ = segment_end;
  active_.reset();
}

/// Makes what recovery saw true on the disk, and what it cut unable to come back.
Result<> SegmentLog::settle_tail(io::File& file, const Segment& segment, Lsn synced_through,
                                 std::span<const Run> leftovers) {
  constexpr uint64_t kChunk = uint64_t{1} << 20;
  const auto offset = [&](Lsn at) { return kSegmentHeaderBytes + (at - segment.first); };
  std::string bytes;
  for (Lsn at = synced_through; at < segment.end; at += bytes.size()) {
    bytes.resize(std::min(kChunk, segment.end - at));
    if (TRY(file.read_at(offset(at), bytes)) != bytes.size())
      return fail(data_loss("segment " + segment.name + " became shorter while it was read"));
    TRY(file.write_at(offset(at), bytes));
  }
  const Lsn zero_to = leftovers.empty() ? segment.end : leftovers.back().end;
  for (Lsn at = segment.end; at < zero_to; at += bytes.size()) {
    bytes.assign(std::min(kChunk, zero_to - at), '\0');
    TRY(file.write_at(offset(at), bytes));
  }
  if (synced_through < segment.end || segment.end < zero_to) TRY(file.sync_data());
  return {};
}

}  // namespace tercet::journal
