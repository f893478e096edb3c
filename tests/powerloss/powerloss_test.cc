// The journal loses power at every sync and at many other operations, for many seeds; devices fail once or for ever;
// bits flip. What was promised must be there. The rig itself is proven by a canary: a disk that lies about syncs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "tests/powerloss/rig.h"

namespace tercet::powerloss {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint64_t kSeeds = 200;

TEST(PowerLoss, NothingPromisedIsLostAtAnyPoint) {
  std::vector<std::string> problems;
  Totals totals;
  // Every tenth life is long enough to go through many segments and drop several at once.
  for (uint64_t seed = 1; seed <= kSeeds; ++seed)
    Life(seed, {.steps = seed % 10 == 0 ? 60 : 12}, problems, totals).live();
  EXPECT_THAT(problems, IsEmpty());
  // The rig must have had something to check.
  EXPECT_GT(totals.crashes, kSeeds * 30);
  EXPECT_GT(totals.promises, totals.crashes);
  EXPECT_GT(totals.survived, 100) << "records on the disk before their sync returned";
  RecordProperty("crashes", std::to_string(totals.crashes));
  std::printf("%lu crashes, %lu promises checked, %lu unpromised records survived\n", totals.crashes, totals.promises,
              totals.survived);
}

TEST(PowerLoss, TheCanaryIsCaught) {
  std::vector<std::string> problems;
  Totals totals;
  for (uint64_t seed = 1; seed <= 5; ++seed) Life(seed, {.lie_about_sync = true}, problems, totals).live();
  EXPECT_THAT(problems, ::testing::Contains(HasSubstr("is lost"))) << "a disk that does not sync must lose promises";
}

struct FaultCase {
  io::FileOp op;
  io::FaultKind kind;
  bool forever;
};

class Faults : public ::testing::TestWithParam<FaultCase> {};

TEST_P(Faults, NothingPromisedIsLostWhicheverOperationFails) {
  const FaultCase& c = GetParam();
  std::vector<std::string> problems;
  Totals totals;
  uint64_t n = 1;
  for (bool struck = true; struck; ++n) {
    ASSERT_LT(n, 1000);
    Options options{.steps = 10, .other_operations = 1000, .lives = 1, .restarts = false};
    options.syncs = 4;
    options.fault = io::Fault{.op = c.op, .kind = c.kind, .nth = n, .forever = c.forever};
    Life life(n, options, problems, totals);
    life.live();
    struck = life.disk().count(c.op) >= n;
    // The process is restarted on the same machine, whose cache shows what may not be on the disk; then power is lost.
    if (life.journal() != nullptr) life.kill();
    life.disk().clear_faults();
    if (!life.open()) continue;
    life.work(3);
    EXPECT_EQ(life.journal()->status().state, journal::State::kRunning) << "n = " << n;
    life.crash_here();
  }
  EXPECT_GT(n, 3) << "the operation never came";
  EXPECT_THAT(problems, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Every, Faults,
                         ::testing::Values(FaultCase{io::FileOp::kWrite, io::FaultKind::kEio, false},
                                           FaultCase{io::FileOp::kWrite, io::FaultKind::kEio, true},
                                           FaultCase{io::FileOp::kWrite, io::FaultKind::kEnospc, false},
                                           FaultCase{io::FileOp::kWrite, io::FaultKind::kShortWrite, false},
                                           FaultCase{io::FileOp::kSyncData, io::FaultKind::kEio, false},
                                           FaultCase{io::FileOp::kSyncData, io::FaultKind::kEio, true},
                                           FaultCase{io::FileOp::kSyncDir, io::FaultKind::kEio, false},
                                           FaultCase{io::FileOp::kPreallocate, io::FaultKind::kEnospc, false},
                                           FaultCase{io::FileOp::kPreallocate, io::FaultKind::kEnospc, true},
                                           FaultCase{io::FileOp::kCreate, io::FaultKind::kEio, false},
                                           FaultCase{io::FileOp::kRename, io::FaultKind::kEio, false},
                                           FaultCase{io::FileOp::kOpen, io::FaultKind::kEio, false}));

class FaultsAtOpening : public ::testing::TestWithParam<io::FileOp> {};

TEST_P(FaultsAtOpening, LoseNothingWhicheverOperationFails) {
  std::vector<std::string> problems;
  Totals totals;
  uint64_t n = 1;
  for (bool struck = true; struck; ++n) {
    ASSERT_LT(n, 1000);
    Life life(n, {.lives = 0}, problems, totals);
    ASSERT_TRUE(life.open());
    life.work(8);
    life.kill();
    const uint64_t before = life.disk().count(GetParam());
    life.disk().inject({.op = GetParam(), .nth = n});
    const bool opened = life.open(false);
    struck = life.disk().count(GetParam()) >= before + n;
    life.disk().clear_faults();
    if (opened) life.kill();
    if (!life.open()) continue;
    life.work(3);
    life.crash_here();
  }
  EXPECT_GT(n, 2) << "the operation never came";
  EXPECT_THAT(problems, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Every, FaultsAtOpening,
                         ::testing::Values(io::FileOp::kOpen, io::FileOp::kRead, io::FileOp::kWrite,
                                           io::FileOp::kSyncData, io::FileOp::kSyncDir));

/// Lives through a workload without power loss, closes, and damages one record; the rest must be found.
TEST(Decay, AFlippedBitCostsOneRecordAndIsCounted) {
  constexpr uint64_t kRuns = 200;
  constexpr uint64_t kHead = 56;
  uint64_t flipped = 0;
  for (uint64_t seed = 1; seed <= kRuns; ++seed) {
    std::vector<std::string> problems;
    Totals totals;
    Life life(seed, {.lives = 0}, problems, totals);
    ASSERT_TRUE(life.open());
    life.work(15);
    SeededRandom random(seed);
    if (life.oracle().promised.empty()) continue;
    auto victim = life.oracle().promised.begin();
    std::advance(victim, random.below(life.oracle().promised.size()));
    life.close();
    // The segment that holds it is the last whose name is not past it.
    std::string segment;
    uint64_t first = 0;
    const auto entries = life.disk().list("journal").value();
    for (const auto& entry : entries) {
      if (!entry.name.ends_with(".seg") || entry.name.starts_with("spare")) continue;
      const uint64_t lsn = std::stoull(entry.name.substr(0, 16), nullptr, 16);
      if (lsn <= victim->second) {
        segment = "journal/" + entry.name;
        first = lsn;
      }
    }
    const std::string bytes = io::read_file(life.disk(), segment).value();
    const uint64_t at = 4096 + victim->second - first;
    const uint64_t body = load_le<uint32_t>(bytes.data() + at + 32) + load_le<uint16_t>(bytes.data() + at + 44);
    life.disk().corrupt(segment, at + random.below(kHead + body), static_cast<uint8_t>(1u << random.below(8)));
    ++flipped;

    std::vector<std::string> found;
    Life after(life.disk().crash(random), life.oracle(), seed, {.lives = 0}, found, totals);
    ASSERT_TRUE(after.open());
    EXPECT_THAT(found, ::testing::UnorderedElementsAre(HasSubstr("taken for damage"),
                                                       HasSubstr("record " + std::to_string(victim->first) + " at")))
        << "seed " << seed;
    EXPECT_EQ(after.journal()->status().damaged_bytes, (kHead + body + 7) / 8 * 8);
    EXPECT_EQ(after.journal()->status().damaged_regions, 1);
    EXPECT_EQ(after.journal()->status().torn_bytes, 0);
    EXPECT_THAT(problems, IsEmpty());
  }
  EXPECT_GT(flipped, kRuns / 2);
}

}  // namespace
}  // namespace tercet::powerloss
