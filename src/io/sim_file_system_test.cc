// What the twin does that the real one does only on a bad day.
#include "io/sim_file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace tercet::io {
namespace {

constexpr size_t kSeeds = 200;

/// The contents of `path` after each of many crashes; "-" where there is no such file.
std::set<std::string> after_crashes(const SimFileSystem& fs, std::string_view path) {
  std::set<std::string> seen;
  for (size_t seed = 1; seed <= kSeeds; ++seed) {
    SeededRandom random(seed);
    auto crashed = fs.crash(random);
    seen.insert(read_file(*crashed, path).value_or("-"));
  }
  return seen;
}

Code code_of(const auto& result) { return result.has_value() ? Code::kOk : result.error().code(); }

std::string sectors(std::string_view letters) {
  std::string bytes;
  for (const char c : letters) bytes.append(512, c);
  return bytes;
}

/// A durable file "f" that holds one sector a letter.
std::unique_ptr<File> durable_file(SimFileSystem& fs, std::string_view letters) {
  auto file = fs.create("f").value();
  EXPECT_TRUE(file->write_at(0, sectors(letters)));
  EXPECT_TRUE(file->sync_data());
  EXPECT_TRUE(fs.sync_dir(""));
  return file;
}

TEST(SimFileSystem, KeepsWhatWasSynced) {
  SimFileSystem fs;
  durable_file(fs, "ab");
  EXPECT_THAT(after_crashes(fs, "f"), ::testing::ElementsAre(sectors("ab")));
}

TEST(SimFileSystem, UnsyncedSectorsComeInAnyCombination) {
  SimFileSystem fs;
  auto file = durable_file(fs, "ab");
  ASSERT_TRUE(file->write_at(0, sectors("CD")));
  EXPECT_THAT(after_crashes(fs, "f"),
              ::testing::UnorderedElementsAre(sectors("ab"), sectors("CD"), sectors("aD"), sectors("Cb")));
}

TEST(SimFileSystem, EveryVersionOfASectorMayBeFound) {
  SimFileSystem fs;
  auto file = durable_file(fs, "a");
  ASSERT_TRUE(file->write_at(0, sectors("b")));
  ASSERT_TRUE(file->write_at(0, sectors("c")));
  EXPECT_THAT(after_crashes(fs, "f"), ::testing::UnorderedElementsAre(sectors("a"), sectors("b"), sectors("c")));
}

TEST(SimFileSystem, GrowthMayLeaveZerosOrBeLost) {
  SimFileSystem fs;
  auto file = durable_file(fs, "a");
  ASSERT_TRUE(file->append(sectors("b")));
  std::string zeros = sectors("a");
  zeros.resize(1024);
  EXPECT_THAT(after_crashes(fs, "f"), ::testing::UnorderedElementsAre(sectors("a"), zeros, sectors("ab")));
}

TEST(SimFileSystem, CutBytesReadAsZerosAndMayComeBack) {
  SimFileSystem fs;
  auto file = durable_file(fs, "ab");
  ASSERT_TRUE(file->truncate(512));
  ASSERT_TRUE(file->truncate(1024));
  std::string zeros = sectors("a");
  zeros.resize(1024);
  EXPECT_EQ(read_file(fs, "f").value(), zeros);
  ASSERT_TRUE(file->sync_data());
  EXPECT_THAT(after_crashes(fs, "f"), ::testing::ElementsAre(zeros));
}

TEST(SimFileSystem, NamesNeedADirectorySync) {
  SimFileSystem fs;
  auto file = fs.create("f").value();
  ASSERT_TRUE(file->write_at(0, "x"));
  ASSERT_TRUE(file->sync_data());
  EXPECT_THAT(after_crashes(fs, "f"), ::testing::UnorderedElementsAre("-", "x"));
  ASSERT_TRUE(fs.sync_dir(""));
  ASSERT_TRUE(fs.rename("f", "g"));
  EXPECT_THAT(after_crashes(fs, "f"), ::testing::UnorderedElementsAre("-", "x"));
  for (size_t seed = 1; seed <= kSeeds; ++seed) {
    SeededRandom random(seed);
    auto crashed = fs.crash(random);
    EXPECT_NE(crashed->exists("f").value(), crashed->exists("g").value()) << "one name, never both or none";
  }
}

TEST(SimFileSystem, AtomicWriteIsOldOrNewAtEveryStep) {
  SimFileSystem fs;
  ASSERT_TRUE(atomic_write(fs, "f", "old"));
  SeededRandom random(7);
  std::set<std::string> seen;
  fs.set_hook([&](FileOp, std::string_view) {
    for (int i = 0; i < 20; ++i) seen.insert(read_file(*fs.crash(random), "f").value_or("-"));
  });
  ASSERT_TRUE(atomic_write(fs, "f", "new"));
  EXPECT_THAT(seen, ::testing::UnorderedElementsAre("old", "new"));
  fs.set_hook({});
  EXPECT_THAT(after_crashes(fs, "f"), ::testing::ElementsAre("new"));
}

TEST(SimFileSystem, AtomicWriteKeepsTheOldContentsWhateverFails) {
  for (const FileOp op : {FileOp::kCreate, FileOp::kWrite, FileOp::kSyncData, FileOp::kRename}) {
    SimFileSystem fs;
    ASSERT_TRUE(atomic_write(fs, "f", "old"));
    fs.inject({.op = op});
    EXPECT_FALSE(atomic_write(fs, "f", "new"));
    EXPECT_EQ(read_file(fs, "f").value(), "old");
    EXPECT_FALSE(fs.exists("f.tmp").value());
  }
}

TEST(SimFileSystem, AFailedSyncLosesPagesAndALaterOneDoesNotBringThemBack) {
  SimFileSystem fs;
  auto file = durable_file(fs, "a");
  ASSERT_TRUE(file->write_at(0, sectors("b")));
  fs.inject({.op = FileOp::kSyncData});
  EXPECT_EQ(code_of(file->sync_data()), Code::kInternal);
  EXPECT_TRUE(file->sync_data()) << "the trap: it succeeds";
  EXPECT_EQ(read_file(fs, "f").value(), sectors("b")) << "and the cache shows the new bytes";
  EXPECT_TRUE(after_crashes(fs, "f").contains(sectors("a")));
  ASSERT_TRUE(file->write_at(0, sectors("b")));
  ASSERT_TRUE(file->sync_data());
  EXPECT_THAT(after_crashes(fs, "f"), ::testing::ElementsAre(sectors("b")));
}

TEST(SimFileSystem, FaultsStrikeTheNthOperationOnceOrForEver) {
  SimFileSystem fs;
  auto file = fs.create("f").value();
  auto other = fs.create("other").value();
  fs.inject({.op = FileOp::kWrite, .kind = FaultKind::kEnospc, .nth = 2, .path_contains = "f"});
  EXPECT_TRUE(file->append("1"));
  EXPECT_TRUE(other->append("1"));
  EXPECT_EQ(code_of(file->append("2")), Code::kResourceExhausted);
  EXPECT_TRUE(file->append("3"));
  fs.inject({.op = FileOp::kOpen, .forever = true});
  EXPECT_EQ(code_of(fs.open_read("f")), Code::kInternal);
  EXPECT_EQ(code_of(fs.open_read("f")), Code::kInternal);
  fs.clear_faults();
  EXPECT_TRUE(fs.open_read("f"));
  fs.inject({.op = FileOp::kWrite, .kind = FaultKind::kShortWrite});
  EXPECT_FALSE(file->append("4567"));
  EXPECT_EQ(read_file(fs, "f").value(), "1345");
}

TEST(SimFileSystem, TheDiskFillsAndEmpties) {
  SimFileSystem fs(1000);
  auto file = fs.create("f").value();
  EXPECT_TRUE(file->preallocate(900));
  EXPECT_EQ(fs.free_bytes("").value(), 100);
  auto other = fs.create("g").value();
  EXPECT_EQ(code_of(other->preallocate(101)), Code::kResourceExhausted);
  EXPECT_EQ(code_of(other->append(std::string(150, 'x'))), Code::kResourceExhausted);
  EXPECT_TRUE(file->write_at(0, std::string(900, 'x'))) << "preallocated space stays usable";
  ASSERT_TRUE(fs.remove("f"));
  EXPECT_TRUE(other->append(std::string(150, 'x')));
}

TEST(SimFileSystem, TheCanaryLosesWhatWasSynced) {
  SimFileSystem fs;
  fs.set_lie_about_sync(true);
  durable_file(fs, "a");
  EXPECT_TRUE(after_crashes(fs, "f").contains("-"));
}

TEST(SimFileSystem, DecayReachesTheDisk) {
  SimFileSystem fs;
  durable_file(fs, "a");
  fs.corrupt("f", 3, 0x01);
  std::string expected = sectors("a");
  expected[3] = 'a' ^ 1;
  EXPECT_THAT(after_crashes(fs, "f"), ::testing::ElementsAre(expected));
}

}  // namespace
}  // namespace tercet::io
