// What the journal promises while the machine stays up: order, answers, limits, refusals, trimming, reading, restarts.
#include "journal/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/sim_env.h"

namespace tercet::journal {
namespace {

using contract::JournalEntry;
using contract::Signal;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint64_t kSegment = 16 * 1024;

Config small() {
  return {.segment_bytes = kSegment, .bytes_max = 8 * kSegment, .compression_level = 0, .min_free_bytes = 0};
}

/// Keeps all it gets; its cursor moves when told to.
class Keeper final : public contract::JournalConsumer {
 public:
  explicit Keeper(std::string name = "keeper", std::optional<Signal> only = {}) : name_(std::move(name)), only_(only) {}
  std::string_view name() const override { return name_; }
  bool wants(Signal signal) const override { return !only_ || *only_ == signal; }
  Result<> apply(const JournalEntry& entry) override {
    if (refuse) return fail(internal_error("no"));
    entries.push_back(std::string(entry.tenant) + "/" + *entry.payload);
    last = entry;
    return {};
  }
  Lsn cursor() const override { return cursor_; }
  void set_cursor(Lsn lsn) { cursor_ = lsn; }

  std::vector<std::string> entries;
  JournalEntry last;
  bool refuse = false;

 private:
  std::string name_;
  std::optional<Signal> only_;
  std::atomic<Lsn> cursor_{0};
};

struct Rig {
  explicit Rig(Config c = small(), std::unique_ptr<io::SimFileSystem> disk = std::make_unique<io::SimFileSystem>())
      : env(std::move(disk), 1), config(c) {}

  void open(std::initializer_list<contract::JournalConsumer*> consumers) {
    auto opened = Journal::open(config, env.env, "journal");
    ASSERT_TRUE(opened) << opened.error().message();
    journal = std::move(*opened);
    for (auto* consumer : consumers) journal->add_consumer(*consumer);
    auto report = journal->start({}, Journal::Drive::kManual);
    ASSERT_TRUE(report) << report.error().message();
    replayed = *report;
  }
  /// Queues one record; its answer goes to `answers`: "ok" or the error's code.
  void queue(std::string payload, Signal signal = Signal::kTraces, std::string_view tenant = "default") {
    journal->append({tenant, signal, 1, std::make_shared<const std::string>(std::move(payload))},
                    [this](Result<Lsn> lsn) {
                      answers.push_back(lsn ? "ok" : std::string(code_name(lsn.error().code())));
                      if (lsn) lsns.push_back(*lsn);
                      if (!lsn) last_error = lsn.error();
                    });
  }
  bool append(std::string payload) {
    queue(std::move(payload));
    journal->step();
    return answers.back() == "ok";
  }
  std::vector<std::string> read(Lsn from, ReadFilter filter = {}) {
    std::vector<std::string> out;
    auto report = journal->read(from, UINT64_MAX, filter, [&](const JournalEntry& entry) {
      out.push_back(std::string(entry.tenant) + "/" + *entry.payload);
      return true;
    });
    EXPECT_TRUE(report) << report.error().message();
    return out;
  }

  io::SimEnv env;
  Config config;
  std::vector<std::string> answers;
  std::vector<Lsn> lsns;
  Error last_error = internal_error("none");
  ReplayReport replayed;
  std::unique_ptr<Journal> journal;
};

TEST(Journal, AnswersAfterSyncAndApplyInOrder) {
  Rig rig;
  Keeper keeper;
  rig.open({&keeper});
  rig.queue("a");
  rig.queue("b", Signal::kLogs, "other");
  EXPECT_THAT(rig.answers, IsEmpty());
  EXPECT_THAT(keeper.entries, IsEmpty());
  const uint64_t syncs = rig.env.files->count(io::FileOp::kSyncData);
  EXPECT_TRUE(rig.journal->step());
  EXPECT_FALSE(rig.journal->step());
  EXPECT_THAT(keeper.entries, ElementsAre("default/a", "other/b"));
  EXPECT_THAT(rig.answers, ElementsAre("ok", "ok"));
  EXPECT_EQ(rig.lsns[0], 8);
  EXPECT_LT(rig.lsns[0], rig.lsns[1]);
  EXPECT_EQ(keeper.last.lsn, rig.lsns[1]);
  EXPECT_EQ(keeper.last.next, rig.journal->durable());
  EXPECT_EQ(rig.env.files->count(io::FileOp::kSyncData), syncs + 1) << "one sync a group";
}

TEST(Journal, ConsumersGetOnlyTheirSignals) {
  Rig rig;
  Keeper logs("logs", Signal::kLogs);
  Keeper traces("traces", Signal::kTraces);
  rig.open({&logs, &traces});
  rig.queue("l", Signal::kLogs);
  rig.queue("t", Signal::kTraces);
  rig.queue("m", Signal::kSeries);
  rig.journal->step();
  EXPECT_THAT(logs.entries, ElementsAre("default/l"));
  EXPECT_THAT(traces.entries, ElementsAre("default/t"));
  EXPECT_THAT(rig.answers, ElementsAre("ok", "ok", "ok"));
}

TEST(Journal, ReplaysFromEachCursor) {
  Rig rig;
  {
    Keeper keeper;
    rig.open({&keeper});
    for (const char* payload : {"a", "b", "c"}) ASSERT_TRUE(rig.append(payload));
    rig.journal->close();
  }
  Keeper all("all");
  Keeper some("some");
  some.set_cursor(rig.lsns[1]);
  rig.journal.reset();
  rig.open({&all, &some});
  EXPECT_THAT(all.entries, ElementsAre("default/a", "default/b", "default/c"));
  EXPECT_THAT(some.entries, ElementsAre("default/b", "default/c"));
  EXPECT_EQ(rig.replayed.records, 3);
  EXPECT_EQ(rig.replayed.bytes, 3);
  EXPECT_EQ(rig.env.memory.used_bytes(MemoryClass::kReplay), 0);
  ASSERT_TRUE(rig.append("d"));
  EXPECT_EQ(all.entries.back(), "default/d");
}

TEST(Journal, FillsManySegmentsAndRecyclesThem) {
  Rig rig;
  Keeper keeper;
  rig.open({&keeper});
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(rig.append(std::string(1000, static_cast<char>('a' + i % 26)))) << rig.last_error.message();
    keeper.set_cursor(keeper.last.next);
  }
  EXPECT_EQ(keeper.entries.size(), 200);
  const JournalStatus status = rig.journal->status();
  EXPECT_LE(status.segments, 2);
  EXPECT_LE(status.bytes, 4 * kSegment);
  EXPECT_EQ(status.begin % 8, 0);
  EXPECT_GT(status.begin, 150'000);
  EXPECT_LE(rig.env.files->count(io::FileOp::kCreate), 6) << "recycled, not made anew";
  EXPECT_EQ(status.consumers[0].lag_bytes, 0);
}

TEST(Journal, AConsumerWithNothingOutstandingHoldsNothingBack) {
  Rig rig;
  Keeper logs("logs", Signal::kLogs);
  Keeper traces("traces", Signal::kTraces);
  rig.open({&logs, &traces});
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(rig.append(std::string(1000, 'x'))) << rig.last_error.message();
    traces.set_cursor(traces.last.next);
  }
  EXPECT_EQ(logs.cursor(), 0);
  EXPECT_LE(rig.journal->status().segments, 2);
}

TEST(Journal, AConsumerThatHoldsBackTheLimitIsNeverOverrun) {
  Rig rig;
  Keeper keeper;
  rig.open({&keeper});
  while (rig.append(std::string(1000, 'x'))) ASSERT_LT(keeper.entries.size(), 1000);
  EXPECT_EQ(rig.last_error.code(), Code::kUnavailable);
  EXPECT_EQ(rig.last_error.retry_after(), std::chrono::milliseconds(1000));
  EXPECT_THAT(rig.last_error.message(), HasSubstr("keeper"));
  EXPECT_THAT(rig.last_error.message(), HasSubstr("journal.bytes_max"));
  EXPECT_EQ(rig.journal->status().state, State::kDiskFull);
  EXPECT_LE(rig.journal->status().bytes, rig.config.bytes_max);
  EXPECT_EQ(rig.env.metrics.read_counters("tercet_journal_refused_total")[0].first[0].second, "held_back");
  // Refused without trying until the second is over, then by itself again.
  EXPECT_FALSE(rig.append("y"));
  keeper.set_cursor(keeper.last.next);
  EXPECT_FALSE(rig.append("y"));
  rig.env.clock.advance(kSecond);
  EXPECT_TRUE(rig.append("z"));
  EXPECT_EQ(rig.journal->status().state, State::kRunning);
  EXPECT_THAT(rig.journal->status().reason, IsEmpty());
}

TEST(Journal, WithoutConsumersTheOldestGoes) {
  Rig rig;
  rig.open({});
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(rig.append(std::string(1000, 'x'))) << rig.last_error.message();
  EXPECT_LE(rig.journal->status().bytes, rig.config.bytes_max);
  EXPECT_GT(rig.journal->begin(), 8);
}

TEST(Journal, AFullDiskRefusesAndResumesByItself) {
  Rig rig(small(), std::make_unique<io::SimFileSystem>(3 * kSegment));
  Keeper keeper;
  rig.open({&keeper});
  while (rig.append(std::string(1000, 'x'))) ASSERT_LT(keeper.entries.size(), 1000);
  EXPECT_GT(keeper.entries.size(), 20);
  EXPECT_EQ(rig.last_error.code(), Code::kUnavailable);
  EXPECT_NE(rig.last_error.retry_after().count(), 0);
  EXPECT_THAT(rig.last_error.message(), HasSubstr("disk full"));
  EXPECT_EQ(rig.journal->status().state, State::kDiskFull);
  EXPECT_EQ(rig.read(8).size(), keeper.entries.size()) << "reading goes on";
  rig.env.files->set_capacity(20 * kSegment);
  rig.env.clock.advance(kSecond);
  EXPECT_TRUE(rig.append("y"));
  EXPECT_EQ(rig.journal->status().state, State::kRunning);
}

TEST(Journal, KeepsMinFreeBytesForOthers) {
  Config config = small();
  config.min_free_bytes = 10 * kSegment;
  Rig rig(config, std::make_unique<io::SimFileSystem>(12 * kSegment));
  Keeper keeper;
  rig.open({&keeper});
  while (rig.append(std::string(1000, 'x'))) ASSERT_LT(keeper.entries.size(), 1000);
  EXPECT_THAT(rig.last_error.message(), HasSubstr("min_free_bytes"));
  EXPECT_GE(rig.env.files->free_bytes("").value(), config.min_free_bytes);
}

TEST(Journal, AFailedSyncStopsItForEver) {
  Rig rig;
  Keeper keeper;
  rig.open({&keeper});
  ASSERT_TRUE(rig.append("a"));
  rig.env.files->inject({.op = io::FileOp::kSyncData});
  EXPECT_FALSE(rig.append("b"));
  EXPECT_EQ(rig.last_error.code(), Code::kUnavailable);
  EXPECT_EQ(rig.last_error.retry_after().count(), 0);
  EXPECT_THAT(rig.last_error.message(), HasSubstr("restart"));
  const uint64_t writes = rig.env.files->count(io::FileOp::kWrite);
  const uint64_t syncs = rig.env.files->count(io::FileOp::kSyncData);
  rig.env.clock.advance(kHour);
  EXPECT_FALSE(rig.append("c"));
  rig.journal->close();
  EXPECT_EQ(rig.env.files->count(io::FileOp::kWrite), writes) << "never written again";
  EXPECT_EQ(rig.env.files->count(io::FileOp::kSyncData), syncs) << "never synced again";
  EXPECT_EQ(rig.journal->status().state, State::kStopped);
  EXPECT_THAT(keeper.entries, ElementsAre("default/a"));
  // The cache still shows b. A process that starts on it may hand it on only when it is on the disk.
  rig.journal.reset();
  Keeper again;
  rig.open({&again});
  ASSERT_THAT(again.entries, ElementsAre("default/a", "default/b"));
  ASSERT_TRUE(rig.append("d"));
  SeededRandom random(3);
  for (int i = 0; i < 50; ++i) {
    Rig after(small(), rig.env.files->crash(random));
    Keeper survivor;
    after.open({&survivor});
    EXPECT_THAT(survivor.entries, ElementsAre("default/a", "default/b", "default/d"));
  }
}

TEST(Journal, LimitsRefuseWithAReason) {
  Config config = small();
  config.queue_bytes_max = 4000;
  Rig rig(config);
  Keeper keeper;
  rig.open({&keeper});
  rig.queue(std::string(5000, 'x'));  // alone it may be larger than the queue
  rig.queue("y");
  EXPECT_THAT(rig.answers, ElementsAre("unavailable"));
  EXPECT_THAT(rig.last_error.message(), HasSubstr("queue_bytes_max"));
  EXPECT_GT(rig.journal->status().queue_bytes, 5000);
  rig.journal->step();
  EXPECT_EQ(rig.journal->status().queue_bytes, 0);
  rig.queue(std::string(config.bytes_max / 2, 'x'));
  EXPECT_EQ(rig.answers.back(), "invalid_argument");
  rig.queue("z", Signal::kLogs, std::string(1025, 't'));
  EXPECT_EQ(rig.answers.back(), "invalid_argument");
  EXPECT_TRUE(rig.append("z"));
  EXPECT_EQ(rig.env.memory.used_bytes(MemoryClass::kIngest), 0);
}

TEST(Journal, NoMemoryMeansComeAgain) {
  Rig rig;
  rig.open({});
  MemoryAccount hog(rig.env.memory, MemoryClass::kAlerts);
  ASSERT_TRUE(hog.try_grow(rig.env.memory.limit_bytes()));
  EXPECT_FALSE(rig.append("a"));
  EXPECT_EQ(rig.last_error.code(), Code::kUnavailable);
  hog.shrink_to(0);
  EXPECT_TRUE(rig.append("a"));
}

TEST(Journal, ARecordLongerThanASegmentGetsItsOwn) {
  Config config = small();
  config.bytes_max = 16 * kSegment;
  Rig rig(config);
  Keeper keeper;
  rig.open({&keeper});
  rig.queue("before");
  rig.queue(std::string(3 * kSegment, 'L'));
  rig.queue("after");
  while (rig.journal->step()) {
  }
  EXPECT_THAT(rig.answers, ElementsAre("ok", "ok", "ok"));
  rig.journal.reset();
  Keeper again;
  rig.open({&again});
  EXPECT_THAT(again.entries,
              ElementsAre("default/before", "default/" + std::string(3 * kSegment, 'L'), "default/after"));
}

TEST(Journal, AConsumersErrorIsCountedNotFatal) {
  Rig rig;
  Keeper good("good");
  Keeper bad("bad");
  bad.refuse = true;
  rig.open({&good, &bad});
  EXPECT_TRUE(rig.append("a"));
  EXPECT_EQ(rig.journal->status().consumers[1].failed_entries, 1);
  EXPECT_THAT(good.entries, ElementsAre("default/a"));
  EXPECT_THAT(rig.env.log_text, HasSubstr("lost for it"));
}

TEST(Journal, ReadsRangesAndFilters) {
  Config config = small();
  config.compression_level = 1;
  Rig rig(config);
  Keeper keeper;
  rig.open({&keeper});
  for (int i = 0; i < 40; ++i) {
    rig.queue("payload " + std::to_string(i) + std::string(2000, 'x'), i % 2 == 0 ? Signal::kLogs : Signal::kTraces,
              i % 4 == 0 ? "a" : "b");
    rig.journal->step();
  }
  EXPECT_EQ(rig.read(8).size(), 40);
  EXPECT_EQ(rig.read(8, {.signal = Signal::kLogs}).size(), 20);
  EXPECT_EQ(rig.read(8, {.tenant = "a"}).size(), 10);
  EXPECT_EQ(rig.read(8, {.signal = Signal::kTraces, .tenant = "a"}).size(), 0);
  EXPECT_EQ(rig.read(rig.lsns[30]).size(), 10);
  EXPECT_EQ(rig.read(rig.journal->durable()).size(), 0);
  int seen = 0;
  const auto report = rig.journal->read(8, rig.lsns[20], {}, [&](const JournalEntry&) { return ++seen < 5; });
  EXPECT_EQ(seen, 5);
  EXPECT_EQ(report->next, rig.lsns[5]) << "where to go on";
  EXPECT_EQ(rig.journal->read(8, rig.lsns[20], {}, [](const JournalEntry&) { return true; })->records, 20);
}

TEST(Journal, WhatIsReadIsNotRecycledAndWhatIsGoneIsSaid) {
  Rig rig;
  Keeper keeper;
  rig.open({&keeper});
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(rig.append(std::string(1000, 'x')));
  keeper.set_cursor(keeper.last.next);
  int seen = 0;
  ASSERT_TRUE(rig.journal->read(8, UINT64_MAX, {}, [&](const JournalEntry& entry) {
    if (seen++ == 0) rig.journal->trim();
    EXPECT_EQ(*entry.payload, std::string(1000, 'x'));
    return true;
  }));
  EXPECT_EQ(seen, 60);
  EXPECT_EQ(rig.journal->begin(), 8);
  rig.journal->trim();
  EXPECT_GT(rig.journal->begin(), 8);
  const auto gone = rig.journal->read(8, UINT64_MAX, {}, [](const JournalEntry&) { return true; });
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code(), Code::kOutOfRange);
}

TEST(Journal, GoesOnBehindAConsumerThatIsAhead) {
  Rig rig;
  Keeper keeper;
  keeper.set_cursor(100'001);
  rig.open({&keeper});
  EXPECT_EQ(rig.journal->end(), 100'008);
  ASSERT_TRUE(rig.append("a"));
  EXPECT_GE(rig.lsns[0], 100'001);
  rig.journal.reset();
  Keeper again;
  again.set_cursor(100'001);
  rig.open({&again});
  EXPECT_THAT(again.entries, ElementsAre("default/a"));
}

TEST(Journal, OneProcessADirectory) {
  Rig rig;
  rig.open({});
  const auto second = Journal::open(rig.config, rig.env.env, "journal");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Code::kFailedPrecondition);
  rig.journal.reset();
  rig.open({});
}

TEST(Journal, CloseCommitsTheQueueAndRefusesTheRest) {
  Rig rig;
  Keeper keeper;
  rig.open({&keeper});
  rig.queue("a");
  rig.journal->close();
  rig.queue("b");
  EXPECT_THAT(rig.answers, ElementsAre("ok", "unavailable"));
  EXPECT_THAT(keeper.entries, ElementsAre("default/a"));
}

TEST(Journal, OpeningAndClosingWritesNothing) {
  Rig rig;
  rig.open({});
  ASSERT_TRUE(rig.append("a"));
  rig.journal.reset();
  rig.open({});
  const Lsn end = rig.journal->end();
  for (int i = 0; i < 5; ++i) {
    rig.journal.reset();
    rig.open({});
  }
  EXPECT_EQ(rig.journal->end(), end);
}

TEST(Journal, WarnsAboutWhatIsTooOldToBeNeededStill) {
  Rig rig;
  Keeper keeper;
  rig.open({&keeper});
  ASSERT_TRUE(rig.append("a"));
  rig.env.clock.advance(8 * kDay);
  ASSERT_TRUE(rig.append("b"));
  EXPECT_THAT(rig.env.log_text, HasSubstr("older than journal.age_max"));
}

TEST(Config, FieldsAndLimits) {
  Config config;
  EXPECT_TRUE(config.validate());
  for (const ConfigField& field : config.fields()) {
    const std::string text = field.get();
    EXPECT_TRUE(field.set(text)) << field.name;
    EXPECT_EQ(field.get(), text);
  }
  config.bytes_max = 2 * config.segment_bytes;
  EXPECT_FALSE(config.validate());
}

}  // namespace
}  // namespace tercet::journal
