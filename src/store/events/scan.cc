#include "store/events/scan.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "store/events/cells.h"
#include "store/events/predicate.h"

namespace tercet::store {

using contract::ColumnBatch;
using contract::Completeness;
using contract::Context;
using contract::Order;
using contract::Predicate;
using contract::ScanRequest;
using contract::TimeRange;
using model::TraceId;
using wire::SpanBlock;
using wire::SpanBlockMeta;

namespace {

constexpr size_t kBatchRows = 1024;

constexpr size_t kMaxReasons = 16;

bool overlaps(const SpanBlockMeta& meta, const StampRange& range) {
  return !range.empty && meta.min_start_ns <= range.max && std::max(meta.max_end_ns, meta.max_start_ns) >= range.min;
}

// The service that every matching row must have, when the predicate says so at its top.
const std::string* required_service(const Predicate& where) {
  if (where.kind == Predicate::Kind::kAnd) {
    for (const Predicate& child : where.children) {
      if (const std::string* service = required_service(child)) return service;
    }
  }
  const bool is_service =
      where.field.scope == contract::FieldScope::kIntrinsic && where.field.intrinsic == contract::Intrinsic::kService;
  if (where.kind != Predicate::Kind::kCompare || !is_service || where.op != contract::CompareOp::kEqual) return nullptr;
  return std::get_if<std::string>(&where.literal);
}

}  // namespace

std::vector<Unit> plan_units(const Snapshot& snapshot, const std::string& tenant, const TimeRange& time) {
  std::vector<Unit> units;
  const StampRange range(time);
  for (const auto& block : snapshot.head) {
    if (block->tenant == tenant && overlaps(block->meta, range)) units.push_back({block, nullptr, 0});
  }
  for (const auto& part : snapshot.parts) {
    if (part->tenant != tenant) continue;
    for (size_t b = 0; b < part->blocks.size(); ++b) {
      if (overlaps(part->blocks[b].meta, range)) units.push_back({nullptr, part, b});
    }
  }
  return units;
}

std::vector<Unit> plan_units(const Snapshot& snapshot, const std::string& tenant, const ScanRequest& request) {
  std::vector<Unit> units = plan_units(snapshot, tenant, request.time);
  if (const std::string* service = required_service(request.where)) {
    std::erase_if(units, [&](const Unit& u) {
      return u.part && !std::binary_search(u.part->blocks[u.block].services.begin(),
                                           u.part->blocks[u.block].services.end(), *service);
    });
  }
  if (request.traces.empty()) return units;
  std::vector<uint64_t> hashes;
  for (const TraceId& id : request.traces) hashes.push_back(trace_hash(id));
  std::map<const EventPart*, std::vector<uint32_t>> wanted;
  for (const Unit& unit : units) {
    if (!unit.part || wanted.contains(unit.part.get())) continue;
    auto& blocks = wanted[unit.part.get()];
    for (const uint64_t hash : hashes) {
      for (const uint32_t block : unit.part->blocks_of(hash)) blocks.push_back(block);
    }
    std::sort(blocks.begin(), blocks.end());
  }
  std::erase_if(units, [&](const Unit& u) {
    if (u.part)
      return !std::binary_search(wanted[u.part.get()].begin(), wanted[u.part.get()].end(),
                                 static_cast<uint32_t>(u.block));
    return std::none_of(hashes.begin(), hashes.end(), [&](uint64_t hash) { return u.head->has_trace(hash); });
  });
  return units;
}

Result<> check_context(const Context& context, Clock& clock) {
  if (context.cancel.cancelled()) return fail(cancelled("the client has left"));
  if (context.deadline_mono_ns != 0 && clock.mono_ns() > context.deadline_mono_ns)
    return fail(deadline_exceeded("the query took longer than its time limit"));
  return {};
}

Result<> QueryMemory::hold(uint64_t bytes) {
  if (bytes <= held_) {
    account_.shrink(held_ - bytes);
  } else if (!account_.try_grow(bytes - held_)) {
    return fail(resource_exhausted("the query needs more memory than memory_limit leaves for queries (it held " +
                                   std::to_string(held_ >> 10) +
                                   " KiB): narrow the time range, ask for less, or raise memory_limit"));
  }
  held_ = bytes;
  return {};
}

void add_reason(Completeness& completeness, std::string reason) {
  completeness.complete = false;
  if (completeness.reasons.size() < kMaxReasons) {
    completeness.reasons.push_back(std::move(reason));
  } else if (completeness.reasons.size() == kMaxReasons) {
    completeness.reasons.emplace_back("and more of the like");
  }
}

namespace {

struct Candidate {
  uint64_t start = 0;
  uint32_t unit = 0;
  uint32_t row = 0;
};

// The best rows so far, or the best row of each trace. "Better" is the request's order; ties go by unit and row so that
// an answer is repeatable. Holds at most about twice the limit: what is worse than `limit` others can never enter the
// answer, for a trace that is dropped comes back with its better row or not at all.
class Collector {
 public:
  Collector(Order order, size_t limit, bool distinct)
      : newest_first_(order == Order::kNewestFirst), limit_(limit), distinct_(distinct) {}

  void add(Candidate c, const TraceId& trace) {
    if (floor_ && !better(c, *floor_)) return;
    pruned_ = false;
    if (distinct_) {
      const auto [it, added] = by_trace_.emplace(trace, c);
      if (!added && better(c, it->second)) it->second = c;
    } else {
      rows_.push_back(c);
    }
    if (size() > limit_ && size() - limit_ >= std::max(limit_, kBatchRows)) prune();
  }

  /// True when no row of a block with these bounds can enter the answer any more.
  bool is_beyond(const SpanBlockMeta& meta) {
    if (limit_ == 0) return true;
    if (size() < limit_) return false;
    if (!pruned_) prune();
    return newest_first_ ? meta.max_start_ns < floor_->start : meta.min_start_ns > floor_->start;
  }

  std::vector<Candidate> take() {
    if (distinct_) {
      for (const auto& [trace, c] : by_trace_) rows_.push_back(c);
    }
    std::sort(rows_.begin(), rows_.end(), [this](const auto& a, const auto& b) { return better(a, b); });
    if (rows_.size() > limit_) rows_.resize(limit_);
    return std::move(rows_);
  }

  uint64_t footprint() const {
    return rows_.capacity() * sizeof(Candidate) +
           by_trace_.size() * (sizeof(TraceId) + sizeof(Candidate) + 4 * sizeof(void*));
  }

 private:
  size_t size() const { return distinct_ ? by_trace_.size() : rows_.size(); }
  bool better(const Candidate& a, const Candidate& b) const {
    if (a.start != b.start) return newest_first_ ? a.start > b.start : a.start < b.start;
    return a.unit != b.unit ? a.unit < b.unit : a.row < b.row;
  }

  // Keeps the best `limit` and remembers the worst of them. The order is total, so nothing ties with the floor.
  void prune() {
    if (distinct_) {
      rows_.clear();
      for (const auto& [trace, c] : by_trace_) rows_.push_back(c);
    }
    const auto last = rows_.begin() + static_cast<ptrdiff_t>(limit_ - 1);
    std::nth_element(rows_.begin(), last, rows_.end(), [this](const auto& a, const auto& b) { return better(a, b); });
    floor_ = *last;
    if (distinct_) {
      std::erase_if(by_trace_, [this](const auto& entry) { return better(*floor_, entry.second); });
      rows_.clear();
    } else {
      rows_.resize(limit_);
    }
    pruned_ = true;
  }

  const bool newest_first_;
  const size_t limit_;
  const bool distinct_;
  std::vector<Candidate> rows_;
  std::unordered_map<TraceId, Candidate> by_trace_;
  std::optional<Candidate> floor_;  // of the limit best so far, the worst
  bool pruned_ = false;             // nothing was added since floor_ was found
};

class Scan {
 public:
  Scan(const Context& context, Clock& clock, std::vector<Unit> units, const ScanRequest& request,
       const ScanLimits& limits, QueryMemory& memory)
      : context_(context),
        clock_(clock),
        units_(std::move(units)),
        request_(request),
        limits_(limits),
        memory_(memory),
        collector_(request.order, request.limit_rows, request.aggregate.has_value()) {}

  Result<Completeness> run(const std::function<bool(const ColumnBatch&)>& visit) {
    TRY(check_request());
    order_units();
    completeness_.blocks_total = units_.size();
    for (uint32_t u = 0; u < units_.size(); ++u) {
      TRY(check_context(context_, clock_));
      // Units are in order of their best bound: once one is beyond, all later ones are.
      if (collector_.is_beyond(units_[u].meta())) break;
      if (completeness_.bytes_inspected > (request_.limit_bytes != 0 ? request_.limit_bytes : limits_.bytes_max)) {
        add_reason(completeness_,
                   "stopped after " + std::to_string(completeness_.bytes_inspected) + " bytes read " +
                       (request_.limit_bytes != 0 ? "(the limit that was asked for)" : "(scan_bytes_max)"));
        break;
      }
      if (auto result = read_unit(u); !result) TRY(note_damage(u, std::move(result).error()));
      TRY(memory_.hold(collector_.footprint()));
    }
    TRY(emit(visit));
    return std::move(completeness_);
  }

 private:
  Result<> check_request() const {
    if (request_.table != contract::EventTable::kSpans) return fail(unimplemented("logs cannot be scanned yet"));
    if (request_.derived.empty() && !request_.aggregate) return {};
    const auto& a = request_.aggregate;
    const bool by_trace = a && a->op == contract::Aggregate::Op::kDistinct && a->by.size() == 1 &&
                          a->by[0] < request_.columns.size() &&
                          request_.columns[a->by[0]].scope == contract::FieldScope::kIntrinsic &&
                          request_.columns[a->by[0]].intrinsic == contract::Intrinsic::kTraceId;
    if (!by_trace || !request_.derived.empty())
      return fail(unimplemented("of aggregates and derived columns only distinct by trace id is there yet"));
    return {};
  }

  void order_units() {
    const bool newest = request_.order == Order::kNewestFirst;
    std::stable_sort(units_.begin(), units_.end(), [newest](const Unit& a, const Unit& b) {
      return newest ? a.meta().max_start_ns > b.meta().max_start_ns : a.meta().min_start_ns < b.meta().min_start_ns;
    });
  }

  Result<> read_unit(uint32_t u) {
    SpanBlock block = TRY(SpanBlock::open(units_[u].bytes()));
    const RowMask mask = TRY(match_rows(block, request_.time, request_.where));
    const auto& start = *TRY(block.numbers(wire::U64Field::kStart));
    const std::vector<TraceId>* ids = nullptr;
    const std::vector<uint32_t>* trace_of = nullptr;
    std::vector<uint8_t> wanted;
    if (request_.aggregate || !request_.traces.empty()) {
      ids = TRY(block.trace_ids());
      trace_of = TRY(block.trace_rows());
      wanted.assign(ids->size(), request_.traces.empty());
      for (size_t i = 0; i < ids->size() && !request_.traces.empty(); ++i)
        wanted[i] = std::binary_search(sorted_traces().begin(), sorted_traces().end(), (*ids)[i]);
    }
    for (uint32_t row = 0; row < mask.size(); ++row) {
      if (!mask[row] || (ids != nullptr && !wanted[(*trace_of)[row]])) continue;
      collector_.add({start[row], u, row}, ids != nullptr ? (*ids)[(*trace_of)[row]] : TraceId{});
    }
    ++completeness_.blocks_read;
    completeness_.rows_inspected += mask.size();
    completeness_.bytes_inspected += block.bytes_read();
    return {};
  }

  const std::vector<TraceId>& sorted_traces() {
    if (sorted_traces_.empty()) {
      sorted_traces_ = request_.traces;
      std::sort(sorted_traces_.begin(), sorted_traces_.end());
    }
    return sorted_traces_;
  }

  // Late materialisation: columns are read for the rows of the answer only, block by block, then put in order.
  Result<> emit(const std::function<bool(const ColumnBatch&)>& visit) {
    std::vector<Candidate> answer = collector_.take();
    const uint64_t held = answer.size() * (sizeof(Candidate) + request_.columns.size() * sizeof(model::Value));
    TRY(memory_.hold(held));
    std::vector<std::vector<model::Value>> cells(request_.columns.size(), std::vector<model::Value>(answer.size()));
    std::map<uint32_t, std::vector<size_t>> by_unit;
    for (size_t i = 0; i < answer.size(); ++i) by_unit[answer[i].unit].push_back(i);
    std::vector<uint8_t> lost(answer.size(), 0);
    for (const auto& [unit, places] : by_unit) {
      TRY(check_context(context_, clock_));
      if (auto result = fill(unit, places, answer, cells); !result) {
        TRY(note_damage(unit, std::move(result).error()));
        for (const size_t place : places) lost[place] = 1;
      }
      TRY(memory_.hold(held + arena_.footprint()));
    }
    hand_out(cells, lost, visit);
    return {};
  }

  Result<> fill(uint32_t unit, const std::vector<size_t>& places, const std::vector<Candidate>& answer,
                std::vector<std::vector<model::Value>>& cells) {
    SpanBlock block = TRY(SpanBlock::open(units_[unit].bytes()));
    std::vector<uint32_t> rows;
    for (const size_t place : places) rows.push_back(answer[place].row);
    for (size_t c = 0; c < cells.size(); ++c) {
      const auto values = TRY(read_cells(block, request_.columns[c], rows, arena_));
      for (size_t i = 0; i < places.size(); ++i) cells[c][places[i]] = values[i];
    }
    return {};
  }

  void hand_out(const std::vector<std::vector<model::Value>>& cells, const std::vector<uint8_t>& lost,
                const std::function<bool(const ColumnBatch&)>& visit) const {
    for (size_t at = 0; at < lost.size();) {
      ColumnBatch batch;
      batch.columns.resize(cells.size());
      for (; at < lost.size() && batch.rows < kBatchRows; ++at) {
        if (lost[at]) continue;
        for (size_t c = 0; c < cells.size(); ++c) batch.columns[c].push_back(cells[c][at]);
        ++batch.rows;
      }
      if (batch.rows > 0 && !visit(batch)) return;
    }
  }

  // A damaged block makes the answer incomplete; any other error is the query's own and ends it.
  Result<> note_damage(uint32_t unit, Error error) {
    if (error.code() != Code::kDataLoss) return fail(std::move(error));
    add_reason(completeness_, units_[unit].name() + ": " + error.message());
    return {};
  }

  const Context& context_;
  Clock& clock_;
  std::vector<Unit> units_;
  const ScanRequest& request_;
  const ScanLimits& limits_;
  QueryMemory& memory_;
  Collector collector_;
  Completeness completeness_;
  std::vector<TraceId> sorted_traces_;
  Arena arena_;
};

}  // namespace

Result<Completeness> run_scan(const Context& context, Clock& clock, std::vector<Unit> units, const ScanRequest& request,
                              const ScanLimits& limits, QueryMemory& memory,
                              const std::function<bool(const ColumnBatch&)>& visit) {
  return Scan(context, clock, std::move(units), request, limits, memory).run(visit);
}

}  // namespace tercet::store
