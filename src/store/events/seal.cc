#include "store/events/seal.h"

#include <map>
#include <numeric>

#include "base/clock.h"

namespace tercet::store {

Result<> RowGatherer::append(wire::SpanBlock& reader, std::span<const uint32_t> rows) {
  const size_t before = batch_.spans.size();
  auto appended = reader.append_rows(rows, batch_, false);
  // What else the failed rows left in the batch is named by no span.
  if (!appended) batch_.spans.resize(before);
  return appended;
}

Result<> RowGatherer::add(const Unit& unit) {
  wire::SpanBlock& reader = readers_.emplace_back(TRY_CTX(wire::SpanBlock::open(unit.bytes()), unit.name()));
  std::vector<uint32_t> rows(reader.meta().rows);
  std::iota(rows.begin(), rows.end(), 0);
  TRY_CTX(append(reader, rows), unit.name());
  return {};
}

Result<uint64_t> RowGatherer::add_outside(const Unit& unit, uint64_t min_ns, uint64_t max_ns) {
  wire::SpanBlock& reader = readers_.emplace_back(TRY_CTX(wire::SpanBlock::open(unit.bytes()), unit.name()));
  const auto& start = *TRY_CTX(reader.numbers(wire::U64Field::kStart), unit.name());
  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < start.size(); ++row) {
    if (start[row] < min_ns || start[row] > max_ns) rows.push_back(row);
  }
  TRY_CTX(append(reader, rows), unit.name());
  return start.size() - rows.size();
}

Result<std::vector<PartEntry>> write_parts(io::FileSystem& files, const std::string& folder, const std::string& tenant,
                                           const model::SpanBatch& batch, int64_t newest_arrival_ns,
                                           const std::function<std::string(uint64_t day)>& next_name,
                                           const PartOptions& options) {
  std::map<uint64_t, std::vector<uint32_t>> by_day;
  for (uint32_t row = 0; row < batch.spans.size(); ++row)
    by_day[batch.spans[row].start_ns / static_cast<uint64_t>(kDay)].push_back(row);
  std::vector<PartEntry> parts;
  for (auto& [day, day_rows] : by_day) {
    parts.push_back(TRY(
        write_event_part(files, folder, {tenant, day, newest_arrival_ns, next_name(day)}, batch, day_rows, options)));
  }
  return parts;
}

}  // namespace tercet::store
