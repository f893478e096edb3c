#include "query/core/trace_search.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace tercet::query {

using contract::ColumnBatch;
using contract::CompareOp;
using contract::Field;
using contract::FieldScope;
using contract::Intrinsic;
using contract::Predicate;
using contract::ScanRequest;
using model::TraceId;
using model::Value;

namespace {

// Rounds of "find candidates, look at the whole traces": each asks further back in time. Bounds the work of a search
// whose duration filter nothing meets.
constexpr int kMaxRounds = 50;
constexpr size_t kCandidatesPerRound = 256;
constexpr uint64_t kMaxSpansPerRound = 1'000'000;

Field intrinsic(Intrinsic which) { return {FieldScope::kIntrinsic, which, {}}; }

// Stamps beyond 63 bits keep their bits.
uint64_t number(const Value& v) { return static_cast<uint64_t>(v.as_int()); }

// Columns of the summary scan; tag columns follow them.
enum SummaryColumn : size_t { kTraceId, kSpanId, kParentId, kService, kName, kStart, kEnd, kStatus, kFirstTag };

struct Building {
  TraceSummary summary;
  bool has_root = false;
  uint64_t root_start = UINT64_MAX;
  uint64_t tags_met = 0;  // bit i: some span met tag i
  bool any = false;
  // Rows come oldest first, so copies of a span (a retried batch) are neighbours in time: ids of the newest start so
  // far.
  uint64_t newest_start = 0;
  std::unordered_set<uint64_t> ids_at_newest;
  std::vector<MatchedSpan> all_tags;
  std::vector<MatchedSpan> some_tags;
};

// Sources give 16 and 8 bytes; a span without an id lacks the cell.
TraceId trace_id(const Value& v) {
  return v.type() == model::ValueType::kBytes && v.text().size() == 16 ? TraceId::from_bytes(v.text().data())
                                                                       : TraceId{};
}
model::SpanId span_id(const Value& v) {
  return v.type() == model::ValueType::kBytes && v.text().size() == 8 ? model::SpanId::from_bytes(v.text().data())
                                                                      : model::SpanId{};
}

bool meets(const Value& value, const std::string& wanted) {
  return value.type() != model::ValueType::kEmpty && model::to_text(value) == wanted;
}

class Searcher {
 public:
  Searcher(contract::EventSource& source, const contract::Context& context, const TraceSearch& search)
      : source_(source), context_(context), search_(search) {}

  Result<TraceSearchResult> run() {
    contract::TimeRange time = search_.time;
    for (int round = 0; round < kMaxRounds; ++round) {
      const std::vector<TraceId> found = TRY(find_candidates(time));
      if (!found.empty()) TRY(summarize(found));
      if (result_.traces.size() >= search_.limit || exhausted_) break;
      if (!result_.completeness.complete) break;
      // Inclusive: others may start at the same nanosecond. Seen ones that come again have room in the next round's
      // limit.
      time.max_ns = static_cast<int64_t>(std::min<uint64_t>(oldest_start_, INT64_MAX));
      if (round + 1 == kMaxRounds) give_up();
    }
    auto& traces = result_.traces;
    std::sort(traces.begin(), traces.end(), [](const TraceSummary& a, const TraceSummary& b) {
      return a.start_ns != b.start_ns ? a.start_ns > b.start_ns : a.id < b.id;
    });
    if (traces.size() > search_.limit) traces.resize(search_.limit);
    return std::move(result_);
  }

 private:
  // The newest traces with a span that meets the rarest-looking tag and overlaps `time`.
  Result<std::vector<TraceId>> find_candidates(const contract::TimeRange& time) {
    ScanRequest request;
    request.time = time;
    request.columns = {intrinsic(Intrinsic::kTraceId), intrinsic(Intrinsic::kStart)};
    request.aggregate = contract::Aggregate{contract::Aggregate::Op::kDistinct, {0}};
    // Enough for one round, and more than those already seen, which come again where they overlap the edge.
    request.limit_rows = std::max(search_.limit, kCandidatesPerRound) + seen_.size();
    request.where = candidate_predicate();
    // Of those, one round takes a bounded number: the whole traces are looked at together. Rows come newest first, so
    // what is left out starts no later than the last row taken.
    const size_t most = std::max(search_.limit, kCandidatesPerRound);
    std::vector<TraceId> found;
    size_t rows = 0;
    auto completeness = TRY(source_.scan(context_, request, [&](const ColumnBatch& batch) {
      for (size_t row = 0; row < batch.rows && found.size() < most; ++row, ++rows) {
        oldest_start_ = std::min(oldest_start_, number(batch.columns[1][row]));
        const TraceId id = trace_id(batch.columns[0][row]);
        if (id.valid() && seen_.insert(id).second) found.push_back(id);
      }
      return found.size() < most;
    }));
    exhausted_ = found.size() < most && rows < request.limit_rows;
    result_.completeness.merge(std::move(completeness));
    return found;
  }

  Predicate candidate_predicate() const {
    Predicate where;
    const std::pair<std::string, std::string>* best = nullptr;
    for (const auto& tag : search_.tags) {
      // A service has many spans; any other tag narrows more.
      if (best == nullptr || best->first == "service.name" || best->first == "service") best = &tag;
    }
    return best == nullptr ? where : tag_predicate(best->first, best->second);
  }

  Result<> summarize(const std::vector<TraceId>& ids) {
    ScanRequest request;
    request.traces = ids;
    request.columns = {intrinsic(Intrinsic::kTraceId),      intrinsic(Intrinsic::kSpanId),
                       intrinsic(Intrinsic::kParentSpanId), intrinsic(Intrinsic::kService),
                       intrinsic(Intrinsic::kName),         intrinsic(Intrinsic::kStart),
                       intrinsic(Intrinsic::kEnd),          intrinsic(Intrinsic::kStatus)};
    for (const auto& [key, text] : search_.tags) request.columns.push_back(tag_predicate(key, text).field);
    request.order = contract::Order::kOldestFirst;
    request.limit_rows = kMaxSpansPerRound;
    std::unordered_map<TraceId, Building> building;
    uint64_t rows = 0;
    auto completeness = TRY(source_.scan(context_, request, [&](const ColumnBatch& batch) {
      rows += batch.rows;
      for (size_t row = 0; row < batch.rows; ++row) add_span(batch, row, building);
      return true;
    }));
    if (rows >= kMaxSpansPerRound) {
      completeness.complete = false;
      completeness.reasons.push_back(
          "traces with more than 1,000,000 spans together are summed up from their oldest ones");
    }
    result_.completeness.merge(std::move(completeness));
    const uint64_t all = search_.tags.size() >= 64 ? UINT64_MAX : (uint64_t{1} << search_.tags.size()) - 1;
    for (const TraceId& id : ids) {
      const auto it = building.find(id);
      if (it == building.end()) continue;
      Building& b = it->second;
      const uint64_t duration = b.summary.duration_ns();
      if ((b.tags_met & all) != all || duration < search_.min_duration_ns || duration > search_.max_duration_ns)
        continue;
      finish(b);
      result_.traces.push_back(std::move(b.summary));
    }
    return {};
  }

  void add_span(const ColumnBatch& batch, size_t row, std::unordered_map<TraceId, Building>& building) {
    const auto cell = [&](size_t column) -> const Value& { return batch.columns[column][row]; };
    const TraceId id = trace_id(cell(kTraceId));
    Building& b = building[id];
    TraceSummary& s = b.summary;
    const uint64_t start = number(cell(kStart));
    const uint64_t end = std::max(start, number(cell(kEnd)));
    if (start != b.newest_start) b.ids_at_newest.clear();
    b.newest_start = start;
    const model::SpanId span = span_id(cell(kSpanId));
    if (span.valid() && !b.ids_at_newest.insert(span.value).second) return;
    const std::string service(cell(kService).text());
    if (!b.any) {
      b.any = true;
      s.id = id;
      s.start_ns = start;
      s.end_ns = end;
    }
    s.start_ns = std::min(s.start_ns, start);
    s.end_ns = std::max(s.end_ns, end);
    ServiceStats& stats = s.services[service];
    ++stats.spans;
    if (cell(kStatus).text() == "error") ++stats.errors;
    const bool is_root = cell(kParentId).type() == model::ValueType::kEmpty;
    if ((is_root && !b.has_root) || (is_root == b.has_root && start < b.root_start)) {
      b.has_root = is_root;
      b.root_start = start;
      s.root_service = service;
      s.root_name = cell(kName).text();
    }
    add_match(batch, row, b, start, end);
  }

  void add_match(const ColumnBatch& batch, size_t row, Building& b, uint64_t start, uint64_t end) const {
    uint64_t met = 0;
    for (size_t t = 0; t < search_.tags.size(); ++t) {
      if (meets(batch.columns[kFirstTag + t][row], search_.tags[t].second)) met |= uint64_t{1} << t;
    }
    if (search_.tags.empty() || met == 0) return;
    b.tags_met |= met;
    const bool every = static_cast<size_t>(__builtin_popcountll(met)) == search_.tags.size();
    auto& list = every ? b.all_tags : b.some_tags;
    if (every) ++b.summary.matched_total;
    if (list.size() < search_.spans_per_trace) {
      list.push_back(
          {span_id(batch.columns[kSpanId][row]), std::string(batch.columns[kName][row].text()), start, end - start});
    }
  }

  static void finish(Building& b) {
    b.summary.root_found = b.has_root;
    if (b.all_tags.empty()) {
      b.summary.matched = std::move(b.some_tags);
      b.summary.matched_total = b.summary.matched.size();
    } else {
      b.summary.matched = std::move(b.all_tags);
    }
  }

  void give_up() {
    result_.completeness.complete = false;
    result_.completeness.reasons.push_back("stopped after " + std::to_string(seen_.size()) +
                                           " traces that did not match; narrow the time range or the tags");
  }

  contract::EventSource& source_;
  const contract::Context& context_;
  const TraceSearch& search_;
  TraceSearchResult result_;
  std::unordered_set<TraceId> seen_;
  uint64_t oldest_start_ = UINT64_MAX;
  bool exhausted_ = false;
};

}  // namespace

Predicate tag_predicate(const std::string& key, const std::string& text) {
  Predicate p;
  p.kind = Predicate::Kind::kCompare;
  p.op = CompareOp::kEqual;
  p.literal = text;
  p.loose = true;
  if (key == "name") {
    p.field = intrinsic(Intrinsic::kName);
  } else if (key == "status" || key == "status.code") {
    p.field = intrinsic(Intrinsic::kStatus);
  } else if (key == "kind" || key == "span.kind") {
    p.field = intrinsic(Intrinsic::kKind);
  } else if (key == "service" || key == "service.name") {
    p.field = intrinsic(Intrinsic::kService);
  } else {
    p.field = {FieldScope::kAny, Intrinsic::kName, key};
  }
  return p;
}

Result<TraceSearchResult> search_traces(contract::EventSource& source, const contract::Context& context,
                                        const TraceSearch& search) {
  if (search.tags.size() > 63) return fail(invalid_argument("more than 63 tags in one search"));
  if (search.limit == 0) return TraceSearchResult{};
  return Searcher(source, context, search).run();
}

}  // namespace tercet::query
