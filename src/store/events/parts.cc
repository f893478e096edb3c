#include "store/events/parts.h"

#include <algorithm>
#include <map>
#include <set>

#include "store/events/event_part.h"
#include "store/events/seal.h"

namespace tercet::store {

Result<std::unique_ptr<Parts>> Parts::open(const EventsConfig& config, io::Env& env, std::string folder) {
  std::unique_ptr<Parts> parts(new Parts(config, env, std::move(folder)));
  TRY(env.files.make_dirs(parts->folder_));
  TRY(parts->load());
  return parts;
}

// A manifest is there from the first start on, so that a lost one is noticed: without it every part would look like the
// leftover of a crash and be deleted.
Result<Manifest> Parts::load_manifest() {
  Manifest manifest = TRY(Manifest::load(env_.files, folder_));
  if (TRY(env_.files.exists(io::join(folder_, "MANIFEST")))) return manifest;
  for (const io::DirEntry& entry : TRY(env_.files.list(folder_))) {
    if (entry.is_dir || !entry.name.ends_with(".tpart")) continue;
    return fail(data_loss(std::string(env_.files.display_path(folder_)) + " has parts (" + entry.name +
                          ", ...) but no MANIFEST that names them; nothing was touched: restore MANIFEST, or move the "
                          "parts elsewhere to start empty"));
  }
  TRY(manifest.save(env_.files, folder_));
  return manifest;
}

Result<> Parts::load() {
  Manifest manifest = TRY(load_manifest());
  sweep(manifest);
  std::vector<PartEntry> good;
  for (const PartEntry& entry : manifest.parts) {
    auto part = open_event_part(env_.files, folder_, entry);
    if (part) {
      parts_.push_back(*part);
      good.push_back(entry);
      continue;
    }
    // No descriptors left, no permission, a device that fails: the part may be good, so it must not be set aside.
    if (part.error().code() != Code::kDataLoss && part.error().code() != Code::kNotFound)
      return fail(std::move(part).error().context(entry.file));
    TRY(quarantine(entry, part.error()));
  }
  if (good.size() != manifest.parts.size()) {
    manifest.parts = std::move(good);
    TRY(manifest.save(env_.files, folder_));
  }
  manifest_ = std::move(manifest);
  return {};
}

// The rest of the store serves; the damaged file is kept for a person to look at. Durable before the manifest forgets
// it, or a power cut would leave the file where the next start deletes it.
Result<> Parts::quarantine(const PartEntry& entry, const Error& why) {
  ++quarantined_;
  env_.log.error("part moved to quarantine", {{"part", entry.file}, {"rows", entry.rows}, {"error", why}});
  const std::string path = io::join(folder_, entry.file);
  const std::string aside = io::join(folder_, "quarantine");
  TRY(env_.files.make_dirs(aside));
  if (!TRY(env_.files.exists(path))) return {};
  TRY(env_.files.rename(path, io::join(aside, entry.file)));
  TRY(env_.files.sync_dir(aside));
  return env_.files.sync_dir(folder_);
}

Result<> Parts::set_aside(const HeadBlock& block, const Error& why) {
  const std::string aside = io::join(folder_, "quarantine");
  const std::string file = "head-" + std::to_string(block.next) + ".block";
  TRY(env_.files.make_dirs(aside));
  TRY(io::atomic_write(env_.files, io::join(aside, file), *block.bytes));
  env_.log.error("a block of the head cannot be read and was moved to quarantine",
                 {{"block", file}, {"tenant", block.tenant}, {"rows", block.meta.rows}, {"error", why}});
  env_.metrics
      .counter("tercet_store_damaged_rows_total", "Rows that were set aside because they cannot be read.",
               {{"store", "events"}})
      .add(block.meta.rows);
  return {};
}

// Files that no manifest names are left over from a crash between writing a part and naming it.
void Parts::sweep(const Manifest& manifest) {
  std::set<std::string> named;
  for (const PartEntry& entry : manifest.parts) named.insert(entry.file);
  const auto entries = env_.files.list(folder_);
  if (!entries) return;
  for (const io::DirEntry& entry : *entries) {
    if (entry.is_dir || !entry.name.ends_with(".tpart") || named.contains(entry.name)) continue;
    env_.log.info("leftover part removed", {{"part", entry.name}});
    (void)env_.files.remove(io::join(folder_, entry.name));
  }
}

Parts::List Parts::list() const {
  const std::lock_guard lock(mutex_);
  return parts_;
}

contract::Lsn Parts::applied() const {
  const std::lock_guard lock(mutex_);
  return manifest_.applied;
}

std::string Parts::next_name(uint64_t day) {
  const std::lock_guard lock(mutex_);
  return unnamed_.emplace_back("part-" + std::to_string(manifest_.next_part++) + "-" + std::to_string(day) + ".tpart");
}

void Parts::drop_unnamed() {
  for (const std::string& file : unnamed_)
    (void)env_.files.remove(io::join(folder_, file));  // else swept at the next start
  unnamed_.clear();
}

Result<> Parts::commit(const List& gone, std::vector<PartEntry> added, contract::Lsn applied, std::mutex* lock,
                       const std::function<void()>& then) {
  const std::set<std::shared_ptr<const EventPart>> leaving(gone.begin(), gone.end());
  List next;
  Manifest manifest;
  {
    const std::lock_guard guard(mutex_);
    manifest.next_part = manifest_.next_part;
    manifest.applied = std::max(applied, manifest_.applied);
    for (const auto& part : parts_) {
      if (!leaving.contains(part)) next.push_back(part);
    }
  }
  for (const PartEntry& entry : added) next.push_back(TRY(open_event_part(env_.files, folder_, entry)));
  for (const auto& part : next) manifest.parts.push_back(part->entry);
  // From here on the manifest on the disk may name them, even when saving it fails at its last step.
  unnamed_.clear();
  TRY(manifest.save(env_.files, folder_));
  {
    std::unique_lock<std::mutex> outer;
    if (lock != nullptr) outer = std::unique_lock(*lock);
    const std::lock_guard guard(mutex_);
    manifest_ = std::move(manifest);
    parts_ = std::move(next);
    if (then) then();
  }
  for (const auto& part : gone) {
    // A scan that still reads it keeps its map; the name goes now.
    if (auto removed = env_.files.remove(io::join(folder_, part->entry.file)); !removed) {
      env_.log.warn("an old part could not be removed; it is swept at the next start",
                    {{"part", part->entry.file}, {"error", removed.error()}});
    }
  }
  return {};
}

namespace {

// Runs a last step on every way out.
template <typename F>
class AtExit {
 public:
  explicit AtExit(F f) : f_(std::move(f)) {}
  ~AtExit() { f_(); }
  AtExit(const AtExit&) = delete;
  AtExit& operator=(const AtExit&) = delete;

 private:
  F f_;
};

// Decoded rows take several times the bytes of their encoded form, and some times more than compressed ones.
constexpr uint64_t kDecodedPerRawByte = 4;
constexpr uint64_t kDecodedPerPartByte = 8;

}  // namespace

Result<> Parts::seal(Head& head, std::mutex& lock, uint64_t raw_bytes_max) {
  Head::Blocks blocks = head.blocks();
  if (blocks.empty()) return {};
  // Blocks stand in the journal's order, so what is behind the last one taken is behind all of them.
  uint64_t raw_bytes = 0;
  size_t taken = 0;
  while (taken < blocks.size() && (taken == 0 || raw_bytes + blocks[taken]->raw_bytes <= raw_bytes_max)) {
    raw_bytes += blocks[taken++]->raw_bytes;
  }
  blocks.resize(taken);
  const AtExit cleanup([this] { drop_unnamed(); });
  // Not refused at the limit: sealing is what gives the head's memory back. It is counted, so that others are refused.
  MemoryAccount memory(env_.memory, MemoryClass::kCompaction);
  (void)memory.try_grow(raw_bytes * kDecodedPerRawByte);
  std::map<std::string, Head::Blocks> by_tenant;
  contract::Lsn applied = 0;
  int64_t newest = 0;
  for (const auto& block : blocks) {
    by_tenant[block->tenant].push_back(block);
    applied = std::max(applied, block->next);
    newest = std::max(newest, block->newest_arrival_ns);
  }
  std::vector<PartEntry> added;
  for (const auto& [tenant, own] : by_tenant) {
    RowGatherer rows;
    for (const auto& block : own) {
      if (auto result = rows.add({block, nullptr, 0}); !result) TRY(set_aside(*block, result.error()));
    }
    auto parts = TRY(write_parts(
        env_.files, folder_, tenant, rows.batch(), newest, [this](uint64_t day) { return next_name(day); },
        part_options()));
    added.insert(added.end(), std::make_move_iterator(parts.begin()), std::make_move_iterator(parts.end()));
  }
  return commit({}, std::move(added), applied, &lock, [&] { head.remove(blocks); });
}

// Smallest first: large parts are rewritten least often, which bounds the write amplification by the log of the size.
Parts::List Parts::choose_to_merge(List parts, MemoryAccount& memory) const {
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a->entry.bytes < b->entry.bytes; });
  const auto enough = static_cast<size_t>(config_.compact_parts);
  uint64_t total = 0;
  List chosen;
  for (const auto& part : parts) {
    if (total + part->entry.bytes > config_.compact_bytes_max) break;
    // A part that outweighs all smaller ones together gains nothing from being rewritten with them yet.
    if (chosen.size() >= enough && part->entry.bytes > total) break;
    if (!memory.try_grow(part->entry.bytes * kDecodedPerPartByte)) break;
    total += part->entry.bytes;
    chosen.push_back(part);
  }
  if (chosen.size() >= enough) return chosen;
  memory.shrink_to(0);
  return {};
}

Result<bool> Parts::compact() {
  std::map<std::pair<std::string, uint64_t>, List> by_day;
  for (const auto& part : list()) {
    if (part->entry.bytes < config_.compact_bytes_max / 2 && !damaged_.contains(part->entry.file))
      by_day[{part->tenant, part->day}].push_back(part);
  }
  MemoryAccount memory(env_.memory, MemoryClass::kCompaction);
  for (auto& [key, parts] : by_day) {
    const List chosen = choose_to_merge(std::move(parts), memory);
    if (chosen.empty()) continue;
    TRY(merge(chosen));
    return true;
  }
  return false;
}

Result<> Parts::merge(const List& parts) {
  const AtExit cleanup([this] { drop_unnamed(); });
  RowGatherer rows;
  int64_t newest = 0;
  for (const auto& part : parts) {
    newest = std::max(newest, part->entry.created_ns);
    for (size_t b = 0; b < part->blocks.size(); ++b) {
      auto result = rows.add({nullptr, part, b});
      if (result) continue;
      // The others are merged without it in the next round.
      damaged_.insert(part->entry.file);
      env_.log.error("a part is damaged and is left out of merges; queries that meet its bad block say so",
                     {{"part", part->entry.file}, {"error", result.error()}});
      return {};
    }
  }
  auto added = TRY(write_parts(
      env_.files, folder_, parts.front()->tenant, rows.batch(), newest, [this](uint64_t day) { return next_name(day); },
      part_options()));
  return commit(parts, std::move(added), 0, nullptr, {});
}

Result<> Parts::retain(int64_t now_ns) {
  List expired;
  for (const auto& part : list()) {
    if (part->entry.created_ns < now_ns - config_.traces_retention_ns) expired.push_back(part);
  }
  if (expired.empty()) return {};
  uint64_t rows = 0;
  for (const auto& part : expired) rows += part->entry.rows;
  const size_t count = expired.size();
  TRY(commit(expired, {}, 0, nullptr, {}));
  env_.log.info("retention: parts deleted", {{"parts", count}, {"rows", rows}});
  env_.metrics
      .counter("tercet_store_retained_rows_total", "Rows deleted because their retention was over.",
               {{"store", "events"}})
      .add(rows);
  return {};
}

Result<uint64_t> Parts::remove_from(const std::shared_ptr<const EventPart>& part, uint64_t min_ns, uint64_t max_ns) {
  const auto outside = [&](const PartBlock& b) { return b.meta.max_start_ns < min_ns || b.meta.min_start_ns > max_ns; };
  const auto inside = [&](const PartBlock& b) {
    return b.meta.min_start_ns >= min_ns && b.meta.max_start_ns <= max_ns;
  };
  if (std::all_of(part->blocks.begin(), part->blocks.end(), outside)) return 0;
  if (std::all_of(part->blocks.begin(), part->blocks.end(), inside)) {
    // Without reading it: a damaged part can be deleted, too.
    TRY(commit({part}, {}, 0, nullptr, {}));
    return part->entry.rows;
  }
  const AtExit cleanup([this] { drop_unnamed(); });
  RowGatherer rows;
  uint64_t gone = 0;
  for (size_t b = 0; b < part->blocks.size(); ++b) gone += TRY(rows.add_outside({nullptr, part, b}, min_ns, max_ns));
  if (gone == 0) return 0;
  auto added = TRY(write_parts(
      env_.files, folder_, part->tenant, rows.batch(), part->entry.created_ns,
      [this](uint64_t day) { return next_name(day); }, part_options()));
  TRY(commit({part}, std::move(added), 0, nullptr, {}));
  return gone;
}

Result<uint64_t> Parts::remove(const std::string& tenant, const contract::TimeRange& time) {
  const StampRange range(time);
  if (range.empty) return 0;
  uint64_t removed = 0;
  Result<> first_error;
  for (const auto& part : list()) {
    if (part->tenant != tenant) continue;
    const auto result = remove_from(part, range.min, range.max);
    if (result) {
      removed += *result;
    } else if (first_error) {
      first_error = fail(result.error());
    }
  }
  TRY(std::move(first_error));
  return removed;
}

}  // namespace tercet::store
