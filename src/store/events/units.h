// What a query sees of the store: a list of blocks, each from the head or from a part, all read by one reader.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "contract/event_scan.h"
#include "contract/journal_entry.h"
#include "model/events/ids.h"
#include "store/block/manifest.h"
#include "store/block/part_file.h"
#include "wire/events/span_block.h"

namespace tercet::store {

/// A time range as spans carry their stamps, unsigned and inclusive. An end that nobody set covers all of 64 bits: a
/// clock that is centuries ahead must not hide what it stamped.
struct StampRange {
  uint64_t min = 0;
  uint64_t max = UINT64_MAX;
  bool empty = false;

  explicit StampRange(const contract::TimeRange& time);
};

/// Trace ids are looked up by this hash in head blocks and in parts.
uint64_t trace_hash(model::TraceId id);

/// A block in memory, as the journal gave it or merged from several of those. Immutable.
struct HeadBlock {
  std::string tenant;
  std::shared_ptr<const std::string> bytes;
  wire::SpanBlockMeta meta;
  std::vector<uint64_t> traces;  // sorted hashes
  contract::Lsn next = 0;        // journal position behind its newest entry
  int64_t arrived_ns = 0;        // wall time of its oldest entry's arrival
  int64_t newest_arrival_ns = 0;
  uint64_t raw_bytes = 0;  // encoded and not compressed: what decoding it costs, roughly

  /// Bytes of memory that it keeps.
  uint64_t footprint() const { return bytes->size() + traces.size() * sizeof(uint64_t) + sizeof(HeadBlock); }
  bool has_trace(uint64_t hash) const;
};

struct PartBlock {
  size_t blob = 0;  // index into the reader's blobs
  wire::SpanBlockMeta meta;
  std::vector<std::string> services;  // sorted
};

/// A sealed part, open. Immutable.
struct EventPart {
  explicit EventPart(PartReader r) : reader(std::move(r)) {}

  PartEntry entry;
  std::string tenant;
  uint64_t day = 0;  // of the spans' start, days since 1970
  PartReader reader;
  std::vector<PartBlock> blocks;
  size_t filter_blob = 0;  // codec/filter over trace hashes
  size_t index_blob = 0;   // sorted (hash u64, block u32)

  std::string_view filter() const { return reader.bytes(reader.blobs()[filter_blob]); }
  std::string_view trace_index() const { return reader.bytes(reader.blobs()[index_blob]); }
  /// Positions in `blocks` that may hold the trace. All of them where index or filter are damaged: a trace must not
  /// vanish without a word.
  std::vector<uint32_t> blocks_of(uint64_t hash) const;
  /// Checks both blobs' checksums, once, at the first question.
  bool index_is_sound() const;

 private:
  mutable std::once_flag checked_;
  mutable bool sound_ = false;
};

/// One block to read, with what keeps its bytes alive.
struct Unit {
  std::shared_ptr<const HeadBlock> head;  // one of the two
  std::shared_ptr<const EventPart> part;
  size_t block = 0;  // in part->blocks

  const wire::SpanBlockMeta& meta() const { return head ? head->meta : part->blocks[block].meta; }
  std::string_view bytes() const {
    return head ? std::string_view(*head->bytes) : part->reader.bytes(part->reader.blobs()[part->blocks[block].blob]);
  }
  /// For people, in reasons of incompleteness.
  std::string name() const;
};

/// A consistent view of the store: a block is in exactly one of the two lists.
struct Snapshot {
  std::vector<std::shared_ptr<const HeadBlock>> head;
  std::vector<std::shared_ptr<const EventPart>> parts;
};

}  // namespace tercet::store
