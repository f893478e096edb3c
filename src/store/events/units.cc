#include "store/events/units.h"

#include <algorithm>
#include <numeric>

#include "base/bytes.h"
#include "codec/crc32c.h"
#include "codec/filter.h"
#include "codec/hash.h"
#include "store/events/event_part_format.h"

namespace tercet::store {

StampRange::StampRange(const contract::TimeRange& time)
    : min(time.min_ns < 0 ? 0 : static_cast<uint64_t>(time.min_ns)),
      max(time.max_ns == INT64_MAX ? UINT64_MAX : static_cast<uint64_t>(std::max<int64_t>(time.max_ns, 0))),
      empty(time.max_ns < 0 || time.min_ns > time.max_ns) {}

uint64_t trace_hash(model::TraceId id) {
  char raw[16];
  id.to_bytes(raw);
  return codec::hash64({raw, 16});
}

bool HeadBlock::has_trace(uint64_t hash) const { return std::binary_search(traces.begin(), traces.end(), hash); }

bool EventPart::index_is_sound() const {
  std::call_once(checked_, [this] {
    const auto matches = [this](size_t blob) {
      return codec::crc32c(reader.bytes(reader.blobs()[blob])) == reader.blobs()[blob].crc;
    };
    sound_ = matches(filter_blob) && matches(index_blob);
  });
  return sound_;
}

std::vector<uint32_t> EventPart::blocks_of(uint64_t hash) const {
  std::vector<uint32_t> found;
  if (!index_is_sound()) {
    found.resize(blocks.size());
    std::iota(found.begin(), found.end(), 0);
    return found;
  }
  if (!codec::may_contain(filter(), hash)) return found;
  const std::string_view index = trace_index();
  const size_t count = index.size() / kTraceIndexEntryBytes;
  size_t low = 0;
  size_t high = count;
  const auto hash_at = [&](size_t i) { return load_le<uint64_t>(index.data() + i * kTraceIndexEntryBytes); };
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (hash_at(middle) < hash) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  for (; low < count && hash_at(low) == hash; ++low) {
    const auto block = load_le<uint32_t>(index.data() + low * kTraceIndexEntryBytes + 8);
    if (block < blocks.size()) found.push_back(block);
  }
  return found;
}

std::string Unit::name() const { return head ? "head block" : part->entry.file + " block " + std::to_string(block); }

}  // namespace tercet::store
