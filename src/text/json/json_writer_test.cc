#include "text/json/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace tercet::text {
namespace {

std::string written(std::string_view text, JsonEscape escape = JsonEscape::kJson) {
  std::string out;
  append_json_string(out, text, escape);
  return out;
}

TEST(JsonWriter, PutsCommasAndNests) {
  std::string out = "data: ";
  JsonWriter w(out);
  EXPECT_FALSE(w.complete());
  w.begin_object();
  w.key("empty").begin_object().end_object();
  w.key("none").begin_array().end_array();
  w.key("list").begin_array().value(1).value("two").null().value(true).value(false);
  w.begin_array().value(2.5).end_array().begin_object().key("k").value("v").key("l").value(-1).end_object();
  w.end_array();
  w.key("raw").raw("[1,2]").key("last").value(0u);
  EXPECT_FALSE(w.complete());
  w.end_object();
  EXPECT_TRUE(w.complete());
  EXPECT_EQ(
      out,
      R"(data: {"empty":{},"none":[],"list":[1,"two",null,true,false,[2.5],{"k":"v","l":-1}],"raw":[1,2],"last":0})");
}

TEST(JsonWriter, AnyValueMayStandAlone) {
  std::string out;
  JsonWriter(out).value("x");
  EXPECT_EQ(out, "\"x\"");
  std::string number;
  JsonWriter(number).value(std::numeric_limits<int64_t>::min());
  EXPECT_EQ(number, "-9223372036854775808");
}

TEST(JsonWriter, NestsBeyondTheInlineLevels) {
  std::string out;
  JsonWriter w(out);
  for (int i = 0; i < 100; ++i) w.begin_array();
  for (int i = 0; i < 100; ++i) w.end_array();
  EXPECT_TRUE(w.complete());
  EXPECT_EQ(out, std::string(100, '[') + std::string(100, ']'));
}

TEST(JsonWriter, Numbers) {
  std::string out;
  JsonWriter w(out);
  w.begin_array();
  w.value(std::numeric_limits<uint64_t>::max()).value(std::numeric_limits<int64_t>::max()).value(0LL).value(0ULL);
  w.value(0.1).value(1e300).value(5e-324).value(-0.0).value(3.0).value(1e21).value(123456789.125);
  w.value(std::nan("")).value(std::numeric_limits<double>::infinity());
  w.end_array();
  EXPECT_EQ(out, "[18446744073709551615,9223372036854775807,0,0,0.1,1e+300,5e-324,-0,3,1e+21,123456789.125,null,null]");
}

TEST(JsonWriter, SpellsNumbersAsProtobufDoes) {
  std::string out;
  JsonWriter w(out);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  w.begin_array().proto_double(1.5).proto_double(std::nan("")).proto_double(kInfinity).proto_double(-kInfinity);
  w.quoted_int(std::numeric_limits<int64_t>::min()).quoted_int(std::numeric_limits<uint64_t>::max());
  w.quoted_int(int64_t{0}).end_array();
  EXPECT_EQ(out, R"([1.5,"NaN","Infinity","-Infinity","-9223372036854775808","18446744073709551615","0"])");
}

TEST(JsonString, EscapesWhatJsonAsksFor) {
  EXPECT_EQ(written(""), "\"\"");
  EXPECT_EQ(written("plain / text\x7F"), "\"plain / text\x7F\"");
  EXPECT_EQ(written("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
  EXPECT_EQ(written(std::string_view("\0\x01\x1F", 3)), R"("\u0000\u0001\u001f")");
  EXPECT_EQ(written("\u00E9\u20AC\U0001F600</script>&\u2028"), "\"\u00E9\u20AC\U0001F600</script>&\u2028\"");
}

TEST(JsonString, EscapesForHtml) {
  EXPECT_EQ(written("</script>&\u2028\u2029\u2027\u00E9", JsonEscape::kHtml),
            "\"\\u003c/script\\u003e\\u0026\\u2028\\u2029\u2027\u00E9\"");
  std::string out;
  JsonWriter w(out, JsonEscape::kHtml);
  w.begin_object().key("<").value(">").end_object();
  EXPECT_EQ(out, R"({"\u003c":"\u003e"})");
}

TEST(JsonString, ReplacesIllFormedUtf8) {
  EXPECT_EQ(written("a\xFFz"), "\"a\uFFFDz\"");
  EXPECT_EQ(written("\x80\x80"), "\"\uFFFD\uFFFD\"");
  EXPECT_EQ(written("\xE2\x82"), "\"\uFFFD\"");  // a character cut off by the end: one replacement
  EXPECT_EQ(written("\xE2\x82x"), "\"\uFFFDx\"");
  EXPECT_EQ(written("\xF0\x9F\x98\xC3\xA9"), "\"\uFFFD\u00E9\"");
  EXPECT_EQ(written("\xED\xA0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");            // a surrogate
  EXPECT_EQ(written("\xC0\xAF"), "\"\uFFFD\uFFFD\"");                      // overlong
  EXPECT_EQ(written("\xF4\x90\x80\x80"), "\"\uFFFD\uFFFD\uFFFD\uFFFD\"");  // beyond U+10FFFF
  EXPECT_EQ(written("\xE2\x80\xFF", JsonEscape::kHtml), "\"\uFFFD\uFFFD\"");
}

#ifdef TERCET_DCHECKS
TEST(JsonWriterDeathTest, RefusesWhatWouldBeNoJson) {
  std::string out;
  EXPECT_DEATH(JsonWriter(out).begin_object().value(1), "");
  EXPECT_DEATH(JsonWriter(out).begin_object().key("a").key("b"), "");
  EXPECT_DEATH(JsonWriter(out).begin_object().key("a").end_object(), "");
  EXPECT_DEATH(JsonWriter(out).begin_array().key("a"), "");
  EXPECT_DEATH(JsonWriter(out).begin_array().end_object(), "");
  EXPECT_DEATH(JsonWriter(out).end_array(), "");
  EXPECT_DEATH(JsonWriter(out).value(1).value(2), "");
}
#endif

}  // namespace
}  // namespace tercet::text
