// Turning blocks into parts: sealing the head, merging small parts, deleting rows. All decode their blocks, sort the
// rows of each day and write new parts; what they replace stays readable until the manifest says otherwise.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/file_system.h"
#include "store/events/event_part.h"
#include "store/events/units.h"

namespace tercet::store {

/// Rows decoded out of blocks. Their strings borrow from the units' bytes, which the caller keeps, and from the readers
/// in here.
class RowGatherer {
 public:
  /// All rows of the unit. On an error, which names the unit, none of them was added.
  Result<> add(const Unit& unit);
  /// Those that start outside [min_ns, max_ns]; returns how many were left out.
  Result<uint64_t> add_outside(const Unit& unit, uint64_t min_ns, uint64_t max_ns);

  const model::SpanBatch& batch() const { return batch_; }

 private:
  Result<> append(wire::SpanBlock& reader, std::span<const uint32_t> rows);

  model::SpanBatch batch_;
  std::deque<wire::SpanBlock> readers_;
};

/// The rows (of one tenant) as parts, one a UTC day of span start. `next_name` gives file names for a day.
Result<std::vector<PartEntry>> write_parts(io::FileSystem& files, const std::string& folder, const std::string& tenant,
                                           const model::SpanBatch& batch, int64_t newest_arrival_ns,
                                           const std::function<std::string(uint64_t day)>& next_name,
                                           const PartOptions& options);

}  // namespace tercet::store
