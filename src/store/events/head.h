// The head: blocks in memory, newest last, durable in the journal. Thread-safe; readers copy the list of pointers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "contract/journal_entry.h"
#include "store/events/units.h"

namespace tercet::store {

/// Makes a head block of encoded bytes that the journal gave: reads its summary and trace ids. The error when those are
/// damaged.
Result<std::shared_ptr<const HeadBlock>> make_head_block(std::string tenant, std::shared_ptr<const std::string> bytes,
                                                         contract::Lsn next, int64_t arrived_ns,
                                                         int64_t newest_arrival_ns);

/// One block out of several of one tenant, oldest first.
Result<std::shared_ptr<const HeadBlock>> merge_head_blocks(const std::vector<std::shared_ptr<const HeadBlock>>& blocks);

/// Of one merge; with kSmallRawBytes it bounds what a merged block holds.
inline constexpr size_t kMergeBlocksMax = 512;
inline constexpr uint64_t kSmallRawBytes = 256u << 10;

class Head {
 public:
  using Blocks = std::vector<std::shared_ptr<const HeadBlock>>;

  void add(std::shared_ptr<const HeadBlock> block);
  Blocks blocks() const;
  /// Puts `merged` in the place of `old` (all still there, or nothing happens).
  void replace(const Blocks& old, std::shared_ptr<const HeadBlock> merged);
  /// Removes exactly these blocks.
  void remove(const Blocks& sealed);

  uint64_t bytes() const;
  /// What decoding all of it costs, roughly: merged blocks are compressed.
  uint64_t raw_bytes() const;
  /// Bytes of memory that the blocks keep.
  uint64_t footprint() const;
  uint64_t rows() const;
  /// Arrival of the oldest block; 0 = empty.
  int64_t oldest_arrival_ns() const;
  /// The longest run of neighbouring blocks below `small_rows` (and a few hundred KiB) of one tenant, if it has at
  /// least `count`; else nothing. Neighbours, so that the head stays in the journal's order and can be sealed from its
  /// old end. Never more than kMergeBlocksMax: a merged block stays small enough to be decoded.
  Blocks small_blocks(uint64_t small_rows, size_t count) const;

 private:
  mutable std::mutex mutex_;
  Blocks blocks_;
  uint64_t bytes_ = 0;
  uint64_t raw_bytes_ = 0;
  uint64_t footprint_ = 0;
  uint64_t rows_ = 0;
};

}  // namespace tercet::store
