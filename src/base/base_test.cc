// The small parts of base, each in a few lines; threads and metrics have files of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <limits>
#include <set>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/cancel.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/config_field.h"
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/result.h"

namespace tercet {
namespace {

using ::testing::HasSubstr;

// ---- errors
// ----------------------------------------------------------------------------------------------------------

Result<int> half(int n) {
  if (n % 2 != 0) return fail(invalid_argument("odd"));
  return n / 2;
}

Result<int> quarter(int n) {
  const int once = TRY(half(n));
  return TRY_CTX(half(once), "second half");
}

Result<> check_quarter(int n) {
  TRY(quarter(n));
  return {};
}

TEST(Result, TryYieldsOrReturns) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(7).error().message(), "odd");
  EXPECT_EQ(quarter(6).error().message(), "second half: odd");
  EXPECT_EQ(quarter(6).error().code(), Code::kInvalidArgument);
  EXPECT_TRUE(check_quarter(8).has_value());
  EXPECT_FALSE(check_quarter(6).has_value());
}

TEST(Error, ContextStandsOutermostFirst) {
  const Error error = data_loss("short read").context("read footer").context("open part 17");
  EXPECT_EQ(error.message(), "open part 17: read footer: short read");
  EXPECT_EQ(error.retry_after().count(), 0);
  EXPECT_EQ(unavailable("busy").with_retry_after(std::chrono::milliseconds(250)).retry_after().count(), 250);
}

TEST(Error, EveryCodeHasItsOwnName) {
  std::set<std::string_view> names;
  for (int code = 0; code <= 16; ++code) names.insert(code_name(static_cast<Code>(code)));
  EXPECT_EQ(names.size(), 17U);
  EXPECT_EQ(code_name(Code::kResourceExhausted), "resource_exhausted");
  EXPECT_EQ(code_name(static_cast<Code>(99)), "unknown");
}

TEST(CheckDeathTest, TellsPlaceAndCondition) {
  const int one = 1;
  CHECK(one == 1);
  EXPECT_DEATH(CHECK(one == 2), "base_test.cc:[0-9]+: CHECK failed: one == 2");
}

TEST(CancelToken, CopiesShareTheFlag) {
  const CancelToken token;
  const CancelToken copy = token;
  EXPECT_FALSE(copy.cancelled());
  token.cancel();
  EXPECT_TRUE(copy.cancelled());
}

// ---- arena
// -----------------------------------------------------------------------------------------------------------

TEST(Arena, ViewsLastAndAreAligned) {
  Arena arena(64);
  std::vector<std::string_view> views;
  for (int i = 0; i < 1000; ++i) {
    views.push_back(arena.copy(std::to_string(i)));
    const auto words = arena.array<uint64_t>(static_cast<size_t>(i % 5));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(words.data()) % alignof(uint64_t), 0U);
    for (const uint64_t word : words) EXPECT_EQ(word, 0U);
  }
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(views[static_cast<size_t>(i)], std::to_string(i));
  EXPECT_GE(arena.footprint(), 1000U);
  EXPECT_EQ(arena.copy(""), "");
}

TEST(Arena, SixteenByteAlignmentHoldsInEveryBlock) {
  Arena arena(64);
  for (int i = 0; i < 200; ++i) {
    arena.allocate(1, 1);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(arena.allocate(24, 16)) % 16, 0U);
  }
}

TEST(Arena, LargePieceLeavesTheCurrentBlockInUse) {
  Arena arena(4096);
  char* const before = arena.allocate(8);
  arena.allocate(1 << 20);
  EXPECT_EQ(arena.allocate(8), before + 8);
}

TEST(Arena, MovedFromIsEmptyAndUsable) {
  Arena first(64);
  const std::string_view kept = first.copy("kept");
  Arena second = std::move(first);
  const std::string_view later = first.copy("late");  // NOLINT(bugprone-use-after-move): what is tested
  EXPECT_EQ(kept, "kept");
  EXPECT_EQ(later, "late");
  EXPECT_NE(second.copy("more").data(), later.data() + later.size());
  second = std::move(first);
  EXPECT_EQ(later, "late");
}

// ---- bytes
// -----------------------------------------------------------------------------------------------------------

TEST(Bytes, LittleEndian) {
  std::string out;
  append_le<uint32_t>(out, 0x01020304);
  EXPECT_EQ(out, std::string("\x04\x03\x02\x01", 4));
  EXPECT_EQ(load_le<uint16_t>(out.data()), 0x0304);
}

TEST(Bytes, Hex) {
  EXPECT_EQ(hex_encode(std::string("\x00\xAB\xFF", 3)), "00abff");
  EXPECT_EQ(hex_decode("00aBFf"), std::string("\x00\xAB\xFF", 3));
  EXPECT_EQ(hex_decode(""), "");
  EXPECT_FALSE(hex_decode("0"));
  EXPECT_FALSE(hex_decode("0g"));
}

TEST(Bytes, Base64) {
  // RFC 4648 section 10.
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [raw, text] : vectors) {
    EXPECT_EQ(base64_encode(raw), text);
    EXPECT_EQ(base64_decode(text), raw);
    EXPECT_EQ(base64_decode(text.substr(0, text.find('='))), raw) << "without padding";
  }
  EXPECT_EQ(base64_decode("-_-_"), base64_decode("+/+/"));
  for (const char* bad : {"Z", "Zg=", "Zg===", "Z===", "====", "Zm9v=", "Zm 9", "Zg==Zg==", "=Zg="}) {
    EXPECT_FALSE(base64_decode(bad)) << bad;
  }
}

TEST(Bytes, Base64RoundTrip) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    std::string raw(random.below(100), 0);
    for (char& c : raw) c = static_cast<char>(random.next());
    EXPECT_EQ(base64_decode(base64_encode(raw)), raw);
    EXPECT_EQ(hex_decode(hex_encode(raw)), raw);
  }
}

std::string lossy(std::string_view text) {
  std::string out;
  append_utf8_lossy(out, text);
  return out;
}

TEST(Bytes, Utf8) {
  const std::string bad = "\xEF\xBF\xBD";
  for (const char* good : {"", "plain", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xED\x9F\xBF",
                           "\xF4\x8F\xBF\xBF", "eight ascii bytes \xC3\xA9 and more of them"}) {
    EXPECT_TRUE(is_valid_utf8(good)) << good;
    EXPECT_EQ(lossy(good), good);
  }
  const std::pair<std::string, std::string> mended[] = {
      {"\x80", bad},
      {"\xC0\x80", bad + bad},                      // overlong
      {"\xE0\x80\x80", bad + bad + bad},            // overlong
      {"\xED\xA0\x80", bad + bad + bad},            // surrogate
      {"\xF4\x90\x80\x80", bad + bad + bad + bad},  // beyond U+10FFFF
      {"\xE2\x82", bad},                            // cut off: one maximal subpart
      {"\xF0\x9F\x98"
       "a",
       bad + "a"},
      {"a\xFFz", "a" + bad + "z"},
      {"12345678\xC3", "12345678" + bad},
  };
  for (const auto& [text, want] : mended) {
    EXPECT_FALSE(is_valid_utf8(text)) << hex_encode(text);
    EXPECT_EQ(lossy(text), want) << hex_encode(text);
  }
}

TEST(Bytes, LossyIsAlwaysValid) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    std::string raw(random.below(64), 0);
    for (char& c : raw) c = static_cast<char>(random.below(3) == 0 ? random.next() : 0x80 | random.next() % 0x75);
    EXPECT_TRUE(is_valid_utf8(lossy(raw)));
    EXPECT_EQ(is_valid_utf8(raw), lossy(raw) == raw);
  }
}

// ---- time and random
// -------------------------------------------------------------------------------------------------

TEST(Clock, Rfc3339) {
  EXPECT_EQ(format_rfc3339(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_rfc3339(1'767'323'045'678'999'999), "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(format_rfc3339(951'782'400 * kSecond), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(format_rfc3339(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(format_rfc3339(std::numeric_limits<int64_t>::max()), "2262-04-11T23:47:16.854Z");
}

TEST(Clock, SimMovesOnlyWhenTold) {
  SimClock clock(100);
  EXPECT_EQ(clock.wall_ns(), 100);
  clock.advance(5);
  clock.step_wall(-50);
  EXPECT_EQ(clock.wall_ns(), 55);
  EXPECT_EQ(clock.mono_ns(), 5);
}

TEST(Clock, SystemIsPlausible) {
  SystemClock clock;
  EXPECT_GT(clock.wall_ns(), 1'600'000'000 * kSecond);
  const int64_t before = clock.mono_ns();
  EXPECT_GE(clock.mono_ns(), before);
}

TEST(Random, SeededRepeatsAndMatchesTheReference) {
  // xoshiro256** seeded from splitmix64(0), computed with the authors' C code.
  SeededRandom random(0);
  EXPECT_EQ(random.next(), 0x99EC5F36CB75F2B4U);
  EXPECT_EQ(random.next(), 0xBF6E1F784956452AU);
  SeededRandom other(1);
  SeededRandom same(1);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(other.next(), same.next());
}

TEST(Random, BoundsHold) {
  SeededRandom random(7);
  std::set<uint64_t> seen;
  for (int i = 0; i < 1000; ++i) {
    seen.insert(random.below(6));
    const double unit = random.unit();
    EXPECT_TRUE(unit >= 0 && unit < 1);
  }
  EXPECT_EQ(seen, (std::set<uint64_t>{0, 1, 2, 3, 4, 5}));
  SystemRandom system;
  EXPECT_NE(system.next(), system.next());
}

// ---- configuration
// ---------------------------------------------------------------------------------------------------

TEST(ConfigField, Bytes) {
  const std::pair<const char*, uint64_t> good[] = {{"0", 0},
                                                   {"4096", 4096},
                                                   {"4096B", 4096},
                                                   {"64KiB", 65536},
                                                   {"1.5GB", 1'500'000'000},
                                                   {"1 MB", 1'000'000},
                                                   {"0.5KiB", 512},
                                                   {"2mib", 2 << 20},
                                                   {"1EiB", 1ULL << 60},
                                                   {"18446744073709551615", UINT64_MAX},
                                                   {".5MB", 500'000}};
  for (const auto& [text, want] : good) {
    const auto parsed = parse_bytes(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, want) << text;
  }
  for (const char* bad :
       {"", " ", "-1", "KiB", "1 K iB", "1X", "1.2.3MB", "16EiB", "99999999999999999999", ".", "1KiBs"}) {
    EXPECT_FALSE(parse_bytes(bad)) << bad;
  }
  EXPECT_EQ(format_bytes(64 << 20), "64MiB");
  EXPECT_EQ(format_bytes(1'500'000'000), "1500MB");
  EXPECT_EQ(format_bytes(1001), "1001");
  EXPECT_EQ(format_bytes(0), "0");
}

TEST(ConfigField, Durations) {
  const std::pair<const char*, int64_t> good[] = {{"0", 0},
                                                  {"30s", 30 * kSecond},
                                                  {"1h30m", 90 * kMinute},
                                                  {"250ms", 250 * kMillisecond},
                                                  {"7d", 7 * kDay},
                                                  {"2w", 14 * kDay},
                                                  {"1y", 365 * kDay},
                                                  {"1.5h", 90 * kMinute},
                                                  {"-5m", -5 * kMinute},
                                                  {"1us", 1000},
                                                  {"1\xC2\xB5s", 1000},
                                                  {"3ns", 3},
                                                  {"0s", 0},
                                                  {"+1s", kSecond},
                                                  {"1d1ms", kDay + kMillisecond}};
  for (const auto& [text, want] : good) {
    const auto parsed = parse_duration(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, want) << text;
  }
  for (const char* bad : {"", "5", "-", "s", "1x", "1h30", "300y", "292y1y", "1 s", "--1s", "1.h.", "1e3s"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
  EXPECT_EQ(format_duration(90 * kMinute), "1h30m");
  EXPECT_EQ(format_duration(7 * kDay), "7d");
  EXPECT_EQ(format_duration(0), "0s");
  EXPECT_EQ(format_duration(-1500), "-1us500ns");
  EXPECT_EQ(format_duration(std::numeric_limits<int64_t>::min()), "-106751d23h47m16s854ms775us808ns");
}

TEST(ConfigField, FormatsReadBack) {
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    const uint64_t bytes = random.next() >> random.below(64);
    EXPECT_EQ(*parse_bytes(format_bytes(bytes)), bytes);
    const auto ns = static_cast<int64_t>(random.next()) >> random.below(63);
    if (ns != std::numeric_limits<int64_t>::min()) {
      EXPECT_EQ(*parse_duration(format_duration(ns)), ns);
    }
  }
}

TEST(ConfigField, FieldsSetGetAndRefuse) {
  std::string path = "data";
  bool on = false;
  int64_t workers = 2;
  uint64_t limit = 1 << 20;
  int64_t delay = kSecond;
  const ConfigFields fields = {
      string_field("path", path, "Where."),
      bool_field("on", on, "Whether."),
      integer_field("workers", workers, 1, 64, "How many."),
      bytes_field("limit_bytes", limit, 1024, 1 << 30, "How much; more is refused."),
      duration_field("delay", delay, kMillisecond, kHour, "How long."),
  };
  const std::string_view set[] = {"/tmp/x", "true", "8", "64MiB", "1m30s"};
  for (size_t i = 0; i < fields.size(); ++i) {
    EXPECT_TRUE(fields[i].set(set[i])) << fields[i].name;
    EXPECT_EQ(fields[i].get(), set[i]) << fields[i].name;
  }
  EXPECT_EQ(path, "/tmp/x");
  EXPECT_TRUE(on);
  EXPECT_EQ(workers, 8);
  EXPECT_EQ(limit, 64U << 20);
  EXPECT_EQ(delay, 90 * kSecond);
  EXPECT_THAT(fields[1].set("yes").error().message(), HasSubstr("true or false"));
  EXPECT_THAT(fields[2].set("65").error().message(), HasSubstr("from 1 to 64"));
  EXPECT_FALSE(fields[2].set("8x"));
  EXPECT_FALSE(fields[2].set(""));
  EXPECT_THAT(fields[3].set("2GiB").error().message(), HasSubstr("from 1KiB to 1GiB"));
  EXPECT_THAT(fields[4].set("2h").error().message(), HasSubstr("from 1ms to 1h"));
  EXPECT_EQ(workers, 8);
  EXPECT_EQ(limit, 64U << 20);
}

// ---- log
// -------------------------------------------------------------------------------------------------------------

TEST(Logger, OneJsonObjectALine) {
  SimClock clock(1'767'323'045'678 * kMillisecond);
  std::string lines;
  Logger log(clock, [&](std::string_view line) { lines += line; });
  log.debug("unseen");
  log.info("part sealed", {{"rows", 12}, {"ratio", 0.5}, {"ok", true}, {"size", uint64_t{1} << 63}, {"at", "a\"b\n"}});
  EXPECT_EQ(lines,
            R"({"timestamp":"2026-01-02T03:04:05.678Z","level":"info","service":"tercet","message":"part sealed",)"
            R"("rows":12,"ratio":0.5,"ok":true,"size":9223372036854775808,"at":"a\"b\n"})"
            "\n");
  lines.clear();
  log.set_level(LogLevel::kError);
  log.warn("unseen");
  log.error("failed", {{"error", internal_error("disk")}, {"nan", std::numeric_limits<double>::quiet_NaN()}});
  EXPECT_THAT(lines, HasSubstr(R"("level":"error","service":"tercet","message":"failed","error":"disk","nan":null})"));
}

TEST(Logger, JsonStrings) {
  std::string out;
  append_json_string(out, std::string_view("\0\x1F\\\"\t\r\xFF\x7F\xC3\xA9", 10));
  EXPECT_EQ(out, "\"\\u0000\\u001f\\\\\\\"\\t\\r\xEF\xBF\xBD\x7F\xC3\xA9\"");
}

TEST(Logger, FdSinkWritesWholeLines) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  fd_sink(ends[1])("line\n");
  char text[16];
  EXPECT_EQ(std::string_view(text, static_cast<size_t>(::read(ends[0], text, sizeof text))), "line\n");
  ::close(ends[0]);
  ::close(ends[1]);
  fd_sink(ends[1])("nobody listens\n");  // must not hang or die
}

// ---- memory
// ----------------------------------------------------------------------------------------------------------

constexpr uint64_t kMiB = 1 << 20;

TEST(Memory, AccountsInSteps) {
  MemoryAccountant accountant(100 * kMiB);
  {
    MemoryAccount account(accountant, MemoryClass::kHead);
    EXPECT_TRUE(account.try_grow(1));
    EXPECT_EQ(account.held(), 1U);
    EXPECT_EQ(accountant.used_bytes(MemoryClass::kHead), MemoryAccount::kStep);
    EXPECT_TRUE(account.try_grow(MemoryAccount::kStep - 1));
    EXPECT_EQ(accountant.used_bytes(), MemoryAccount::kStep);
    EXPECT_TRUE(account.try_grow(1));
    EXPECT_EQ(accountant.used_bytes(), 2 * MemoryAccount::kStep);
    account.shrink(1);
    EXPECT_EQ(accountant.used_bytes(), MemoryAccount::kStep);
    account.shrink(1 << 30);
    EXPECT_EQ(account.held(), 0U);
    EXPECT_TRUE(account.try_grow(10 * kMiB));
    MemoryAccount moved = std::move(account);
    EXPECT_EQ(moved.held(), 10 * kMiB);
    EXPECT_EQ(account.held(), 0U);  // NOLINT(bugprone-use-after-move): what is tested
  }
  EXPECT_EQ(accountant.used_bytes(), 0U);
  EXPECT_EQ(accountant.used_bytes(MemoryClass::kHead), 0U);
}

TEST(Memory, ClassesAreShedInOrder) {
  MemoryAccountant accountant(100 * kMiB);
  MemoryAccount filler(accountant, MemoryClass::kAlerts);
  unsigned before = 0;
  for (size_t i = 0; i < kMemoryClasses - 1; ++i) {
    const auto c = static_cast<MemoryClass>(i);
    const unsigned share = memory_class_share_percent(c);
    SCOPED_TRACE(memory_class_name(c));
    EXPECT_GT(share, before);
    before = share;
    filler.shrink_to(0);
    ASSERT_TRUE(filler.try_grow((share - 1) * kMiB));
    MemoryAccount account(accountant, c);
    EXPECT_TRUE(account.try_grow(kMiB));
    EXPECT_FALSE(account.try_grow(1)) << "the share is reached";
    EXPECT_EQ(account.held(), kMiB) << "nothing was added";
    EXPECT_EQ(accountant.refused(c), 1U);
    EXPECT_EQ(accountant.used_bytes(), share * kMiB);
  }
  EXPECT_TRUE(filler.try_grow(500 * kMiB)) << "alerts are never refused";
  EXPECT_EQ(accountant.refused(MemoryClass::kAlerts), 0U);
  EXPECT_EQ(memory_class_share_percent(MemoryClass::kCache), 70U);
  EXPECT_EQ(memory_class_share_percent(MemoryClass::kReplay), 97U);
}

TEST(Memory, HugeRequestsDoNotWrap) {
  MemoryAccountant accountant(UINT64_MAX);
  MemoryAccount account(accountant, MemoryClass::kCache);
  EXPECT_FALSE(account.try_grow(UINT64_MAX));
  EXPECT_TRUE(account.try_grow(UINT64_MAX / 2));
  EXPECT_FALSE(account.try_grow(UINT64_MAX));
  MemoryAccount nowhere;
  EXPECT_TRUE(nowhere.try_grow(UINT64_MAX));
  EXPECT_FALSE(nowhere.try_grow(1));
}

TEST(Memory, TheProcess) {
  const uint64_t rss = process_rss_bytes();
  EXPECT_GT(rss, kMiB);
  EXPECT_GT(available_memory_bytes(), kMiB);
  const MemoryAccountant accountant(kMiB);
  EXPECT_EQ(accountant.unaccounted_bytes(123), 123U);
}

}  // namespace
}  // namespace tercet
