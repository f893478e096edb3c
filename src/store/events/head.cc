#include "store/events/head.h"

#include <algorithm>
#include <map>
#include <unordered_set>

namespace tercet::store {

Result<std::shared_ptr<const HeadBlock>> make_head_block(std::string tenant, std::shared_ptr<const std::string> bytes,
                                                         contract::Lsn next, int64_t arrived_ns,
                                                         int64_t newest_arrival_ns) {
  auto block = std::make_shared<HeadBlock>();
  wire::SpanBlock reader = TRY(wire::SpanBlock::open(*bytes));
  block->meta = reader.meta();
  for (const model::TraceId& id : *TRY(reader.trace_ids())) block->traces.push_back(trace_hash(id));
  std::sort(block->traces.begin(), block->traces.end());
  block->traces.erase(std::unique(block->traces.begin(), block->traces.end()), block->traces.end());
  block->tenant = std::move(tenant);
  block->raw_bytes = bytes->size();
  block->bytes = std::move(bytes);
  block->next = next;
  block->arrived_ns = arrived_ns;
  block->newest_arrival_ns = newest_arrival_ns;
  return block;
}

Result<std::shared_ptr<const HeadBlock>> merge_head_blocks(const Head::Blocks& blocks) {
  model::SpanBatch batch;
  std::vector<wire::SpanBlock> readers;  // the batch borrows their strings
  readers.reserve(blocks.size());
  std::vector<uint32_t> rows;
  for (const auto& block : blocks) {
    wire::SpanBlock& reader = readers.emplace_back(TRY(wire::SpanBlock::open(*block->bytes)));
    rows.resize(block->meta.rows);
    for (uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
    TRY(reader.append_rows(rows, batch, false));
  }
  // Compressed, unlike the blocks it replaces: a merged block is kept until the seal and read by few queries.
  auto bytes = std::make_shared<const std::string>(wire::encode_spans(batch, {}, {true, 1}));
  const auto& last = *blocks.back();
  const auto merged = TRY(
      make_head_block(last.tenant, std::move(bytes), last.next, blocks.front()->arrived_ns, last.newest_arrival_ns));
  auto sized = std::make_shared<HeadBlock>(*merged);
  sized->raw_bytes = 0;
  for (const auto& block : blocks) sized->raw_bytes += block->raw_bytes;
  return sized;
}

void Head::add(std::shared_ptr<const HeadBlock> block) {
  const std::lock_guard lock(mutex_);
  bytes_ += block->bytes->size();
  raw_bytes_ += block->raw_bytes;
  footprint_ += block->footprint();
  rows_ += block->meta.rows;
  blocks_.push_back(std::move(block));
}

Head::Blocks Head::blocks() const {
  const std::lock_guard lock(mutex_);
  return blocks_;
}

void Head::replace(const Blocks& old, std::shared_ptr<const HeadBlock> merged) {
  const std::unordered_set<std::shared_ptr<const HeadBlock>> gone(old.begin(), old.end());
  const std::lock_guard lock(mutex_);
  const auto present = std::count_if(blocks_.begin(), blocks_.end(), [&](const auto& b) { return gone.contains(b); });
  if (static_cast<size_t>(present) != old.size()) return;  // sealed meanwhile
  for (const auto& block : old) {
    bytes_ -= block->bytes->size();
    footprint_ -= block->footprint();
  }
  bytes_ += merged->bytes->size();
  footprint_ += merged->footprint();
  Blocks kept;
  kept.reserve(blocks_.size() - old.size() + 1);
  bool placed = false;
  for (auto& block : blocks_) {
    if (!gone.contains(block)) {
      kept.push_back(std::move(block));
    } else if (!placed) {
      kept.push_back(merged);
      placed = true;
    }
  }
  blocks_ = std::move(kept);
}

void Head::remove(const Blocks& sealed) {
  const std::unordered_set<std::shared_ptr<const HeadBlock>> gone(sealed.begin(), sealed.end());
  const std::lock_guard lock(mutex_);
  std::erase_if(blocks_, [&](const auto& block) {
    if (!gone.contains(block)) return false;
    bytes_ -= block->bytes->size();
    raw_bytes_ -= block->raw_bytes;
    footprint_ -= block->footprint();
    rows_ -= block->meta.rows;
    return true;
  });
}

uint64_t Head::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

uint64_t Head::raw_bytes() const {
  const std::lock_guard lock(mutex_);
  return raw_bytes_;
}

uint64_t Head::footprint() const {
  const std::lock_guard lock(mutex_);
  return footprint_;
}

uint64_t Head::rows() const {
  const std::lock_guard lock(mutex_);
  return rows_;
}

int64_t Head::oldest_arrival_ns() const {
  const std::lock_guard lock(mutex_);
  return blocks_.empty() ? 0 : blocks_.front()->arrived_ns;
}

Head::Blocks Head::small_blocks(uint64_t small_rows, size_t count) const {
  Blocks longest;
  Blocks run;
  for (const auto& block : blocks()) {
    const bool small = block->meta.rows < small_rows && block->raw_bytes < kSmallRawBytes;
    if (!small || (!run.empty() && run.back()->tenant != block->tenant) || run.size() == kMergeBlocksMax) run.clear();
    if (small) run.push_back(block);
    if (run.size() > longest.size()) longest = run;
  }
  if (longest.size() < count) longest.clear();
  return longest;
}

}  // namespace tercet::store
