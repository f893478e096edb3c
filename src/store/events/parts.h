// The sealed side of the store: the manifest, the open parts, and the changes to both. Changes are made by one
// maintenance task at a time; readers copy the list of pointers.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/memory.h"
#include "contract/event_scan.h"
#include "io/env.h"
#include "store/block/manifest.h"
#include "store/events/config.h"
#include "store/events/event_part.h"
#include "store/events/head.h"
#include "store/events/units.h"

namespace tercet::store {

class Parts {
 public:
  using List = std::vector<std::shared_ptr<const EventPart>>;

  static Result<std::unique_ptr<Parts>> open(const EventsConfig& config, io::Env& env, std::string folder);

  List list() const;
  contract::Lsn applied() const;
  /// Parts that were moved aside when the store opened.
  uint64_t quarantined() const { return quarantined_; }

  /// Seals the oldest blocks of `head`, up to about `raw_bytes_max` (at least one block): what a seal decodes at once
  /// is bounded, however far a fast sender is ahead. Does nothing when the head is empty. A block that cannot be
  /// decoded is written to quarantine/ and counted: it must not keep all that follow it out of the parts, and the
  /// journal from forgetting. `lock` guards the moment in which blocks leave the head and parts appear, so that a
  /// snapshot sees one of the two.
  Result<> seal(Head& head, std::mutex& lock, uint64_t raw_bytes_max);
  /// Merges small parts of one tenant and day, as many as memory_limit has room for; false when nothing is to be
  /// merged. A part with a damaged block is never merged: what can be read of it stays readable.
  Result<bool> compact();
  /// Deletes parts whose newest arrival lies before `now − retention`.
  Result<> retain(int64_t now_ns);
  /// Rewrites parts without the tenant's rows that start in `time`; the answer counts rows. A damaged part that does
  /// not lie in `time` whole is an error that names it, after all others are done.
  Result<uint64_t> remove(const std::string& tenant, const contract::TimeRange& time);

 private:
  Parts(const EventsConfig& config, io::Env& env, std::string folder)
      : config_(config), env_(env), folder_(std::move(folder)) {}
  Result<> load();
  Result<Manifest> load_manifest();
  Result<> quarantine(const PartEntry& entry, const Error& why);
  Result<> set_aside(const HeadBlock& block, const Error& why);
  void sweep(const Manifest& manifest);
  std::string next_name(uint64_t day);
  /// Deletes the files that were written and never offered to a manifest: after a failure, before the next try needs
  /// the room.
  void drop_unnamed();
  List choose_to_merge(List parts, MemoryAccount& memory) const;
  Result<> merge(const List& parts);
  Result<uint64_t> remove_from(const std::shared_ptr<const EventPart>& part, uint64_t min_ns, uint64_t max_ns);
  PartOptions part_options() const {
    return {static_cast<size_t>(config_.block_rows), static_cast<int>(config_.zstd_level)};
  }
  /// Saves a manifest without `gone` and with `added`, then swaps the list; `then` runs under the swap's lock.
  Result<> commit(const List& gone, std::vector<PartEntry> added, contract::Lsn applied, std::mutex* lock,
                  const std::function<void()>& then);

  const EventsConfig& config_;
  io::Env& env_;
  const std::string folder_;
  mutable std::mutex mutex_;
  Manifest manifest_;
  List parts_;
  uint64_t quarantined_ = 0;
  // Of the maintenance task alone:
  std::vector<std::string> unnamed_;  // files written since the last commit
  std::set<std::string> damaged_;     // parts that no merge takes
};

}  // namespace tercet::store
