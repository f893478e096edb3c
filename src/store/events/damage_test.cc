// What the store does with damage, hostile batches, broken clocks, too little memory and several threads at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "io/sim_env.h"
#include "store/block/part_file.h"
#include "store/events/event_part_format.h"
#include "store/events/event_store.h"
#include "wire/events/span_block.h"

namespace tercet::store {
namespace {

using contract::ColumnBatch;
using contract::FieldScope;
using contract::Intrinsic;
using contract::ScanRequest;
using model::SpanBatch;
using model::Value;

constexpr uint64_t kDayNs = static_cast<uint64_t>(kDay);

SpanBatch batch_of_one(uint64_t trace, uint64_t start, uint64_t end) {
  SpanBatch b;
  b.resources.push_back({});
  b.scopes.push_back({});
  model::Span s;
  s.trace_id = {7, trace};
  s.span_id = {trace};
  s.name = "op";
  s.start_ns = start;
  s.end_ns = end;
  b.spans.push_back(s);
  return b;
}

class DamageTest : public testing::Test {
 protected:
  void SetUp() override { store_ = *EventStore::open(config_, sim_.env, "events"); }

  Result<> apply(std::string block) {
    contract::JournalEntry entry;
    entry.lsn = lsn_;
    entry.next = lsn_ += 100;
    entry.tenant = "default";
    entry.encoding = wire::kSpanBlockEncoding;
    entry.payload = std::make_shared<const std::string>(std::move(block));
    return store_->apply(entry);
  }
  void apply_span(uint64_t trace, uint64_t start = 100, uint64_t end = 200) {
    ASSERT_TRUE(apply(wire::encode_spans(batch_of_one(trace, start, end), {}, {})));
  }
  size_t spans_of(uint64_t trace) {
    auto found = store_->find_trace({}, {7, trace}, {});
    EXPECT_TRUE(found) << found.error().message();
    if (!found) return 0;
    complete_ = found->completeness.complete;
    return found->batch.spans.size();
  }
  std::vector<std::string> files_in(const std::string& folder) {
    std::vector<std::string> names;
    const auto entries = sim_.files->list(folder);
    if (!entries) return names;
    for (const auto& entry : *entries) {
      if (!entry.is_dir && entry.name != "MANIFEST") names.push_back(folder + "/" + entry.name);
    }
    return names;
  }
  // Flips a bit in the first blob of `kind`.
  void damage(const std::string& part, uint64_t kind) {
    const auto reader = PartReader::open(*sim_.files, part);
    ASSERT_TRUE(reader);
    for (const Blob& blob : reader->blobs()) {
      if (blob.kind != kind) continue;
      sim_.files->corrupt(part, blob.offset + blob.length / 2, 0x01);
      return;
    }
    FAIL() << "no such blob";
  }
  void reopen() {
    store_.reset();
    auto opened = EventStore::open(config_, sim_.env, "events");
    ASSERT_TRUE(opened) << opened.error().message();
    store_ = std::move(*opened);
  }

  io::SimEnv sim_;
  EventsConfig config_;
  std::unique_ptr<EventStore> store_;
  contract::Lsn lsn_ = 0;
  bool complete_ = false;
};

TEST_F(DamageTest, ABatchOfVeryManyKeysIsKeptThroughSealAndMerge) {
  config_.compact_parts = 2;
  reopen();
  for (uint64_t trace = 1; trace <= 2; ++trace) {
    SpanBatch b = batch_of_one(trace, 100, 200);
    for (uint32_t i = 0; i < 100'000; ++i)
      b.attributes.push_back({b.keep("key." + std::to_string(trace) + "." + std::to_string(i)), Value::integer(i)});
    b.spans[0].attributes = {0, 100'000};
    ASSERT_TRUE(apply(wire::encode_spans(b, {}, {})));
    ASSERT_TRUE(store_->flush({}));
  }
  const auto merged = store_->maintain();
  ASSERT_TRUE(merged) << merged.error().message();
  EXPECT_EQ(store_->status().parts, 1u);
  const auto found = store_->find_trace({}, {7, 2}, {});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->batch.attributes.size(), 100'000u);
  EXPECT_EQ(found->batch.attributes.back().key, "key.2.99999");
  ScanRequest request;
  request.where.kind = contract::Predicate::Kind::kCompare;
  request.where.field = {FieldScope::kAny, Intrinsic::kName, "key.1.99999"};
  request.where.op = contract::CompareOp::kEqual;
  request.where.literal = int64_t{99'999};
  request.columns = {{FieldScope::kIntrinsic, Intrinsic::kStart, {}}};
  size_t rows = 0;
  ASSERT_TRUE(store_->scan({}, request, [&](const ColumnBatch& batch) {
    rows += batch.rows;
    return true;
  }));
  EXPECT_EQ(rows, 1u) << "keys without a column of their own are found all the same";
}

TEST_F(DamageTest, RowsWithLongTextsMakeSmallerBlocks) {
  const std::string prompt(1 << 20, 'p');
  for (uint64_t i = 1; i <= 40; ++i) {
    SpanBatch b = batch_of_one(i, 100, 200);
    b.attributes.push_back({"prompt", Value::string(prompt)});
    b.spans[0].attributes = {0, 1};
    ASSERT_TRUE(apply(wire::encode_spans(b, {}, {})));
  }
  ASSERT_TRUE(store_->flush({}));
  const auto result = store_->scan({}, {}, [](const ColumnBatch&) { return true; });
  ASSERT_TRUE(result);
  EXPECT_EQ(result->blocks_total, 2u);
  EXPECT_EQ(spans_of(40), 1u);
}

TEST_F(DamageTest, AnUnreadableBlockOfTheHeadIsSetAsideAndTheRestIsSealed) {
  apply_span(1);
  // The journal gives whole records, so this stands for a defect of the encoder: the end of the block is nonsense, what
  // apply() looks at is sound.
  SpanBatch b = batch_of_one(2, 100, 200);
  b.attributes.push_back({"key", Value::string("value")});
  b.spans[0].attributes = {0, 1};
  std::string block = wire::encode_spans(b, {}, {});
  const size_t at = block.rfind("value");
  ASSERT_NE(at, std::string::npos);
  for (size_t i = at - 3; i < at; ++i) block[i] = '\x7f';  // counts and lengths of the column
  ASSERT_TRUE(apply(block));
  apply_span(3);
  ASSERT_TRUE(store_->flush({}));
  EXPECT_EQ(store_->cursor(), lsn_) << "the journal may forget";
  EXPECT_EQ(spans_of(1) + spans_of(3), 2u);
  ASSERT_EQ(files_in("events/quarantine").size(), 1u);
  EXPECT_EQ(*io::read_file(*sim_.files, files_in("events/quarantine")[0]), block);
  EXPECT_NE(sim_.log_text.find("moved to quarantine"), std::string::npos);
}

TEST_F(DamageTest, PartsWithoutTheirManifestAreNotDeleted) {
  apply_span(1);
  ASSERT_TRUE(store_->flush({}));
  const auto parts = files_in("events");
  ASSERT_EQ(parts.size(), 1u);
  store_.reset();
  ASSERT_TRUE(sim_.files->remove("events/MANIFEST"));
  const auto opened = EventStore::open(config_, sim_.env, "events");
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message().find("MANIFEST"), std::string::npos);
  EXPECT_EQ(files_in("events"), parts);
}

TEST_F(DamageTest, AnErrorThatIsNoDamageSetsNothingAside) {
  apply_span(1);
  ASSERT_TRUE(store_->flush({}));
  store_.reset();
  sim_.files->inject({io::FileOp::kOpen, io::FaultKind::kEnospc, 1, true, ".tpart"});
  EXPECT_FALSE(EventStore::open(config_, sim_.env, "events")) << "no descriptors left, say";
  sim_.files->clear_faults();
  reopen();
  EXPECT_EQ(store_->status().quarantined_parts, 0u);
  EXPECT_EQ(spans_of(1), 1u);
}

TEST_F(DamageTest, AFailedSealLeavesNoFilesBehind) {
  for (uint64_t day = 1; day <= 4; ++day) apply_span(day, day * kDayNs, day * kDayNs + 1);
  for (uint64_t n = 1; n <= 20; ++n) {
    sim_.files->inject({io::FileOp::kWrite, io::FaultKind::kEnospc, n, true, ".tpart"});
    const bool sealed = store_->flush({}).has_value();
    sim_.files->clear_faults();
    if (sealed) break;
    EXPECT_TRUE(files_in("events").empty()) << "a full disk must not be filled further by every try; write " << n;
  }
  ASSERT_TRUE(store_->flush({}));
  EXPECT_EQ(files_in("events").size(), 4u);
}

TEST_F(DamageTest, ADamagedTraceIndexHidesNothing) {
  for (const uint64_t kind : {kBlobTraceIndex, kBlobTraceFilter}) {
    SCOPED_TRACE(kind);
    apply_span(kind);
    ASSERT_TRUE(store_->flush({}));
    const auto parts = files_in("events");
    damage(parts.back(), kind);
    reopen();
    EXPECT_EQ(spans_of(kind), 1u);
    EXPECT_TRUE(complete_);
  }
}

TEST_F(DamageTest, OneDamagedPartKeepsNeitherMergesNorRetentionFromTheirWork) {
  config_.compact_parts = 2;
  reopen();
  for (uint64_t trace = 1; trace <= 3; ++trace) {
    apply_span(trace);
    ASSERT_TRUE(store_->flush({}));
  }
  damage(files_in("events")[0], kBlobSpanBlock);
  reopen();
  const auto round = store_->maintain();
  ASSERT_TRUE(round) << round.error().message();
  EXPECT_EQ(store_->status().parts, 2u) << "the two good ones are one";
  EXPECT_EQ(spans_of(2) + spans_of(3), 2u);
  EXPECT_EQ(spans_of(1), 0u);
  EXPECT_FALSE(complete_) << "and queries say so";
  EXPECT_EQ(*store_->remove({}, {}), 3u) << "deletion does not need to read what goes whole";
  EXPECT_EQ(store_->status().parts, 0u);
}

TEST_F(DamageTest, ADamagedBlockLeavesOutItsRowsOnlyWhereverTheDamageLies) {
  apply_span(1, 100);
  ASSERT_TRUE(store_->flush({}));
  const auto part = files_in("events")[0];
  apply_span(2, 300, 400);
  ASSERT_TRUE(store_->flush({}));
  Blob block;
  {
    const auto reader = PartReader::open(*sim_.files, part);
    ASSERT_TRUE(reader);
    block = reader->blobs()[0];
  }
  ScanRequest request;
  request.columns = {{FieldScope::kIntrinsic, Intrinsic::kStart, {}}, {FieldScope::kIntrinsic, Intrinsic::kName, {}}};
  size_t partial = 0;
  for (uint64_t byte = block.offset; byte < block.offset + block.length; ++byte) {
    sim_.files->corrupt(part, byte, 0x04);
    reopen();
    std::vector<int64_t> starts;
    const auto result = store_->scan({}, request, [&](const ColumnBatch& batch) {
      for (const Value& v : batch.columns[0]) starts.push_back(v.as_int());
      return true;
    });
    sim_.files->corrupt(part, byte, 0x04);
    ASSERT_TRUE(result) << result.error().message();
    ASSERT_EQ(starts.front(), 300) << "the other part's row is there whatever happened to this one";
    ASSERT_EQ(result->complete, starts.size() == 2u) << "byte " << byte;
    partial += !result->complete;
  }
  EXPECT_GT(partial, 0u);
}

TEST_F(DamageTest, StampsUpToTheEndOfTimeAreFoundAndDeleted) {
  const uint64_t far = UINT64_MAX - 10;
  apply_span(1, far, far + 5);
  apply_span(2, far, 3);  // its end wrapped round or its clock stepped
  apply_span(3, 0, UINT64_MAX);
  for (int round = 0; round < 2; ++round) {
    SCOPED_TRACE(round == 0 ? "head" : "part");
    EXPECT_EQ(spans_of(1) + spans_of(2) + spans_of(3), 3u);
    ScanRequest request;
    request.columns = {{FieldScope::kIntrinsic, Intrinsic::kDuration, {}}};
    std::vector<int64_t> durations;
    ASSERT_TRUE(store_->scan({}, request, [&](const ColumnBatch& batch) {
      for (const Value& v : batch.columns[0]) durations.push_back(v.as_int());
      return true;
    }));
    ASSERT_EQ(durations.size(), 3u);
    EXPECT_EQ(std::count(durations.begin(), durations.end(), 0), 1) << "an end before the start is no duration";
    request.time = {-100, -1};
    const auto before = store_->scan(
        {}, request, [](const ColumnBatch&) { return ADD_FAILURE() << "nothing lies before 1970", false; });
    ASSERT_TRUE(before);
    ASSERT_TRUE(store_->flush({}));
  }
  EXPECT_EQ(*store_->remove({}, {-5, -1}), 0u);
  EXPECT_EQ(*store_->remove({}, {1, INT64_MAX}), 2u);
  EXPECT_EQ(spans_of(3), 1u);
  EXPECT_EQ(*store_->remove({}, {}), 1u);
}

TEST_F(DamageTest, DistinctTracesEqualAPlainModel) {
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    SeededRandom random(seed);
    store_.reset();
    io::SimEnv sim(seed);
    store_ = *EventStore::open(config_, sim.env, "events");
    std::map<model::TraceId, uint64_t> newest;
    for (int block = 0; block < 6; ++block) {
      SpanBatch b = batch_of_one(1, 0, 0);
      b.spans.clear();
      for (int i = 0; i < 800; ++i) {
        model::Span s;
        s.trace_id = {7, 1 + random.below(seed % 2 ? 50 : 5000)};
        s.span_id = {1 + random.below(1u << 30)};
        s.start_ns = 1000 + random.below(3000);
        s.end_ns = s.start_ns;
        newest[s.trace_id] = std::max(newest[s.trace_id], s.start_ns);
        b.spans.push_back(s);
      }
      ASSERT_TRUE(apply(wire::encode_spans(b, {}, {})));
      if (random.below(2) == 0) {
        ASSERT_TRUE(store_->flush({}));
      }
    }
    std::vector<uint64_t> wanted;
    for (const auto& [trace, start] : newest) wanted.push_back(start);
    std::sort(wanted.rbegin(), wanted.rend());
    for (const size_t limit : {size_t{1}, size_t{7}, size_t{300}, SIZE_MAX}) {
      ScanRequest request;
      request.limit_rows = limit;
      request.columns = {{FieldScope::kIntrinsic, Intrinsic::kTraceId, {}},
                         {FieldScope::kIntrinsic, Intrinsic::kStart, {}}};
      request.aggregate = contract::Aggregate{contract::Aggregate::Op::kDistinct, {0}};
      std::vector<uint64_t> starts;
      ASSERT_TRUE(store_->scan({}, request, [&](const ColumnBatch& batch) {
        for (const Value& v : batch.columns[1]) starts.push_back(static_cast<uint64_t>(v.as_int()));
        return true;
      }));
      ASSERT_EQ(starts, std::vector<uint64_t>(wanted.begin(),
                                              wanted.begin() + static_cast<ptrdiff_t>(std::min(limit, wanted.size()))));
    }
    store_.reset();
  }
}

TEST_F(DamageTest, QueriesAreRefusedWhenMemoryIsShort) {
  SpanBatch b = batch_of_one(1, 100, 200);
  b.spans.clear();
  for (uint64_t i = 1; i <= 20'000; ++i) {
    model::Span s = batch_of_one(i, i, i).spans[0];
    s.trace_id = {7, 1};
    b.spans.push_back(s);
  }
  ASSERT_TRUE(apply(wire::encode_spans(b, {}, {})));
  ScanRequest request;
  request.limit_rows = 20'000;
  request.columns = {{FieldScope::kIntrinsic, Intrinsic::kTraceId, {}}};
  const auto scan = [&] { return store_->scan({}, request, [](const ColumnBatch&) { return true; }); };
  EXPECT_TRUE(scan());
  EXPECT_EQ(sim_.memory.used_bytes(MemoryClass::kQuery), 0u) << "all of it is given back";
  MemoryAccount hog(sim_.memory, MemoryClass::kAlerts);
  ASSERT_TRUE(hog.try_grow(sim_.memory.limit_bytes() / 100 * 80 - sim_.memory.used_bytes() - 100'000));
  for (const Error& error : {scan().error(), store_->find_trace({}, {7, 1}, {}).error()}) {
    EXPECT_EQ(error.code(), Code::kResourceExhausted);
    EXPECT_NE(error.message().find("memory_limit"), std::string::npos) << error.message();
  }
  // Above all shares: merges pause, sealing goes on, for it is what gives memory back.
  ASSERT_TRUE(hog.try_grow(sim_.memory.limit_bytes()));
  ASSERT_TRUE(store_->maintain());
  ASSERT_TRUE(apply(wire::encode_spans(b, {}, {})));
  ASSERT_TRUE(store_->maintain());
  EXPECT_EQ(store_->status().head_rows, 0u) << "a head over its share is sealed early";
  EXPECT_EQ(sim_.memory.used_bytes(MemoryClass::kHead), 0u);
  EXPECT_EQ(sim_.memory.used_bytes(MemoryClass::kCompaction), 0u);
}

TEST_F(DamageTest, ManySmallBlocksAreMergedInBoundedRuns) {
  for (uint64_t i = 1; i <= 1500; ++i) apply_span(i);
  ASSERT_TRUE(store_->maintain());
  EXPECT_EQ(store_->status().head_rows, 1500u);
  EXPECT_EQ(spans_of(1) + spans_of(700) + spans_of(1500), 3u);
}

// Under TSan this is the test of the threads that the header promises.
TEST_F(DamageTest, ApplyMaintainAndScanAtOnce) {
  config_.compact_parts = 2;
  reopen();
  constexpr uint64_t kSpans = 600;
  std::atomic<uint64_t> applied{0};
  std::thread writer([&] {
    for (uint64_t i = 1; i <= kSpans; ++i) {
      EXPECT_TRUE(apply(wire::encode_spans(batch_of_one(i, i, i + 1), {}, {})));
      applied = i;
    }
  });
  std::thread maintenance([&] {
    while (applied < kSpans) {
      EXPECT_TRUE(store_->maintain());
      EXPECT_TRUE(store_->flush({}));
    }
  });
  while (applied < kSpans) {
    const uint64_t there = applied;
    ScanRequest request;
    request.limit_rows = kSpans;
    request.columns = {{FieldScope::kIntrinsic, Intrinsic::kStart, {}}};
    uint64_t rows = 0;
    const auto result = store_->scan({}, request, [&](const ColumnBatch& batch) {
      rows += batch.rows;
      return true;
    });
    EXPECT_TRUE(result && result->complete);
    EXPECT_GE(rows, there) << "what was applied is seen, wherever it lies";
    (void)store_->cursor();
    (void)store_->status();
  }
  writer.join();
  maintenance.join();
  EXPECT_EQ(store_->status().head_rows + store_->status().part_rows, kSpans);
}

}  // namespace
}  // namespace tercet::store
