#include "text/gofmt/duration.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "base/clock.h"
#include "base/random.h"

namespace tercet::text {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

struct Case {
  const char* text;
  int64_t ns;
};

TEST(GoDuration, Parses) {
  const std::vector<Case> cases = {
      {"0", 0},
      {"-0", 0},
      {"+0", 0},
      {"0s", 0},
      {"7s", 7 * kSecond},
      {"-7s", -7 * kSecond},
      {"+7s", 7 * kSecond},
      {"1.5h", 90 * kMinute},
      {"-1.5h", -90 * kMinute},
      {"1h30m", 90 * kMinute},
      {"30m1h", 90 * kMinute},
      {"1h1h", 2 * kHour},
      {"100ms", 100 * kMillisecond},
      {"2.s", 2 * kSecond},
      {".5s", 500 * kMillisecond},
      {"1.0040s", 1004 * kMillisecond},
      {"3ns", 3},
      {"3us", 3000},
      {"3\u00B5s", 3000},
      {"3\u03BCs", 3000},
      {"1h2m3s4ms5us6ns", kHour + 2 * kMinute + 3 * kSecond + 4 * kMillisecond + 5 * kMicrosecond + 6},
      {"0.9ns", 0},
      {"0.3333333333333333333h", 20 * kMinute},
      {"0.100000000000000000000000000000s", 100 * kMillisecond},
      {"9223372036854775807ns", kMax},
      {"9223372036.854775807s", kMax},
      {"-9223372036854775808ns", kMin},
      {"-2562047h47m16.854775808s", kMin},
  };
  for (const Case& c : cases) {
    const auto got = parse_go_duration(c.text);
    ASSERT_TRUE(got) << c.text << ": " << got.error().message();
    EXPECT_EQ(*got, c.ns) << c.text;
  }
}

TEST(GoDuration, RefusesInGoWords) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "time: invalid duration \"\""},
      {"-", "time: invalid duration \"-\""},
      {"3", "time: missing unit in duration \"3\""},
      {"1h3", "time: missing unit in duration \"1h3\""},
      {"1d", "time: unknown unit \"d\" in duration \"1d\""},
      {"1s ", "time: unknown unit \"s \" in duration \"1s \""},
      {"1S", "time: unknown unit \"S\" in duration \"1S\""},
      {"s", "time: invalid duration \"s\""},
      {".s", "time: invalid duration \".s\""},
      {"--1s", "time: invalid duration \"--1s\""},
      {" 1s", "time: invalid duration \" 1s\""},
      {"1\u00E9", "time: unknown unit \"\\xc3\\xa9\" in duration \"1\\xc3\\xa9\""},
      {"\"", "time: invalid duration \"\\\"\""},
      {"9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\""},
      {"-9223372036854775809ns", "time: invalid duration \"-9223372036854775809ns\""},
      {"3000000h", "time: invalid duration \"3000000h\""},
      {"99999999999999999999s", "time: invalid duration \"99999999999999999999s\""},
  };
  for (const auto& [text, message] : cases) {
    const auto got = parse_go_duration(text);
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().code(), Code::kInvalidArgument);
    EXPECT_EQ(got.error().message(), message);
  }
}

TEST(GoDuration, Formats) {
  const std::vector<Case> cases = {
      {"0s", 0},
      {"1ns", 1},
      {"-1ns", -1},
      {"1.1\u00B5s", 1100},
      {"2.2ms", 2'200'000},
      {"999.999999ms", 999'999'999},
      {"1s", kSecond},
      {"3.3s", 3'300'000'000},
      {"1m0s", kMinute},
      {"4m5.001s", 4 * kMinute + 5001 * kMillisecond},
      {"1h30m0s", 90 * kMinute},
      {"-1h30m0s", -90 * kMinute},
      {"24h0m0s", kDay},
      {"2562047h47m16.854775807s", kMax},
      {"-2562047h47m16.854775808s", kMin},
  };
  for (const Case& c : cases) EXPECT_EQ(format_go_duration(c.ns), c.text);
}

TEST(GoDuration, RoundTrips) {
  constexpr uint64_t kSeed = 20240611;
  SeededRandom random(kSeed);
  for (int i = 0; i < 20000; ++i) {
    const auto ns = static_cast<int64_t>(random.next()) >> random.below(64);
    const auto back = parse_go_duration(format_go_duration(ns));
    ASSERT_TRUE(back) << ns << " seed " << kSeed;
    ASSERT_EQ(*back, ns) << "seed " << kSeed;
  }
}

TEST(PrometheusDuration, ParsesAndFormats) {
  struct Both {
    const char* text;
    int64_t ns;
    const char* printed;
  };
  const std::vector<Both> cases = {
      {"0", 0, "0s"},
      {"0w", 0, "0s"},
      {"0s", 0, "0s"},
      {"324ms", 324 * kMillisecond, "324ms"},
      {"5m", 5 * kMinute, "5m"},
      {"90s", 90 * kSecond, "1m30s"},
      {"1h", kHour, "1h"},
      {"1d", kDay, "1d"},
      {"4d1h", 4 * kDay + kHour, "4d1h"},
      {"14d", 14 * kDay, "2w"},
      {"90d", 90 * kDay, "90d"},
      {"365d", 365 * kDay, "1y"},
      {"372d", 372 * kDay, "372d"},
      {"1y1w", 372 * kDay, "372d"},
      {"3w2d1h", 23 * kDay + kHour, "23d1h"},
      {"10y", 3650 * kDay, "10y"},
      {"1h30m15s250ms", kHour + 30 * kMinute + 15 * kSecond + 250 * kMillisecond, "1h30m15s250ms"},
      {"0000000000000000000000001s", kSecond, "1s"},
      {"292y", 292 * 365 * kDay, "292y"},
      {"9223372036854ms", 9223372036854 * kMillisecond, "106751d23h47m16s854ms"},
  };
  for (const Both& c : cases) {
    const auto got = parse_prometheus_duration(c.text);
    ASSERT_TRUE(got) << c.text << ": " << got.error().message();
    EXPECT_EQ(*got, c.ns) << c.text;
    EXPECT_EQ(format_prometheus_duration(c.ns), c.printed);
  }
  EXPECT_EQ(format_prometheus_duration(999'999), "0s");
  EXPECT_EQ(format_prometheus_duration(-90 * kSecond), "-1m30s");
  EXPECT_EQ(format_prometheus_duration(kMin), "-106751d23h47m16s854ms");
}

TEST(PrometheusDuration, RefusesInPrometheusWords) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "empty duration string"},
      {"1", "not a valid duration string: \"1\""},
      {"-1w", "not a valid duration string: \"-1w\""},
      {"1.5d", "not a valid duration string: \"1.5d\""},
      {"1m1h", "not a valid duration string: \"1m1h\""},
      {"1m1m", "not a valid duration string: \"1m1m\""},
      {"1ms1s", "not a valid duration string: \"1ms1s\""},
      {"1us", "not a valid duration string: \"1us\""},
      {"m", "not a valid duration string: \"m\""},
      {"5m ", "not a valid duration string: \"5m \""},
      {"5m0", "not a valid duration string: \"5m0\""},
      {"293y", "duration out of range"},
      {"292y27w", "duration out of range"},
      {"9223372036855ms", "duration out of range"},
      {"99999999999999999999999999999999ms", "duration out of range"},
      {"18446744073709551616s", "duration out of range"},
      {"18446744073709551616sx", "not a valid duration string: \"18446744073709551616sx\""},
  };
  for (const auto& [text, message] : cases) {
    const auto got = parse_prometheus_duration(text);
    ASSERT_FALSE(got) << text << " = " << *got;
    EXPECT_EQ(got.error().message(), message);
  }
}

}  // namespace
}  // namespace tercet::text
