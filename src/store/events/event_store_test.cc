#include "store/events/event_store.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "io/sim_env.h"
#include "wire/events/span_block.h"

namespace tercet::store {
namespace {

using contract::ColumnBatch;
using contract::CompareOp;
using contract::Field;
using contract::FieldScope;
using contract::Intrinsic;
using contract::Predicate;
using contract::ScanRequest;
using model::SpanBatch;
using model::Value;

struct TestSpan {
  uint64_t trace = 1;
  uint64_t id = 1;
  std::string service = "svc";
  std::string name = "op";
  uint64_t start = 0;
  uint64_t end = 0;
  int64_t status_code = 200;
};

std::shared_ptr<const std::string> block_of(const std::vector<TestSpan>& spans) {
  SpanBatch b;
  for (const TestSpan& t : spans) {
    b.attributes.push_back({"service.name", Value::string(b.keep(t.service))});
    b.resources.push_back({{static_cast<uint32_t>(b.attributes.size() - 1), 1}, 0, {}});
    b.scopes.push_back({static_cast<uint32_t>(b.resources.size() - 1), "lib", "", {}, 0, {}});
    model::Span s;
    s.trace_id = {7, t.trace};
    s.span_id = {t.id};
    s.scope = static_cast<uint32_t>(b.scopes.size() - 1);
    s.name = b.keep(t.name);
    s.start_ns = t.start;
    s.end_ns = t.end;
    s.attributes = {static_cast<uint32_t>(b.attributes.size()), 1};
    b.attributes.push_back({"http.status_code", Value::integer(t.status_code)});
    b.spans.push_back(s);
  }
  return std::make_shared<const std::string>(wire::encode_spans(b, {}, {}));
}

class EventStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    config_.block_rows = 256;
    store_ = *EventStore::open(config_, sim_.env, "events");
  }
  void apply(const std::vector<TestSpan>& spans, std::string_view tenant = "default") {
    contract::JournalEntry entry;
    entry.lsn = lsn_;
    entry.next = lsn_ += 100;
    entry.tenant = tenant;
    entry.encoding = wire::kSpanBlockEncoding;
    entry.payload = block_of(spans);
    ASSERT_TRUE(store_->apply(entry));
  }
  void reopen() {
    store_.reset();
    store_ = *EventStore::open(config_, sim_.env, "events");
  }
  std::vector<uint64_t> starts(const ScanRequest& request, const std::string& tenant = "default") {
    contract::Context context;
    context.tenant = tenant;
    ScanRequest r = request;
    r.columns = {{FieldScope::kIntrinsic, Intrinsic::kStart, {}}};
    std::vector<uint64_t> out;
    const auto result = store_->scan(context, r, [&](const ColumnBatch& batch) {
      for (const Value& v : batch.columns[0]) out.push_back(static_cast<uint64_t>(v.as_int()));
      return true;
    });
    EXPECT_TRUE(result) << result.error().message();
    if (result) completeness_ = *result;
    return out;
  }
  size_t trace_spans(uint64_t trace, const std::string& tenant = "default") {
    contract::Context context;
    context.tenant = tenant;
    const auto found = store_->find_trace(context, {7, trace}, {});
    EXPECT_TRUE(found) << found.error().message();
    return found ? found->batch.spans.size() : 0;
  }

  io::SimEnv sim_;
  EventsConfig config_;
  std::unique_ptr<EventStore> store_;
  contract::Lsn lsn_ = 0;
  contract::Completeness completeness_;
};

Predicate compare(Field field, CompareOp op, contract::Literal literal) {
  Predicate p;
  p.kind = Predicate::Kind::kCompare;
  p.field = std::move(field);
  p.op = op;
  p.literal = std::move(literal);
  return p;
}

const Field kStatusCode{FieldScope::kAny, Intrinsic::kName, "http.status_code"};
const Field kService{FieldScope::kIntrinsic, Intrinsic::kService, {}};
const Field kDuration{FieldScope::kIntrinsic, Intrinsic::kDuration, {}};

TEST_F(EventStoreTest, FindsTracesInTheHeadInPartsAndAfterReopening) {
  apply({{1, 1, "a", "x", 100, 200}, {2, 2, "a", "y", 150, 160}});
  apply({{1, 3, "b", "z", 120, 180}});
  EXPECT_EQ(trace_spans(1), 2u);
  ASSERT_TRUE(store_->flush({}));
  EXPECT_EQ(trace_spans(1), 2u);
  EXPECT_EQ(trace_spans(2), 1u);
  EXPECT_EQ(trace_spans(3), 0u);
  EXPECT_EQ(store_->cursor(), lsn_);
  apply({{1, 4, "c", "late", 90, 95}});
  EXPECT_EQ(trace_spans(1), 3u) << "head and part together";
  reopen();
  EXPECT_EQ(trace_spans(1), 2u) << "what was not sealed is the journal's to bring back";
  EXPECT_EQ(store_->cursor(), lsn_ - 100);
}

TEST_F(EventStoreTest, ARetriedBatchIsShownOnce) {
  apply({{1, 1, "a", "x", 100, 200}});
  apply({{1, 1, "a", "x", 100, 200}});
  EXPECT_EQ(trace_spans(1), 1u);
  ASSERT_TRUE(store_->flush({}));
  EXPECT_EQ(trace_spans(1), 1u);
}

TEST_F(EventStoreTest, ScansNewestFirstWithLimitAcrossHeadAndParts) {
  std::vector<uint64_t> all;
  for (uint64_t i = 0; i < 1000; ++i) {
    const uint64_t start = 1'000'000 + (i * 7919) % 1000;  // any order
    apply({{i, i + 1, i % 2 ? "odd" : "even", "op", start, start + 10}});
    all.push_back(start);
    if (i == 400 || i == 700) {
      ASSERT_TRUE(store_->flush({}));
    }
  }
  std::sort(all.rbegin(), all.rend());
  ScanRequest request;
  request.limit_rows = 50;
  EXPECT_EQ(starts(request), std::vector<uint64_t>(all.begin(), all.begin() + 50));
  request.limit_rows = 5000;
  EXPECT_EQ(starts(request), all);
  std::reverse(all.begin(), all.end());
  request.order = contract::Order::kOldestFirst;
  request.limit_rows = 10;
  EXPECT_EQ(starts(request), std::vector<uint64_t>(all.begin(), all.begin() + 10));
  EXPECT_TRUE(completeness_.complete);
}

TEST_F(EventStoreTest, PredicatesAndTime) {
  apply({{1, 1, "a", "x", 100, 200, 200}, {2, 2, "a", "y", 300, 310, 500}, {3, 3, "b", "x", 500, 900, 404}});
  for (int round = 0; round < 2; ++round) {
    SCOPED_TRACE(round == 0 ? "head" : "part");
    ScanRequest request;
    request.where = compare(kStatusCode, CompareOp::kGreaterEqual, int64_t{404});
    EXPECT_EQ(starts(request), (std::vector<uint64_t>{500, 300}));
    request.where = compare(kStatusCode, CompareOp::kEqual, std::string("500"));
    EXPECT_TRUE(starts(request).empty()) << "text does not equal a number ...";
    request.where.loose = true;
    EXPECT_EQ(starts(request), std::vector<uint64_t>{300}) << "... unless asked loosely";
    request.where = compare(kService, CompareOp::kEqual, std::string("b"));
    EXPECT_EQ(starts(request), std::vector<uint64_t>{500});
    request.where = compare(kDuration, CompareOp::kLess, int64_t{100});
    EXPECT_EQ(starts(request), std::vector<uint64_t>{300});
    Predicate negated;
    negated.kind = Predicate::Kind::kNot;
    negated.children = {
        compare({FieldScope::kAny, Intrinsic::kName, "nobody.has"}, CompareOp::kNotEqual, std::string("x"))};
    request.where = negated;
    EXPECT_EQ(starts(request).size(), 3u) << "a row without the field fails the comparison, and not turns that round";
    request.where = {};
    request.time = {205, 400};
    EXPECT_EQ(starts(request), std::vector<uint64_t>{300});
    request.time = {150, 150};
    EXPECT_EQ(starts(request), std::vector<uint64_t>{100}) << "a span counts from start to end";
    ASSERT_TRUE(store_->flush({}));
  }
}

TEST_F(EventStoreTest, TenantsDoNotSeeEachOther) {
  apply({{1, 1, "a", "x", 100, 200}}, "red");
  apply({{1, 2, "b", "x", 100, 200}, {2, 3, "b", "x", 100, 200}}, "blue");
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(trace_spans(1, "red"), 1u);
    EXPECT_EQ(trace_spans(1, "blue"), 1u);
    EXPECT_EQ(trace_spans(2, "red"), 0u);
    EXPECT_EQ(trace_spans(1), 0u);
    EXPECT_EQ(starts({}, "blue").size(), 2u);
    contract::Context red;
    red.tenant = "red";
    EXPECT_EQ(store_->field_values(red, kService, {}, 10)->size(), 1u);
    ASSERT_TRUE(store_->flush({}));
  }
  contract::Context red;
  red.tenant = "red";
  EXPECT_EQ(*store_->remove(red, {}), 1u);
  EXPECT_EQ(trace_spans(1, "red"), 0u);
  EXPECT_EQ(trace_spans(1, "blue"), 1u);
}

TEST_F(EventStoreTest, SmallBlocksAreMergedInTheHead) {
  for (uint64_t i = 0; i < 300; ++i) apply({{i, i + 1, "a", "x", i, i + 1}});
  ASSERT_TRUE(store_->maintain());
  EXPECT_EQ(store_->status().head_rows, 300u);
  EXPECT_EQ(trace_spans(17), 1u);
  ScanRequest request;
  request.limit_rows = 1000;
  EXPECT_EQ(starts(request).size(), 300u);
  EXPECT_LT(completeness_.blocks_total, 10u);
}

TEST_F(EventStoreTest, SealsByAgeCompactsAndForgetsInTime) {
  const uint64_t day = static_cast<uint64_t>(kDay);
  for (uint64_t i = 0; i < 8; ++i) {
    apply({{i, i + 1, "a", "x", 5 * day + i, 5 * day + i + 1}});
    EXPECT_EQ(store_->status().head_rows, 1u);
    sim_.clock.advance(config_.seal_after_ns);
    ASSERT_TRUE(store_->maintain());
    EXPECT_EQ(store_->status().head_rows, 0u);
  }
  EXPECT_LT(store_->status().parts, 6u) << "merged";
  EXPECT_EQ(store_->status().part_rows, 8u);
  for (uint64_t i = 0; i < 8; ++i) EXPECT_EQ(trace_spans(i), 1u);
  reopen();
  EXPECT_EQ(store_->status().part_rows, 8u);
  sim_.clock.advance(config_.traces_retention_ns + kDay);
  ASSERT_TRUE(store_->maintain());
  EXPECT_EQ(store_->status().parts, 0u);
  EXPECT_EQ(trace_spans(3), 0u);
}

TEST_F(EventStoreTest, OneBadClockNeitherDeletesNorKeeps) {
  apply({{1, 1, "a", "x", 0, 5},
         {2, 2, "a", "x", 9'000'000'000'000'000'000u, 9'000'000'000'000'000'001u},
         {3, 3, "a", "x", 100, 50}});
  ASSERT_TRUE(store_->flush({}));
  EXPECT_EQ(trace_spans(1) + trace_spans(2) + trace_spans(3), 3u) << "stamps of 1970 and 2255 arrived just now";
  sim_.clock.advance(config_.traces_retention_ns + kHour);
  ASSERT_TRUE(store_->maintain());
  EXPECT_EQ(store_->status().part_rows, 0u);
}

TEST_F(EventStoreTest, ADamagedPartIsSetAsideAndTheRestServes) {
  apply({{1, 1, "a", "x", 100, 200}});
  ASSERT_TRUE(store_->flush({}));
  apply({{2, 2, "a", "x", 100, 200}});
  ASSERT_TRUE(store_->flush({}));
  const auto entries = *sim_.files->list("events");
  std::string first;
  for (const auto& entry : entries) {
    if (entry.name.ends_with(".tpart") && first.empty()) first = "events/" + entry.name;
  }
  const auto size = (*sim_.files->open_read(first))->size();
  sim_.files->corrupt(first, *size - 20, 0xff);  // in the footer
  reopen();
  EXPECT_EQ(store_->status().quarantined_parts, 1u);
  EXPECT_EQ(trace_spans(1) + trace_spans(2), 1u);
  EXPECT_NE(sim_.log_text.find("quarantine"), std::string::npos);
}

TEST_F(EventStoreTest, ADamagedBlockMakesTheAnswerPartial) {
  apply({{1, 1, "a", "x", 100, 200}});
  ASSERT_TRUE(store_->flush({}));
  const auto entries = *sim_.files->list("events");
  for (const auto& entry : entries) {
    if (entry.name.ends_with(".tpart")) sim_.files->corrupt("events/" + entry.name, 40, 0x01);
  }
  reopen();
  EXPECT_TRUE(starts({}).empty());
  EXPECT_FALSE(completeness_.complete);
  ASSERT_EQ(completeness_.reasons.size(), 1u);
  EXPECT_NE(completeness_.reasons[0].find("checksum"), std::string::npos);
}

TEST_F(EventStoreTest, AFailedSealLosesNothingAndIsTriedAgain) {
  for (uint64_t n = 1; n <= 12; ++n) {
    SCOPED_TRACE(n);
    apply({{n, n, "a", "x", 100, 200}});
    const contract::Lsn before = store_->cursor();
    sim_.files->inject({io::FileOp::kWrite, io::FaultKind::kEnospc, n, true, {}});
    const auto result = store_->flush({});
    sim_.files->clear_faults();
    if (!result) {
      EXPECT_EQ(store_->cursor(), before);
      EXPECT_EQ(trace_spans(n), 1u);
    }
    ASSERT_TRUE(store_->flush({}));
    EXPECT_EQ(trace_spans(n), 1u);
    EXPECT_EQ(store_->cursor(), lsn_);
  }
}

TEST_F(EventStoreTest, CancelledAndLateQueriesStop) {
  apply({{1, 1, "a", "x", 100, 200}});
  contract::Context context;
  context.cancel.cancel();
  EXPECT_EQ(store_->find_trace(context, {7, 1}, {}).error().code(), Code::kCancelled);
  contract::Context late;
  late.deadline_mono_ns = 1;
  sim_.clock.advance(10);
  EXPECT_EQ(store_->scan(late, {}, [](const ColumnBatch&) { return true; }).error().code(), Code::kDeadlineExceeded);
}

TEST_F(EventStoreTest, NamesAndValues) {
  apply({{1, 1, "a", "x", 100, 200, 500}, {1, 2, "b", "y", 100, 200, 200}});
  EXPECT_EQ(*store_->field_names({}, FieldScope::kRecord, {}, 10), std::vector<std::string>{"http.status_code"});
  EXPECT_EQ(*store_->field_names({}, FieldScope::kResource, {}, 10), std::vector<std::string>{"service.name"});
  const auto codes = *store_->field_values({}, kStatusCode, {}, 10);
  ASSERT_EQ(codes.size(), 2u);
  EXPECT_EQ(codes[0].text, "200");
  EXPECT_EQ(codes[0].type, model::ValueType::kInt);
}

}  // namespace
}  // namespace tercet::store
