#include "query/core/trace_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <set>

namespace tercet::query {
namespace {

using contract::ColumnBatch;
using contract::Intrinsic;
using model::Value;

struct Row {
  model::TraceId trace;
  uint64_t span = 1;
  uint64_t parent = 0;
  std::string service;
  std::string name;
  uint64_t start = 0;
  uint64_t end = 0;
  bool error = false;
  std::string team;  // attribute team.id; empty = lacks it
};

// The contract in its plainest form: rows in a vector, predicates of the kinds that the search uses.
class PlainSource final : public contract::EventSource {
 public:
  std::vector<Row> rows;
  int scans = 0;

  Result<contract::Completeness> scan(const contract::Context&, const contract::ScanRequest& request,
                                      const std::function<bool(const ColumnBatch&)>& visit) override {
    ++scans;
    std::vector<const Row*> hits;
    for (const Row& row : rows) {
      const bool in_time = static_cast<int64_t>(row.start) <= request.time.max_ns &&
                           static_cast<int64_t>(row.end) >= request.time.min_ns;
      const bool in_traces = request.traces.empty() ||
                             std::find(request.traces.begin(), request.traces.end(), row.trace) != request.traces.end();
      if (in_time && in_traces && matches(row, request.where)) hits.push_back(&row);
    }
    const bool newest = request.order == contract::Order::kNewestFirst;
    std::stable_sort(hits.begin(), hits.end(),
                     [&](const Row* a, const Row* b) { return newest ? a->start > b->start : a->start < b->start; });
    if (request.aggregate) {
      std::set<model::TraceId> seen;
      std::erase_if(hits, [&](const Row* r) { return !seen.insert(r->trace).second; });
    }
    if (hits.size() > request.limit_rows) hits.resize(request.limit_rows);
    ColumnBatch batch;
    batch.rows = hits.size();
    for (const auto& field : request.columns) {
      auto& column = batch.columns.emplace_back();
      for (const Row* row : hits) column.push_back(cell(*row, field));
    }
    visit(batch);
    return contract::Completeness{};
  }
  Result<contract::FoundTrace> find_trace(const contract::Context&, model::TraceId, contract::TimeRange) override {
    return contract::FoundTrace{};
  }
  Result<std::vector<std::string>> field_names(const contract::Context&, contract::FieldScope, contract::TimeRange,
                                               size_t) override {
    return std::vector<std::string>{};
  }
  Result<std::vector<contract::FieldValue>> field_values(const contract::Context&, const contract::Field&,
                                                         contract::TimeRange, size_t) override {
    return std::vector<contract::FieldValue>{};
  }

 private:
  static bool matches(const Row& row, const contract::Predicate& p) {
    if (p.kind == contract::Predicate::Kind::kTrue) return true;
    return text(row, p.field) == std::get<std::string>(p.literal);
  }
  static std::string text(const Row& row, const contract::Field& field) {
    if (field.scope != contract::FieldScope::kIntrinsic) return row.team;
    if (field.intrinsic == Intrinsic::kService) return row.service;
    return row.name;
  }
  Value cell(const Row& row, const contract::Field& field) {
    if (field.scope != contract::FieldScope::kIntrinsic) return row.team.empty() ? Value() : Value::string(row.team);
    std::string raw(16, '\0');
    switch (field.intrinsic) {
      case Intrinsic::kTraceId: row.trace.to_bytes(raw.data()); return Value::bytes(kept_.emplace_back(raw));
      case Intrinsic::kSpanId:
        model::SpanId{row.span}.to_bytes(raw.data());
        return Value::bytes(kept_.emplace_back(raw.substr(0, 8)));
      case Intrinsic::kParentSpanId:
        model::SpanId{row.parent}.to_bytes(raw.data());
        return row.parent == 0 ? Value() : Value::bytes(kept_.emplace_back(raw.substr(0, 8)));
      case Intrinsic::kService: return Value::string(row.service);
      case Intrinsic::kName: return Value::string(row.name);
      case Intrinsic::kStart: return Value::integer(static_cast<int64_t>(row.start));
      case Intrinsic::kEnd: return Value::integer(static_cast<int64_t>(row.end));
      case Intrinsic::kStatus: return Value::string(row.error ? "error" : "ok");
      default: return Value();
    }
  }
  std::deque<std::string> kept_;
};

TraceSearchResult search(PlainSource& source, const TraceSearch& request) {
  auto result = search_traces(source, {}, request);
  EXPECT_TRUE(result) << result.error().message();
  return result ? std::move(*result) : TraceSearchResult{};
}

Row row(uint64_t trace, uint64_t span, uint64_t parent, uint64_t start, uint64_t end) {
  return {{0, trace}, span, parent, "svc", "op", start, end, false, ""};
}

TEST(TraceSearch, SumsATraceUp) {
  PlainSource source;
  Row root = row(1, 1, 0, 100, 200);
  root.name = "root";
  Row child = row(1, 2, 1, 90, 250);  // a clock ahead: it starts before its parent
  child.service = "other";
  child.error = true;
  source.rows = {child, root};
  const auto result = search(source, {});
  ASSERT_EQ(result.traces.size(), 1u);
  const TraceSummary& t = result.traces[0];
  EXPECT_EQ(t.root_name, "root") << "a span without a parent is the root, however late it starts";
  EXPECT_TRUE(t.root_found);
  EXPECT_EQ(t.start_ns, 90u);
  EXPECT_EQ(t.duration_ns(), 160u);
  EXPECT_EQ(t.services.at("other").errors, 1u);
  EXPECT_EQ(t.services.at("svc").spans, 1u);
}

TEST(TraceSearch, WithoutARootTheEarliestSpanNamesTheTrace) {
  PlainSource source;
  Row late = row(1, 2, 9, 200, 210);
  Row early = row(1, 3, 9, 100, 110);
  early.name = "early";
  source.rows = {late, early};
  const auto result = search(source, {});
  ASSERT_EQ(result.traces.size(), 1u);
  EXPECT_EQ(result.traces[0].root_name, "early");
  EXPECT_FALSE(result.traces[0].root_found);
}

TEST(TraceSearch, TagsMayBeMetByDifferentSpans) {
  PlainSource source;
  Row a = row(1, 1, 0, 100, 200);
  a.name = "wanted";
  Row b = row(1, 2, 1, 110, 120);
  b.team = "red";
  Row other = row(2, 1, 0, 300, 310);
  other.team = "red";
  source.rows = {a, b, other};
  const auto result = search(source, {{{"name", "wanted"}, {"team.id", "red"}}});
  ASSERT_EQ(result.traces.size(), 1u);
  EXPECT_EQ(result.traces[0].id, (model::TraceId{0, 1}));
  EXPECT_EQ(result.traces[0].matched.size(), 2u);
}

TEST(TraceSearch, DurationIsTheTraces) {
  PlainSource source;
  source.rows = {row(1, 1, 0, 100, 150), row(1, 2, 1, 150, 300), row(2, 1, 0, 100, 150)};
  TraceSearch request;
  request.min_duration_ns = 100;
  EXPECT_EQ(search(source, request).traces.size(), 1u);
  request.min_duration_ns = 0;
  request.max_duration_ns = 100;
  const auto result = search(source, request);
  ASSERT_EQ(result.traces.size(), 1u);
  EXPECT_EQ(result.traces[0].id, (model::TraceId{0, 2}));
}

TEST(TraceSearch, GoesFurtherBackWhenTheNewestDoNotMatch) {
  PlainSource source;
  for (uint64_t i = 1; i <= 2000; ++i)
    source.rows.push_back(row(i, 1, 0, 1000 + i * 10, 1000 + i * 10 + (i <= 5 ? 9 : 1)));
  TraceSearch request;
  request.min_duration_ns = 5;
  request.limit = 3;
  const auto result = search(source, request);
  ASSERT_EQ(result.traces.size(), 3u);
  EXPECT_EQ(result.traces[0].id.lo, 5u);
  EXPECT_EQ(result.traces[2].id.lo, 3u);
  EXPECT_TRUE(result.completeness.complete);
}

TEST(TraceSearch, NewestFirstUpToTheLimit) {
  PlainSource source;
  for (uint64_t i = 1; i <= 50; ++i) source.rows.push_back(row(i, 1, 0, i * 10, i * 10 + 1));
  TraceSearch request;
  request.limit = 7;
  const auto result = search(source, request);
  ASSERT_EQ(result.traces.size(), 7u);
  EXPECT_EQ(result.traces.front().id.lo, 50u);
  EXPECT_EQ(result.traces.back().id.lo, 44u);
  request.time = {100, 200};
  EXPECT_EQ(search(source, request).traces.front().id.lo, 20u);
}

TEST(TraceSearch, ARetriedSpanCountsOnce) {
  PlainSource source;
  source.rows = {row(1, 1, 0, 100, 200), row(1, 2, 1, 100, 150), row(1, 1, 0, 100, 200), row(1, 2, 1, 100, 150)};
  const auto result = search(source, {{{"name", "op"}}});
  ASSERT_EQ(result.traces.size(), 1u);
  EXPECT_EQ(result.traces[0].services.at("svc").spans, 2u);
  EXPECT_EQ(result.traces[0].matched_total, 2u);
}

TEST(TraceSearch, StampsOf1970AndOfFarAwayAreTimes) {
  PlainSource source;
  const uint64_t far = (uint64_t{1} << 63) + 500;
  source.rows = {row(1, 1, 0, 0, 0), row(1, 2, 1, 70, 80), row(2, 1, 0, far, far + 5)};
  const auto result = search(source, {});
  const auto find = [&](uint64_t id) {
    return std::find_if(result.traces.begin(), result.traces.end(), [&](const auto& t) { return t.id.lo == id; });
  };
  ASSERT_NE(find(1), result.traces.end());
  EXPECT_EQ(find(1)->start_ns, 0u);
  EXPECT_EQ(find(1)->duration_ns(), 80u);
}

// Every trace of the source is visited before a search gives up, also where hundreds start in the same nanosecond.
TEST(TraceSearch, RoundsMissNothingAndEnd) {
  PlainSource source;
  for (uint64_t i = 1; i <= 3000; ++i) source.rows.push_back(row(i, 1, 0, 1000 + i / 1000, 1002 + i / 1000));
  source.rows.push_back(row(5000, 1, 0, 1000, 1900));
  TraceSearch request;
  request.min_duration_ns = 500;
  const auto result = search(source, request);
  ASSERT_EQ(result.traces.size(), 1u);
  EXPECT_EQ(result.traces[0].id.lo, 5000u);
  EXPECT_TRUE(result.completeness.complete);
  request.min_duration_ns = 5000;
  source.scans = 0;
  EXPECT_TRUE(search(source, request).traces.empty());
  EXPECT_LE(source.scans, 100);
}

TEST(TraceSearch, GivingUpIsSaid) {
  PlainSource source;
  for (uint64_t i = 1; i <= 14'000; ++i) source.rows.push_back(row(i, 1, 0, i, i + 1));
  TraceSearch request;
  request.min_duration_ns = 500;
  const auto result = search(source, request);
  EXPECT_TRUE(result.traces.empty());
  EXPECT_FALSE(result.completeness.complete);
  ASSERT_EQ(result.completeness.reasons.size(), 1u);
  EXPECT_NE(result.completeness.reasons[0].find("stopped after 12800 traces"), std::string::npos)
      << result.completeness.reasons[0];
}

TEST(TraceSearch, TooManyTagsAreRefused) {
  PlainSource source;
  TraceSearch request;
  for (int i = 0; i < 64; ++i) request.tags.emplace_back("k" + std::to_string(i), "v");
  EXPECT_FALSE(search_traces(source, {}, request));
}

}  // namespace
}  // namespace tercet::query
