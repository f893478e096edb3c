// One contract, two file systems: what callers rely on holds for the real one and for its twin.
#include "io/file_system.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "io/posix_file_system.h"
#include "io/sim_file_system.h"

namespace tercet::io {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> names(const std::vector<DirEntry>& entries) {
  std::vector<std::string> out;
  for (const auto& entry : entries) out.push_back(entry.name + (entry.is_dir ? "/" : ""));
  return out;
}

Code code_of(const auto& result) { return result.has_value() ? Code::kOk : result.error().code(); }

class TempRoot {
 public:
  TempRoot() {
    std::string pattern = ::testing::TempDir() + "/tercet_io_XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~TempRoot() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class FileSystemContract : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam()) {
      root_ = std::make_unique<TempRoot>();
      fs_ = std::make_unique<PosixFileSystem>(root_->path());
    } else {
      fs_ = std::make_unique<SimFileSystem>();
    }
  }
  void write(std::string_view path, std::string_view bytes) {
    auto file = fs_->create(path);
    ASSERT_TRUE(file) << file.error().message();
    ASSERT_TRUE((*file)->write_at(0, bytes));
  }

  std::unique_ptr<TempRoot> root_;
  std::unique_ptr<FileSystem> fs_;
};

TEST_P(FileSystemContract, WritesAndReadsAtPositions) {
  auto file = fs_->create("a").value();
  ASSERT_TRUE(file->write_at(0, "hello world"));
  const std::string_view pieces[] = {"W", "", "OR", "LD!!"};
  ASSERT_TRUE(file->write_at(6, pieces));
  ASSERT_TRUE(file->sync_data());
  EXPECT_EQ(file->size().value(), 13);
  std::string out(5, '\0');
  EXPECT_EQ(file->read_at(6, out).value(), 5);
  EXPECT_EQ(out, "WORLD");
  EXPECT_EQ(file->read_at(11, out).value(), 2);
  EXPECT_EQ(file->read_at(100, out).value(), 0);
  EXPECT_EQ(read_file(*fs_, "a").value(), "hello WORLD!!");
  EXPECT_EQ(code_of(read_file(*fs_, "a", 5)), Code::kOutOfRange);
}

TEST_P(FileSystemContract, WritesMorePiecesThanOneCallTakes) {
  std::vector<std::string> owned;
  std::string expected;
  for (int i = 0; i < 1000; ++i) expected += owned.emplace_back(std::to_string(i) + ",");
  const std::vector<std::string_view> pieces(owned.begin(), owned.end());
  auto file = fs_->create("many").value();
  ASSERT_TRUE(file->write_at(3, pieces));
  EXPECT_EQ(read_file(*fs_, "many").value(), std::string(3, '\0') + expected);
}

TEST_P(FileSystemContract, AppendsTruncatesAndPreallocates) {
  {
    auto file = fs_->open_append("log").value();
    ASSERT_TRUE(file->append("one "));
    ASSERT_TRUE(file->append("two"));
  }
  auto file = fs_->open_append("log").value();
  ASSERT_TRUE(file->append(" three"));
  EXPECT_EQ(read_file(*fs_, "log").value(), "one two three");
  ASSERT_TRUE(file->truncate(3));
  ASSERT_TRUE(file->truncate(5));
  EXPECT_EQ(read_file(*fs_, "log").value(), std::string("one\0\0", 5));
  ASSERT_TRUE(file->preallocate(8));
  ASSERT_TRUE(file->preallocate(2));
  EXPECT_EQ(read_file(*fs_, "log").value(), std::string("one\0\0\0\0\0", 8));
}

TEST_P(FileSystemContract, NamesAreCreatedRenamedRemovedAndListed) {
  ASSERT_TRUE(fs_->make_dirs("x/y/z"));
  ASSERT_TRUE(fs_->make_dirs("x/y/z"));
  write("x/b", "B");
  write("x/a", "AA");
  EXPECT_THAT(names(fs_->list("x").value()), ElementsAre("a", "b", "y/"));
  EXPECT_EQ(fs_->list("x").value()[0].size, 2);
  EXPECT_THAT(names(fs_->list("").value()), ElementsAre("x/"));
  EXPECT_EQ(code_of(fs_->create("x/a")), Code::kAlreadyExists);
  ASSERT_TRUE(fs_->rename("x/a", "x/b"));
  EXPECT_EQ(read_file(*fs_, "x/b").value(), "AA");
  EXPECT_FALSE(fs_->exists("x/a").value());
  EXPECT_TRUE(fs_->exists("x/y").value());
  ASSERT_TRUE(fs_->sync_dir("x"));
  EXPECT_FALSE(fs_->remove("x/y"));
  ASSERT_TRUE(fs_->remove("x/y/z"));
  ASSERT_TRUE(fs_->remove("x/y"));
  ASSERT_TRUE(fs_->remove("x/b"));
  EXPECT_THAT(names(fs_->list("x").value()), ElementsAre());
}

TEST_P(FileSystemContract, SaysWhatIsMissing) {
  EXPECT_EQ(code_of(fs_->open_read("nope")), Code::kNotFound);
  EXPECT_EQ(code_of(fs_->open_rw("nope")), Code::kNotFound);
  EXPECT_EQ(code_of(fs_->map_read("nope")), Code::kNotFound);
  EXPECT_EQ(code_of(fs_->create("nope/a")), Code::kNotFound);
  EXPECT_EQ(code_of(fs_->rename("nope", "a")), Code::kNotFound);
  EXPECT_EQ(code_of(fs_->remove("nope")), Code::kNotFound);
  EXPECT_EQ(code_of(fs_->list("nope")), Code::kNotFound);
  EXPECT_EQ(code_of(fs_->sync_dir("nope")), Code::kNotFound);
  EXPECT_FALSE(fs_->exists("nope/deeper").value());
  EXPECT_THAT(fs_->open_read("nope").error().message(), HasSubstr("nope"));
}

TEST_P(FileSystemContract, RefusesPathsThatLeaveTheRoot) {
  using namespace std::string_view_literals;
  for (const auto path : {"/etc/passwd"sv, "../a"sv, "a/../../b"sv, "a//b"sv, "a/"sv, "."sv, "a\0b"sv}) {
    EXPECT_EQ(code_of(fs_->open_read(path)), Code::kInvalidArgument) << path;
    EXPECT_EQ(code_of(fs_->create(path)), Code::kInvalidArgument) << path;
    EXPECT_EQ(code_of(fs_->make_dirs(path)), Code::kInvalidArgument) << path;
  }
}

TEST_P(FileSystemContract, MapsFiles) {
  write("m", "mapped bytes");
  write("empty", "");
  EXPECT_EQ(fs_->map_read("m").value()->bytes(), "mapped bytes");
  EXPECT_EQ(fs_->map_read("empty").value()->bytes(), "");
}

TEST_P(FileSystemContract, ReplacesAtomicallyAndOverLeftovers) {
  ASSERT_TRUE(atomic_write(*fs_, "conf", "old"));
  write("conf.tmp", "left over by a crash, and longer");
  ASSERT_TRUE(atomic_write(*fs_, "conf", "new"));
  EXPECT_EQ(read_file(*fs_, "conf").value(), "new");
  EXPECT_THAT(names(fs_->list("").value()), ElementsAre("conf"));
}

TEST_P(FileSystemContract, OneOwnerALock) {
  auto first = fs_->lock("LOCK");
  ASSERT_TRUE(first);
  const auto second = fs_->lock("LOCK");
  EXPECT_EQ(code_of(second), Code::kFailedPrecondition);
  if (GetParam()) {
    EXPECT_THAT(second.error().message(), HasSubstr("process " + std::to_string(::getpid())));
  }
  first->reset();
  EXPECT_TRUE(fs_->lock("LOCK"));
}

TEST_P(FileSystemContract, KnowsFreeSpace) { EXPECT_GT(fs_->free_bytes("").value(), 0); }

TEST_P(FileSystemContract, FilesOutliveTheirNames) {
  write("a", "kept");
  auto file = fs_->open_read("a").value();
  ASSERT_TRUE(fs_->remove("a"));
  std::string out(4, '\0');
  EXPECT_EQ(file->read_at(0, out).value(), 4);
  EXPECT_EQ(out, "kept");
}

INSTANTIATE_TEST_SUITE_P(Real, FileSystemContract, ::testing::Values(true));
INSTANTIATE_TEST_SUITE_P(Sim, FileSystemContract, ::testing::Values(false));

TEST(PosixFileSystem, MakesItsRoot) {
  TempRoot root;
  auto fs = PosixFileSystem::create_root(root.path() + "/deep/er/");
  ASSERT_TRUE(fs) << fs.error().message();
  ASSERT_TRUE((*fs)->create("a"));
  EXPECT_TRUE(std::filesystem::exists(root.path() + "/deep/er/a"));
  EXPECT_EQ((*fs)->display_path("a"), root.path() + "/deep/er/a");
}

TEST(PosixFileSystem, ContinuesAfterShortWriteAndReportsTheRest) {
  TempRoot root;
  PosixFileSystem fs(root.path());
  auto file = fs.create("big").value();
  rlimit saved;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &saved), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit = saved;
  limit.rlim_cur = 100'000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  // The kernel writes 100,000 bytes, says so, and fails the call that asks for the rest.
  const auto written = file->write_at(0, std::string(150'000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &saved);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(code_of(written), Code::kResourceExhausted);
  EXPECT_EQ(file->size().value(), 100'000);
}

TEST(PosixFileSystem, NamesFullDiskAndWhatToDo) {
  ASSERT_TRUE(std::filesystem::exists("/dev/full"));
  PosixFileSystem fs("/dev");
  auto file = fs.open_rw("full").value();
  const auto written = file->write_at(0, "x");
  ASSERT_EQ(code_of(written), Code::kResourceExhausted);
  EXPECT_THAT(written.error().message(), HasSubstr("/dev/full"));
  EXPECT_THAT(written.error().message(), HasSubstr("free space"));
}

}  // namespace
}  // namespace tercet::io
