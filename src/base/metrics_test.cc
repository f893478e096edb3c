#include "base/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <thread>

namespace tercet {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

TEST(Metrics, RendersTheTextFormat) {
  MetricRegistry registry;
  registry.gauge("tercet_queue_depth", "Tasks that wait.").set(2.5);
  registry.counter("tercet_lines_total", "Lines\nread \\ kept.", {{"stream", "a\"\\\nb"}, {"app", "x"}}).add(3);
  registry.counter("tercet_lines_total", "", {{"app", "y"}, {"stream", "c"}}).add();
  Histogram& seconds = registry.histogram("tercet_wait_seconds", "Waits.", {0.1, 1}, {{"op", "sync"}});
  for (const double v : {0.1, 0.25, 5.0, 0.5}) seconds.observe(v);
  registry.callback("tercet_up", "Always.", false, {}, [] { return 1.0; });
  EXPECT_EQ(registry.render(),
            "# HELP tercet_lines_total Lines\\nread \\\\ kept.\n"
            "# TYPE tercet_lines_total counter\n"
            "tercet_lines_total{app=\"x\",stream=\"a\\\"\\\\\\nb\"} 3\n"
            "tercet_lines_total{app=\"y\",stream=\"c\"} 1\n"
            "# HELP tercet_queue_depth Tasks that wait.\n"
            "# TYPE tercet_queue_depth gauge\n"
            "tercet_queue_depth 2.5\n"
            "# HELP tercet_up Always.\n"
            "# TYPE tercet_up gauge\n"
            "tercet_up 1\n"
            "# HELP tercet_wait_seconds Waits.\n"
            "# TYPE tercet_wait_seconds histogram\n"
            "tercet_wait_seconds_bucket{op=\"sync\",le=\"0.1\"} 1\n"
            "tercet_wait_seconds_bucket{op=\"sync\",le=\"1\"} 3\n"
            "tercet_wait_seconds_bucket{op=\"sync\",le=\"+Inf\"} 4\n"
            "tercet_wait_seconds_sum{op=\"sync\"} 5.85\n"
            "tercet_wait_seconds_count{op=\"sync\"} 4\n");
}

TEST(Metrics, SameLabelsInAnyOrderAreOneChild) {
  MetricRegistry registry;
  Counter& first = registry.counter("a_total", "A.", {{"x", "1"}, {"y", "2"}});
  EXPECT_EQ(&registry.counter("a_total", "A.", {{"y", "2"}, {"x", "1"}}), &first);
  EXPECT_NE(&registry.counter("a_total", "A.", {{"x", "12"}, {"y", ""}}), &first);
}

TEST(Metrics, ChildrenAreCapped) {
  MetricRegistry registry;
  for (size_t i = 0; i < 10 * MetricRegistry::kMaxChildren; ++i) {
    registry.counter("a_total", "A.", {{"tenant", std::to_string(i)}}).add();
  }
  const auto children = registry.read_counters("a_total");
  ASSERT_EQ(children.size(), MetricRegistry::kMaxChildren + 1);
  EXPECT_THAT(children.back(), Pair(ElementsAre(Pair("tenant", "other")), 9 * MetricRegistry::kMaxChildren));
  EXPECT_EQ(registry.counter("a_total", "A.", {{"tenant", "0"}}).value(), 1U) << "old children stay";
  registry.callback("a_total", "A.", true, {{"tenant", "other"}, {"x", "y"}}, [] { return 7.0; });
  EXPECT_THAT(registry.render(), Not(HasSubstr("} 7\n"))) << "past the cap a callback is not kept";
}

TEST(Metrics, CallbacksAreReplacedAndRead) {
  MetricRegistry registry;
  registry.callback("a_total", "A.", true, {{"k", "v"}}, [] { return 1.0; });
  registry.callback("a_total", "A.", true, {{"k", "v"}}, [] { return 2.0; });
  EXPECT_THAT(registry.read_counters("a_total"), ElementsAre(Pair(ElementsAre(Pair("k", "v")), 2U)));
  EXPECT_TRUE(registry.read_counters("b_total").empty());
}

TEST(Metrics, OddNumbers) {
  MetricRegistry registry;
  registry.gauge("a", "A.").set(std::numeric_limits<double>::infinity());
  registry.gauge("b", "B.").set(-std::numeric_limits<double>::infinity());
  registry.gauge("c", "C.").set(std::nan(""));
  const std::string text = registry.render();
  EXPECT_THAT(text, HasSubstr("\na +Inf\n"));
  EXPECT_THAT(text, HasSubstr("\nb -Inf\n"));
  EXPECT_THAT(text, HasSubstr("\nc NaN\n"));
  Histogram histogram({1, 2});
  histogram.observe(std::nan(""));
  EXPECT_EQ(histogram.bucket(2), 1U);
}

TEST(MetricsDeathTest, MisuseIsABug) {
  MetricRegistry registry;
  registry.counter("a_total", "A.");
  EXPECT_DEATH(registry.gauge("a_total", "A."), "CHECK failed");
  EXPECT_DEATH(registry.counter("1a", "A."), "CHECK failed");
  EXPECT_DEATH(registry.counter("b_total", "B.", {{"x", "1"}, {"x", "2"}}), "CHECK failed");
  EXPECT_DEATH(Histogram({2, 1}), "CHECK failed");
}

TEST(Metrics, ThreadsAddAndRender) {
  MetricRegistry registry;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&registry, t] {
      for (int i = 0; i < 500; ++i) {
        registry.counter("a_total", "A.", {{"thread", std::to_string((t + i) % 3)}}).add();
        registry.histogram("s", "S.", {1}).observe(0.5);
        EXPECT_TRUE(i % 100 != 0 || !registry.render().empty());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  uint64_t sum = 0;
  for (const auto& [labels, value] : registry.read_counters("a_total")) sum += value;
  EXPECT_EQ(sum, 2000U);
  EXPECT_EQ(registry.histogram("s", "S.", {1}).bucket(0), 2000U);
}

}  // namespace
}  // namespace tercet
