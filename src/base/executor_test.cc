// ThreadPool against real threads (run under TSan too), SimExecutor against a simulated clock.
#include "base/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>

namespace tercet {
namespace {

using ::testing::ElementsAre;

TEST(ThreadPool, RunsAllThatWasPosted) {
  SystemClock clock;
  std::atomic<int> ran{0};
  {
    ThreadPool pool(clock, "test", 4, 1000);
    for (int i = 0; i < 1000; ++i) {
      while (!pool.post([&] { ++ran; })) std::this_thread::yield();
    }
  }
  EXPECT_EQ(ran, 1000) << "closing runs what was queued";
}

TEST(ThreadPool, RefusesBeyondItsLimitAndAfterClose) {
  SystemClock clock;
  ThreadPool pool(clock, "a name longer than fifteen characters", 1, 2);
  std::latch started(1);
  std::latch released(1);
  ASSERT_TRUE(pool.post([&] {
    started.count_down();
    released.wait();
  }));
  started.wait();
  EXPECT_TRUE(pool.post([] {}));
  EXPECT_TRUE(pool.post([] {}));
  EXPECT_EQ(pool.queued(), 2U);
  EXPECT_FALSE(pool.post([] {}));
  released.count_down();
  pool.close();
  pool.close();
  EXPECT_FALSE(pool.post([] {}));
  EXPECT_EQ(pool.queued(), 0U);
}

TEST(ThreadPool, TimersRunInTheirOrder) {
  SystemClock clock;
  ThreadPool pool(clock, "test", 1, 10);
  std::vector<int> order;  // one thread writes
  std::latch done(3);
  std::latch released(1);  // the one thread waits until all timers are set
  ASSERT_TRUE(pool.post([&] { released.wait(); }));
  const int64_t start = clock.mono_ns();
  for (const int ms : {30, 10, 20}) {
    pool.post_after(ms * kMillisecond, [&, ms] {
      order.push_back(ms);
      done.count_down();
    });
  }
  released.count_down();
  done.wait();
  EXPECT_GE(clock.mono_ns() - start, 30 * kMillisecond);
  pool.close();
  EXPECT_THAT(order, ElementsAre(10, 20, 30));
}

TEST(ThreadPool, ANearTimerWakesSleepersOfAFarOne) {
  SystemClock clock;
  ThreadPool pool(clock, "test", 3, 10);
  pool.post_after(kHour, [] {});
  std::latch done(2);
  pool.post_after(kMillisecond, [&] { done.count_down(); });
  pool.post_after(0, [&] { done.count_down(); });
  done.wait();
}

TEST(ThreadPool, CloseDestroysTimersUnrun) {
  SystemClock clock;
  const auto alive = std::make_shared<int>(1);
  bool ran = false;
  {
    ThreadPool pool(clock, "test", 2, 10);
    pool.post_after(INT64_MAX, [&ran, alive] { ran = true; });
    EXPECT_EQ(alive.use_count(), 2);
    pool.close();
    EXPECT_EQ(alive.use_count(), 1);
    pool.post_after(0, [&ran, alive] { ran = true; });
    EXPECT_EQ(alive.use_count(), 1);
  }
  EXPECT_FALSE(ran);
}

TEST(ThreadPool, TasksMayPostAlsoWhileDying) {
  SystemClock clock;
  ThreadPool pool(clock, "test", 2, 10);
  struct PostsAtDeath {
    ThreadPool* pool;
    std::latch* done;
    ~PostsAtDeath() {
      auto* latch = done;
      if (!pool->post([latch] { latch->count_down(); })) latch->count_down();
    }
  };
  std::latch done(2);
  ASSERT_TRUE(pool.post([&, dies = std::make_unique<PostsAtDeath>(&pool, &done)] {
    if (!pool.post([&] { done.count_down(); })) done.count_down();
  }));
  done.wait();
  // A timer that dies unrun in close(), when posts are refused.
  std::latch last(1);
  pool.post_after(kHour, [dies = std::make_unique<PostsAtDeath>(&pool, &last)] {});
  pool.close();
  last.wait();
}

TEST(SimExecutor, RunsInOrderOnlyWhenAsked) {
  SimClock clock;
  SimExecutor executor(clock);
  std::vector<int> order;
  EXPECT_FALSE(executor.run_one());
  EXPECT_TRUE(executor.post([&] {
    order.push_back(1);
    EXPECT_TRUE(executor.post([&] { order.push_back(3); }));
  }));
  EXPECT_TRUE(executor.post([&] { order.push_back(2); }));
  EXPECT_TRUE(executor.run_one());
  EXPECT_THAT(order, ElementsAre(1));
  executor.run_until_idle();
  EXPECT_THAT(order, ElementsAre(1, 2, 3));
}

TEST(SimExecutor, TimersFollowTheClock) {
  SimClock clock;
  SimExecutor executor(clock);
  std::vector<int> order;
  executor.post_after(2 * kSecond, [&] { order.push_back(2); });
  executor.post_after(kSecond, [&] { order.push_back(1); });
  executor.post_after(3 * kSecond, [&] { order.push_back(3); });
  executor.run_until_idle();
  EXPECT_TRUE(order.empty());
  EXPECT_TRUE(executor.run_next_timer());
  EXPECT_EQ(clock.mono_ns(), kSecond);
  clock.advance(5 * kSecond);
  executor.run_until_idle();
  EXPECT_THAT(order, ElementsAre(1, 2, 3));
  EXPECT_FALSE(executor.run_next_timer());
}

}  // namespace
}  // namespace tercet
