#include "text/json/json_value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace tercet::text {
namespace {

JsonValue parsed(std::string_view text) {
  auto value = parse_json(text);
  EXPECT_TRUE(value) << text << ": " << value.error().message();
  return value ? *std::move(value) : JsonValue();
}

TEST(JsonValue, KeepsKindsOrderAndText) {
  const JsonValue v = parsed(R"( {"b": [1, -2, 2.5, true, null, "x\né"], "a": {}, "": []} )");
  ASSERT_EQ(v.kind(), JsonKind::kObject);
  ASSERT_EQ(v.members().size(), 3u);
  EXPECT_EQ(v.members()[0].key, "b");
  EXPECT_EQ(v.members()[1].key, "a");
  EXPECT_EQ(v.members()[2].key, "");
  const auto items = v.find("b")->items();
  ASSERT_EQ(items.size(), 6u);
  EXPECT_EQ(items[0], JsonValue(1));
  EXPECT_EQ(items[1], JsonValue(-2));
  EXPECT_EQ(items[2], JsonValue(2.5));
  EXPECT_EQ(items[3], JsonValue(true));
  EXPECT_TRUE(items[4].is_null());
  EXPECT_EQ(items[5], JsonValue("x\n\u00E9"));
  EXPECT_EQ(v.find("c"), nullptr);
  EXPECT_EQ(JsonValue(1).find("c"), nullptr);
  EXPECT_TRUE(JsonValue("text").items().empty());
}

TEST(JsonValue, NumbersAreExact) {
  EXPECT_EQ(parsed("9007199254740993").as_int64(), 9007199254740993);
  EXPECT_EQ(parsed("9223372036854775807").as_int64(), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(parsed("-9223372036854775808").as_int64(), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(parsed("9223372036854775808").kind(), JsonKind::kUint64);
  EXPECT_EQ(parsed("18446744073709551615").as_uint64(), std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(parsed("18446744073709551616"), JsonValue(18446744073709551616.0));
  EXPECT_EQ(parsed("-9223372036854775809"), JsonValue(-9223372036854775808.0));
  EXPECT_EQ(parsed("123456789012345678901234567890"), JsonValue(123456789012345678901234567890.0));
  EXPECT_EQ(parsed("1e3").kind(), JsonKind::kDouble);
  EXPECT_EQ(parsed("0.1"), JsonValue(0.1));
  EXPECT_EQ(parsed("-0"), JsonValue(0));
  EXPECT_TRUE(std::signbit(*parsed("-0.0").as_double()));
  EXPECT_EQ(parsed("1e-400"), JsonValue(0.0));
  EXPECT_EQ(parsed("0e400"), JsonValue(0.0));
  EXPECT_EQ(parsed("0.0000001e-99999999999999999999"), JsonValue(0.0));
  EXPECT_EQ(parsed("5e-324"), JsonValue(5e-324));
}

TEST(JsonValue, ReadsWholeNumbersFromAnySpelling) {
  EXPECT_EQ(parsed("3.0").as_int64(), 3);
  EXPECT_EQ(parsed("3e0").as_uint64(), 3u);
  EXPECT_EQ(parsed("3.5").as_int64(), std::nullopt);
  EXPECT_EQ(parsed("-1").as_uint64(), std::nullopt);
  EXPECT_EQ(parsed("-1.0").as_uint64(), std::nullopt);
  EXPECT_EQ(parsed("18446744073709551615").as_int64(), std::nullopt);
  EXPECT_EQ(parsed("9223372036854775808.0").as_int64(), std::nullopt);
  EXPECT_EQ(parsed("18446744073709551616").as_uint64(), std::nullopt);
  EXPECT_EQ(parsed("\"3\"").as_int64(), std::nullopt);
  EXPECT_EQ(parsed("7").as_double(), 7.0);
  EXPECT_EQ(parsed("18446744073709551615").as_double(), 18446744073709551616.0);
  EXPECT_EQ(parsed("true").as_double(), std::nullopt);
  EXPECT_EQ(parsed("true").as_bool(), true);
  EXPECT_EQ(parsed("\"true\"").as_bool(), std::nullopt);
  EXPECT_EQ(parsed("null").as_string(), std::nullopt);
  EXPECT_EQ(JsonValue(uint64_t{5}), JsonValue(5));
}

TEST(JsonValue, EscapesAndLoneSurrogates) {
  EXPECT_EQ(parsed(R"("\"\\\/\b\f\n\r\t\u0041\uD83D\uDE00")"), JsonValue("\"\\/\b\f\n\r\tA\U0001F600"));
  EXPECT_EQ(parsed(R"("\ud800")"), JsonValue("\uFFFD"));
  EXPECT_EQ(parsed(R"("\udc00\ud800A\ud800\u0041\ud800\ud83d\ude00")"),
            JsonValue("\uFFFD\uFFFDA\uFFFDA\uFFFD\U0001F600"));
  EXPECT_EQ(parsed(R"("a\u0000b")"), JsonValue(std::string("a\0b", 3)));
}

TEST(JsonValue, Limits) {
  const std::string deep = std::string(64, '[') + std::string(64, ']');
  EXPECT_TRUE(parse_json(deep));
  const auto deeper = parse_json("[" + deep + "]");
  ASSERT_FALSE(deeper);
  EXPECT_EQ(deeper.error().code(), Code::kResourceExhausted);
  EXPECT_EQ(deeper.error().message(), "line 1, column 65: more than 64 arrays and objects inside one another");
  EXPECT_FALSE(parse_json(std::string(1'000'000, '[')));
  const auto long_text = parse_json("[1,2]", {.max_bytes = 4});
  ASSERT_FALSE(long_text);
  EXPECT_EQ(long_text.error().code(), Code::kResourceExhausted);
  EXPECT_EQ(long_text.error().message(), "the JSON text has 5 bytes, the limit is 4");
  EXPECT_FALSE(parse_json("[]", {.max_depth = 0}));
  EXPECT_TRUE(parse_json("1", {.max_depth = 0}));
}

TEST(JsonValue, Golden) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[]", "[]"},
      {" { \"a\" : [ 1 , 2.0 , 1e2 ] } ", R"({"a":[1,2.0,100.0]})"},
      {"[1e300, 1e-7, 0.1, -0.0, 1E+2]", "[1e+300,1e-07,0.1,-0.0,100.0]"},
      {"18446744073709551615", "18446744073709551615"},
      {"123456789012345678901", "123456789012345683968.0"},
      {R"("\u00e9\/\u001f")", "\"\u00E9/\\u001f\""},
      {"[null,true,false]", "[null,true,false]"},
  };
  for (const auto& [text, golden] : cases) {
    EXPECT_EQ(to_json(parsed(text)), golden);
    EXPECT_EQ(parsed(golden), parsed(text));
  }
  EXPECT_EQ(to_json(JsonValue(std::nan(""))), "null");
}

TEST(JsonValue, Describes) {
  EXPECT_EQ(describe(parsed("{}").kind()), "an object");
  EXPECT_EQ(describe(parsed("1.5").kind()), "a number");
}

}  // namespace
}  // namespace tercet::text
