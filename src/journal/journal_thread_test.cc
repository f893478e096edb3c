// The committing thread with many senders, on real files and real time. Run under ThreadSanitizer too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

#include "io/posix_file_system.h"
#include "io/sim_env.h"
#include "journal/journal.h"

namespace tercet::journal {
namespace {

using contract::JournalEntry;
using contract::Signal;

class Set final : public contract::JournalConsumer {
 public:
  std::string_view name() const override { return "set"; }
  bool wants(Signal) const override { return true; }
  Result<> apply(const JournalEntry& entry) override {
    const std::scoped_lock lock(mutex_);
    EXPECT_GT(entry.lsn, last_);
    last_ = entry.lsn;
    EXPECT_TRUE(seen_.insert(*entry.payload).second);
    cursor_ = entry.next;
    return {};
  }
  Lsn cursor() const override { return cursor_; }
  bool has(const std::string& payload) const {
    const std::scoped_lock lock(mutex_);
    return seen_.contains(payload);
  }
  size_t size() const {
    const std::scoped_lock lock(mutex_);
    return seen_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::set<std::string> seen_;
  Lsn last_ = 0;
  std::atomic<Lsn> cursor_{0};
};

class Threads : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "/tercet_journal_XXXXXX";
    root_ = ::mkdtemp(pattern.data());
    files_ = std::make_unique<io::PosixFileSystem>(root_);
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  io::Env env() { return {clock_, random_, *files_, executor_, memory_, metrics_, log_}; }

  std::string root_;
  std::unique_ptr<io::FileSystem> files_;
  SystemClock clock_;
  SystemRandom random_;
  SimClock sim_clock_;
  SimExecutor executor_{sim_clock_};
  MemoryAccountant memory_{uint64_t{1} << 30};
  MetricRegistry metrics_;
  Logger log_{clock_, [](std::string_view) {}};
};

const Config kConfig{.segment_bytes = 64 * 1024, .bytes_max = 16 << 20, .min_free_bytes = 0};

TEST_F(Threads, EveryAnswerComesAfterApplyAndOnce) {
  constexpr int kSenders = 8;
  constexpr int kEach = 60;
  Set set;
  auto journal = Journal::open(kConfig, env(), "j").value();
  journal->add_consumer(set);
  ASSERT_TRUE(journal->start());
  std::atomic<int> answers{0};
  std::atomic<bool> stop{false};
  std::thread watcher([&] {
    while (!stop) {
      const JournalStatus status = journal->status();
      EXPECT_LE(status.begin, status.durable);
      EXPECT_TRUE(journal->read(journal->durable(), UINT64_MAX, {}, [](const JournalEntry&) { return true; }));
      journal->trim();
    }
  });
  {
    std::vector<std::jthread> senders;
    for (int sender = 0; sender < kSenders; ++sender) {
      senders.emplace_back([&, sender] {
        for (int i = 0; i < kEach; ++i) {
          auto payload = std::make_shared<const std::string>(std::to_string(sender) + "/" + std::to_string(i) +
                                                             std::string(2000, 'x'));
          std::latch answered(1);
          journal->append({"default", Signal::kLogs, 0, payload}, [&](Result<Lsn> lsn) {
            EXPECT_TRUE(lsn) << lsn.error().message();
            EXPECT_TRUE(set.has(*payload)) << "acknowledged means queryable";
            ++answers;
            answered.count_down();
          });
          answered.wait();
        }
      });
    }
  }
  stop = true;
  watcher.join();
  EXPECT_EQ(answers, kSenders * kEach);
  EXPECT_EQ(set.size(), kSenders * kEach);
  journal->close();
  EXPECT_LE(journal->status().segments, 3);
}

TEST_F(Threads, RecordsSurviveAndReplay) {
  Set first;
  std::atomic<int> acknowledged{0};
  {
    auto journal = Journal::open(kConfig, env(), "j").value();
    ASSERT_TRUE(journal->start());
    for (int i = 0; i < 200; ++i) {
      journal->append({"default", Signal::kLogs, 0, std::make_shared<const std::string>(std::to_string(i))},
                      [&](Result<Lsn> lsn) { acknowledged += lsn.has_value(); });
    }
    // Closing commits what is queued.
  }
  EXPECT_EQ(acknowledged, 200);
  auto journal = Journal::open(kConfig, env(), "j").value();
  journal->add_consumer(first);
  const auto report = journal->start();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->records, 200);
  EXPECT_EQ(first.size(), 200);
}

/// A disk that hangs in sync until it is let go.
TEST_F(Threads, AStalledDiskMeansBackPressureNotMemory) {
  io::SimEnv sim;
  std::mutex mutex;
  std::condition_variable changed;
  bool stalled = false;
  bool armed = false;
  sim.files->set_hook([&](io::FileOp op, std::string_view) {
    if (op != io::FileOp::kSyncData) return;
    std::unique_lock lock(mutex);
    if (!armed) return;
    stalled = true;
    changed.notify_all();
    changed.wait(lock, [&] { return !armed; });
  });
  Config config = kConfig;
  config.queue_bytes_max = 20'000;
  auto journal = Journal::open(config, sim.env, "j").value();
  ASSERT_TRUE(journal->start());
  {
    const std::scoped_lock lock(mutex);
    armed = true;
  }
  std::atomic<int> accepted{0};
  std::atomic<int> refused{0};
  const auto send = [&] {
    journal->append({"default", Signal::kLogs, 0, std::make_shared<const std::string>(1000, 'x')},
                    [&](Result<Lsn> lsn) { lsn ? ++accepted : ++refused; });
  };
  send();
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return stalled; });
  }
  for (int i = 0; i < 100; ++i) send();
  EXPECT_GT(refused, 75);
  EXPECT_EQ(accepted, 0);
  EXPECT_LE(journal->status().queue_bytes, config.queue_bytes_max);
  {
    const std::scoped_lock lock(mutex);
    armed = false;
    changed.notify_all();
  }
  journal->close();
  EXPECT_EQ(accepted + refused, 101);
}

}  // namespace
}  // namespace tercet::journal
