// Opening after decay, loss and upgrades. What power loss does is proven in tests/powerloss.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "codec/crc32c.h"
#include "io/sim_env.h"
#include "journal/journal.h"
#include "journal/record.h"

namespace tercet::journal {
namespace {

using contract::JournalEntry;
using contract::Signal;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr uint64_t kSegment = 16 * 1024;
constexpr size_t kRecord = 56 + 8 + 4 + 4;  // head, tenant, payload, padding

Config small() {
  return {.segment_bytes = kSegment, .bytes_max = 64 * kSegment, .compression_level = 0, .min_free_bytes = 0};
}

class Recovery : public ::testing::Test {
 protected:
  Result<> open() {
    journal_ = TRY(Journal::open(small(), env_.env, "j"));
    TRY(journal_->start({}, Journal::Drive::kManual));
    return {};
  }
  void append(const std::string& payload) {
    bool acknowledged = false;
    journal_->append({"tenant01", Signal::kLogs, 0, std::make_shared<const std::string>(payload)},
                     [&](Result<Lsn> lsn) { acknowledged = lsn.has_value(); });
    journal_->step();
    ASSERT_TRUE(acknowledged);
  }
  /// Numbered records "0000" ..., one group each, then closed.
  void fill(int count) {
    ASSERT_TRUE(open());
    for (int i = 0; i < count; ++i) append(numbered(i));
    journal_.reset();
  }
  static std::string numbered(int i) {
    std::string digits = std::to_string(i);
    return std::string(4 - digits.size(), '0') + digits;
  }
  std::vector<std::string> all() {
    std::vector<std::string> out;
    report_ = journal_
                  ->read(journal_->begin(), UINT64_MAX, {},
                         [&](const JournalEntry& entry) {
                           out.push_back(*entry.payload);
                           return true;
                         })
                  .value();
    return out;
  }
  std::vector<std::string> segments() {
    std::vector<std::string> out;
    const auto entries = env_.files->list("j").value();
    for (const auto& entry : entries) {
      if (entry.name.ends_with(".seg") && !entry.name.starts_with("spare")) out.push_back("j/" + entry.name);
    }
    return out;
  }

  io::SimEnv env_;
  std::unique_ptr<Journal> journal_;
  ReadReport report_;
};

TEST_F(Recovery, AFlippedBitAnywhereLosesThatRecordAlone) {
  fill(5);
  const std::string segment = segments()[0];
  for (size_t byte = 0; byte < kRecord - 4; ++byte) {
    env_.files->corrupt(segment, 4096 + 2 * kRecord + byte, 0x04);
    ASSERT_TRUE(open());
    EXPECT_THAT(all(), ElementsAre("0000", "0001", "0003", "0004")) << byte;
    EXPECT_EQ(report_.damaged_bytes, kRecord);
    EXPECT_EQ(journal_->status().damaged_regions, 1) << "found by opening and by reading, counted once";
    EXPECT_EQ(journal_->status().damaged_bytes, kRecord);
    journal_.reset();
    env_.files->corrupt(segment, 4096 + 2 * kRecord + byte, 0x04);
  }
}

TEST_F(Recovery, DamageInTheLastGroupAfterACleanCloseIsSeen) {
  fill(3);
  env_.files->corrupt(segments()[0], 4096 + 2 * kRecord, 0xff);
  ASSERT_TRUE(open());
  EXPECT_THAT(all(), ElementsAre("0000", "0001"));
  EXPECT_EQ(journal_->status().damaged_bytes, kRecord);
  EXPECT_EQ(journal_->status().torn_bytes, 0);
  append("next");
  EXPECT_THAT(all(), ElementsAre("0000", "0001", "next"));
}

TEST_F(Recovery, DamageInEarlierSegmentsIsIsolated) {
  fill(600);
  const auto files = segments();
  ASSERT_GE(files.size(), 3);
  env_.files->corrupt(files[0], 100, 0xff);                       // zeros of the header: nothing
  env_.files->corrupt(files[0], 0, 0xff);                         // the header's magic
  env_.files->corrupt(files[0], 4096, 0xff);                      // the first record
  env_.files->corrupt(files[1], 4096 + 10 * kRecord + 60, 0x01);  // a body
  ASSERT_TRUE(open());
  EXPECT_EQ(all().size(), 598);
  EXPECT_EQ(journal_->status().damaged_regions, 2);
  EXPECT_THAT(env_.log_text, HasSubstr("damaged header"));
}

TEST_F(Recovery, MissingTruncatedAndEmptySegmentsCostOnlyTheirRecords) {
  fill(900);
  const auto files = segments();
  ASSERT_GE(files.size(), 4);
  ASSERT_TRUE(env_.files->remove(files[1]));
  ASSERT_TRUE(env_.files->open_rw(files[2]).value()->truncate(0));
  ASSERT_TRUE(env_.files->open_rw(files[0]).value()->truncate(4096 + 3 * kRecord + 10));
  ASSERT_TRUE(open());
  const auto left = all();
  EXPECT_THAT(std::vector(left.begin(), left.begin() + 3), ElementsAre("0000", "0001", "0002"));
  EXPECT_EQ(left.back(), "0899");
  EXPECT_GT(journal_->status().damaged_bytes, 0);
  append("next");
  EXPECT_EQ(all().back(), "next");
}

TEST_F(Recovery, ATruncatedLastSegmentIsGoneOnBehind) {
  fill(10);
  // 0006 is cut off, and with it what told that 0005 was synced.
  ASSERT_TRUE(env_.files->open_rw(segments()[0]).value()->truncate(4096 + 6 * kRecord + 20));
  ASSERT_TRUE(open());
  EXPECT_EQ(all().size(), 6);
  append("next");
  EXPECT_EQ(all().back(), "next");
  journal_.reset();
  ASSERT_TRUE(open());
  EXPECT_EQ(all().size(), 7);
}

TEST_F(Recovery, AFileOfGarbageDoesNotStopIt) {
  fill(10);
  SeededRandom random(5);
  std::string garbage;
  while (garbage.size() < kSegment) append_le(garbage, random.next());
  ASSERT_TRUE(env_.files->open_rw(segments()[0]).value()->write_at(0, garbage));
  ASSERT_TRUE(open());
  EXPECT_EQ(all().size(), 0);
  append("next");
  EXPECT_THAT(all(), ElementsAre("next"));
}

/// What recovery finds when the record whose payload is full of whole records, made with `id`, is damaged.
class Forgery : public Recovery {
 protected:
  std::vector<std::string> found(std::optional<uint64_t> known_id) {
    EXPECT_TRUE(open());
    const uint64_t id = known_id.value_or(parse_segment_header(io::read_file(*env_.files, spare()).value())->id);
    append("good");
    std::string payload;
    for (int i = 0; i < 100; ++i) {
      auto record = EncodedRecord::encode(id, {.signal = Signal::kLogs}, "tenant01",
                                          std::make_shared<const std::string>("evil"), 0);
      const Lsn lsn = 8 + kRecord + 56 + 8 + i * kRecord;  // exactly where it will stand
      record.place(id, lsn, lsn);
      for (const auto piece : record.pieces()) payload.append(piece);
    }
    append(payload);
    append("more");
    journal_.reset();
    env_.files->corrupt(segments()[0], 4096 + kRecord, 0xff);
    EXPECT_TRUE(open());
    return all();
  }
  std::string spare() {
    const auto entries = env_.files->list("j").value();
    for (const auto& entry : entries) {
      if (entry.name.starts_with("spare")) return "j/" + entry.name;
    }
    return "";
  }
};

TEST_F(Forgery, FailsWithoutTheJournalsId) { EXPECT_THAT(found(0), ElementsAre("good", "more")); }

TEST_F(Forgery, WouldSucceedWithIt) { EXPECT_EQ(found(std::nullopt).size(), 102); }

/// Of a group A B that was never synced only B reached the disk. What is then written over A must not wake B up again.
TEST_F(Recovery, WhatWasCutStaysCut) {
  // Each record fills whole sectors, so that one can be lost without the other.
  const auto payload = [](char c) { return std::string(1024 - 56 - 8, c); };
  const auto queue = [&](char c) {
    journal_->append({"tenant01", Signal::kLogs, 0, std::make_shared<const std::string>(payload(c))},
                     [](Result<Lsn>) {});
  };
  bool seen = false;
  for (uint64_t seed = 1; seed <= 300 && !seen; ++seed) {
    io::SimEnv env;
    std::unique_ptr<io::SimFileSystem> crashed;
    auto journal = Journal::open(small(), env.env, "j").value();
    ASSERT_TRUE(journal->start({}, Journal::Drive::kManual));
    journal_ = std::move(journal);
    // 8 + 4088: the next record begins with a sector.
    journal_->append({"tenant01", Signal::kLogs, 0, std::make_shared<const std::string>(512 - 56 - 8, '0')},
                     [](Result<Lsn>) {});
    journal_->step();
    SeededRandom random(seed);
    env.files->set_hook([&](io::FileOp op, std::string_view) {
      if (op == io::FileOp::kSyncData && !crashed) crashed = env.files->crash(random);
    });
    queue('A');
    queue('B');
    journal_->step();
    env.files->set_hook({});
    journal_.reset();

    io::SimEnv after(std::move(crashed), seed);
    journal_ = Journal::open(small(), after.env, "j").value();
    ASSERT_TRUE(journal_->start({}, Journal::Drive::kManual));
    seen = journal_->status().torn_bytes == 2048 && all().size() == 1;
    if (seen) {
      queue('C');
      journal_->step();
      // Not closed: the mark would stand where B stood.
      io::SimEnv last(after.files->crash(random), seed);
      journal_ = Journal::open(small(), last.env, "j").value();
      ASSERT_TRUE(journal_->start({}, Journal::Drive::kManual));
      EXPECT_THAT(all(), ElementsAre(std::string(448, '0'), payload('C')));
      journal_.reset();
    }
    journal_.reset();
  }
  EXPECT_TRUE(seen) << "no crash left B alone";
}

TEST_F(Recovery, TheIdentityComesFromASegmentWhenItsFileIsLost) {
  fill(3);
  ASSERT_TRUE(env_.files->remove("j/JOURNAL"));
  ASSERT_TRUE(open());
  EXPECT_THAT(all(), ElementsAre("0000", "0001", "0002"));
  journal_.reset();
  ASSERT_TRUE(env_.files->exists("j/JOURNAL").value());
  env_.files->corrupt("j/JOURNAL", 20, 0x01);
  ASSERT_TRUE(open());
  EXPECT_EQ(all().size(), 3);
  journal_.reset();
  ASSERT_TRUE(env_.files->remove("j/JOURNAL"));
  env_.files->corrupt(segments()[0], 0, 0xff);
  const auto lost = open();
  ASSERT_FALSE(lost);
  EXPECT_THAT(lost.error().message(), HasSubstr("JOURNAL"));
}

TEST_F(Recovery, RefusesNewerVersionsAndForeignSegments) {
  fill(3);
  const std::string segment = segments()[0];
  const std::string sound = io::read_file(*env_.files, segment).value();
  const auto rewrite = [&](uint32_t version, uint64_t id) {
    std::string checked;
    append_le(checked, version);
    append_le(checked, id);
    std::string header = "TJSEGMT1" + checked.substr(0, 4);
    append_le(header, codec::crc32c(checked));
    header += checked.substr(4);
    ASSERT_TRUE(env_.files->open_rw(segment).value()->write_at(0, header));
  };
  const uint64_t id = parse_segment_header(sound)->id;
  rewrite(2, id);
  auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message(), HasSubstr("newer Tercet"));
  rewrite(1, id + 1);
  opened = open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message(), HasSubstr("another journal"));
  rewrite(1, id);
  EXPECT_TRUE(open());
}

TEST_F(Recovery, AnUnreadableTailIsNotCut) {
  fill(5);
  env_.files->inject({.op = io::FileOp::kRead, .forever = true, .path_contains = ".seg"});
  ASSERT_TRUE(open());
  env_.files->clear_faults();
  append("next");
  EXPECT_THAT(all(), ElementsAre("0000", "0001", "0002", "0003", "0004", "next"));
}

TEST_F(Recovery, HalfMadeSparesAreRemovedAndSoundOnesUsed) {
  fill(3);
  ASSERT_TRUE(env_.files->create("j/spare-00000000000000aa.seg").value()->write_at(0, "half"));
  ASSERT_TRUE(env_.files->create("j/notes.txt").value()->write_at(0, "somebody's"));
  ASSERT_TRUE(open());
  EXPECT_FALSE(env_.files->exists("j/spare-00000000000000aa.seg").value());
  EXPECT_TRUE(env_.files->exists("j/notes.txt").value());
  for (int i = 0; i < 300; ++i) append("more");
  EXPECT_EQ(all().size(), 303);
}

}  // namespace
}  // namespace tercet::journal
