#include <gtest/gtest.h>

#include "io/sim_env.h"
#include "pipeline/core/span_pipeline.h"
#include "wire/events/span_block.h"

namespace tercet::pipeline {
namespace {

model::SpanBatch batch_of(size_t spans) {
  model::SpanBatch b;
  b.attributes.push_back({"service.name", model::Value::string("router")});
  b.resources.push_back({{0, 1}, 0, {}});
  b.scopes.push_back({});
  for (size_t i = 0; i < spans; ++i) {
    model::Span s;
    s.trace_id = {1, i + 1};
    s.span_id = {i + 1};
    b.spans.push_back(s);
  }
  return b;
}

class Recorder final : public contract::JournalConsumer {
 public:
  std::string_view name() const override { return "recorder"; }
  bool wants(contract::Signal) const override { return true; }
  Result<> apply(const contract::JournalEntry& entry) override {
    tenants.emplace_back(entry.tenant);
    payloads.push_back(entry.payload);
    return {};
  }
  contract::Lsn cursor() const override { return 0; }
  std::vector<std::string> tenants;
  std::vector<std::shared_ptr<const std::string>> payloads;
};

class RefusingStage final : public SpanStage {
 public:
  std::string_view name() const override { return "refusing"; }
  Result<> process(const contract::Context&, model::SpanBatch&) override { return fail(invalid_argument("no")); }
};

class PipelineTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(sim_.files->make_dirs("journal"));
    journal_ = *journal::Journal::open({}, sim_.env, "journal");
    journal_->add_consumer(recorder_);
    ASSERT_TRUE(journal_->start({}, journal::Journal::Drive::kManual));
  }
  io::SimEnv sim_;
  Recorder recorder_;
  std::unique_ptr<journal::Journal> journal_;
  LossLedger ledger_{sim_.metrics};
};

TEST_F(PipelineTest, TheAnswerWaitsForTheJournal) {
  SpanPipeline pipeline(sim_.env, *journal_, ledger_, {});
  contract::Context context;
  context.tenant = "red";
  int answers = 0;
  pipeline.consume(context, batch_of(3), [&](Result<contract::Accepted> r) {
    EXPECT_TRUE(r);
    ++answers;
  });
  EXPECT_EQ(answers, 0);
  EXPECT_TRUE(recorder_.payloads.empty());
  while (journal_->step()) {
  }
  EXPECT_EQ(answers, 1);
  ASSERT_EQ(recorder_.payloads.size(), 1u);
  EXPECT_EQ(recorder_.tenants[0], "red");
  EXPECT_EQ(wire::SpanBlock::open(*recorder_.payloads[0])->meta().rows, 3u);
  EXPECT_EQ(ledger_.accepted_total(contract::Signal::kTraces), 3u);
  EXPECT_EQ(sim_.memory.used_bytes(MemoryClass::kIngest), 0u);
}

TEST_F(PipelineTest, AnEmptyBatchSucceedsAtOnce) {
  SpanPipeline pipeline(sim_.env, *journal_, ledger_, {});
  bool ok = false;
  pipeline.consume({}, batch_of(0), [&](Result<contract::Accepted> r) { ok = r.has_value(); });
  EXPECT_TRUE(ok);
}

TEST_F(PipelineTest, AStageMayRefuseAndIsNamed) {
  std::vector<std::unique_ptr<SpanStage>> stages;
  stages.push_back(std::make_unique<RefusingStage>());
  SpanPipeline pipeline(sim_.env, *journal_, ledger_, std::move(stages));
  std::string message;
  pipeline.consume({}, batch_of(2), [&](Result<contract::Accepted> r) { message = r.error().message(); });
  EXPECT_EQ(message, "refusing: no");
  ASSERT_EQ(ledger_.losses().size(), 1u);
  EXPECT_EQ(ledger_.losses()[0].count, 2u);
  EXPECT_EQ(ledger_.losses()[0].sender, "router");
}

TEST_F(PipelineTest, MemoryAtItsLimitIsRetryable) {
  MemoryAccount hog(sim_.memory, MemoryClass::kAlerts);
  ASSERT_TRUE(hog.try_grow(sim_.memory.limit_bytes()));
  SpanPipeline pipeline(sim_.env, *journal_, ledger_, {});
  pipeline.consume({}, batch_of(2), [&](Result<contract::Accepted> r) {
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().code(), Code::kUnavailable);
    EXPECT_GT(r.error().retry_after().count(), 0);
  });
  EXPECT_EQ(ledger_.losses()[0].reason, "memory_limit");
}

TEST_F(PipelineTest, AFailedSyncIsAnErrorAndNothingIsShown) {
  SpanPipeline pipeline(sim_.env, *journal_, ledger_, {});
  sim_.files->inject({io::FileOp::kSyncData, io::FaultKind::kEio, 1, true, {}});
  int errors = 0;
  pipeline.consume({}, batch_of(1), [&](Result<contract::Accepted> r) { errors += !r; });
  while (journal_->step()) {
  }
  EXPECT_EQ(errors, 1);
  EXPECT_TRUE(recorder_.payloads.empty());
}

TEST(LossLedger, SendersAreCapped) {
  MetricRegistry registry;
  LossLedger ledger(registry);
  for (int i = 0; i < 1000; ++i) ledger.lost(contract::Signal::kTraces, "invalid_id", "sender-" + std::to_string(i), 1);
  const auto losses = ledger.losses();
  EXPECT_LE(losses.size(), MetricRegistry::kMaxChildren + 1);
  uint64_t total = 0;
  for (const Loss& loss : losses) total += loss.count;
  EXPECT_EQ(total, 1000u);
}

}  // namespace
}  // namespace tercet::pipeline
