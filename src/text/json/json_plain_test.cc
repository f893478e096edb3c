#include "text/json/json_plain.h"

#include <gtest/gtest.h>

namespace tercet::text {
namespace {

std::string error_of(std::string_view text) {
  const auto value = parse_json(text);
  EXPECT_FALSE(value) << text;
  if (value) return "";
  EXPECT_EQ(value.error().code(), Code::kInvalidArgument) << text;
  return value.error().message();
}

TEST(JsonErrors, SayWhereAndWhatWasExpected) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "line 1, column 1: expected a value, found nothing"},
      {" \n ", "line 2, column 2: expected a value, found nothing"},
      {"{", "line 1, column 2: expected a key in double quotes, found the end of the text"},
      {"{\n  \"a\": 1,\n}", "line 3, column 1: expected a key in double quotes, found '}'"},
      {"{a: 1}", "line 1, column 2: expected a key in double quotes, found \"a\""},
      {"{\"a\" 1}", "line 1, column 6: expected ':' after the key, found a number"},
      {"{\"a\": 1 \"b\": 2}", "line 1, column 9: expected ',' or '}', found a string"},
      {"{\"a\":}", "line 1, column 6: expected a value, found '}'"},
      {"[1,]", "line 1, column 4: expected a value, found ']'"},
      {"[1 2]", "line 1, column 4: expected ',' or ']', found a number"},
      {"[1", "line 1, column 3: expected ',' or ']', found the end of the text"},
      {"[1}", "line 1, column 3: expected ',' or ']', found '}'"},
      {"[1]]", "line 1, column 4: expected the end of the text, found ']'"},
      {"1 2", "line 1, column 3: expected the end of the text, found a number"},
      {"[\"\u00E9\u00E9\", x]", "line 1, column 8: expected a value, found \"x\""},
      {"tru", "line 1, column 1: expected a value, found \"tru\""},
      {"nullx", "line 1, column 1: expected a value, found \"nullx\""},
      {"True", "line 1, column 1: expected a value, found \"True\""},
      {"NaN", "line 1, column 1: expected a value, found \"NaN\""},
      {"'a'", "line 1, column 1: expected a value, found '''"},
      {"// x\n1", "line 1, column 1: expected a value, found '/'"},
      {"\u00E9", "line 1, column 1: expected a value, found \"\u00E9\""},
      {"\xEF\xBB\xBF[]", "line 1, column 1: expected a value, found \"\uFEFF\""},
      {std::string("\0", 1), "line 1, column 1: expected a value, found \"\\u0000\""},
      {"-", "line 1, column 2: expected a digit, found the end of the text"},
      {"+1", "line 1, column 1: expected a value, found '+'"},
      {".5", "line 1, column 1: expected a value, found '.'"},
      {"1.", "line 1, column 3: expected a digit, found the end of the text"},
      {"1.e5", "line 1, column 3: expected a digit, found \"e5\""},
      {"1e+", "line 1, column 4: expected a digit, found the end of the text"},
      {"-01", "line 1, column 1: a number with a leading zero"},
      {"1a", "line 1, column 2: expected the end of the text, found \"a\""},
      {"[1e400]", "line 1, column 2: a number beyond the range of a double"},
      {"-1e99999999999999999999", "line 1, column 1: a number beyond the range of a double"},
      {"{\"a\": \"x", "line 1, column 7: the string that starts here has no closing quote"},
      {"{\"a\": \"x\n}", "line 1, column 9: the string has no closing quote on its line"},
      {"\"\t\"", "line 1, column 2: a control character in a string must be written as \\u00XX"},
      {"\"\\x\"", R"(line 1, column 2: an unknown escape; JSON has \" \\ \/ \b \f \n \r \t \uXXXX)"},
      {"\"\\", R"(line 1, column 2: an unknown escape; JSON has \" \\ \/ \b \f \n \r \t \uXXXX)"},
      {"\"\\u12\"", "line 1, column 2: \\u must be followed by four hex digits"},
      {"\"\\u12x4\"", "line 1, column 2: \\u must be followed by four hex digits"},
      {"[\"\u00E9\xFF\"]", "line 1, column 4: the text is no UTF-8"},
      {"{\"a\": 1,\n \"b\": 2, \"a\": 3}",
       "line 2, column 10: the key \"a\" stands twice in one object, first at line 1, column 2"},
      {"{\"a\": {\"x\": 1, \"\\u0078\": 2}}",
       "line 1, column 16: the key \"x\" stands twice in one object, first at line 1, column 8"},
      {"[abcdefghijklmnopqrstuvwxyz]", "line 1, column 2: expected a value, found \"abcdefghijklmnopqrstuvwx\""},
  };
  for (const auto& [text, message] : cases) EXPECT_EQ(error_of(text), message) << text;
}

TEST(JsonErrors, DuplicatesInWideObjects) {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i) text += "\"key" + std::to_string(i) + "\": 1,\n";
  EXPECT_TRUE(parse_json(text + "\"key1000\": 1}"));
  EXPECT_EQ(error_of(text + "\"key7\": 1, \"key5\": 1}"),
            "line 1001, column 1: the key \"key7\" stands twice in one object, first at line 8, column 1");
}

TEST(JsonPlain, AgreesWithTheFastReader) {
  const std::vector<std::string> texts = {
      "null",
      "[true, false]",
      R"({"a": [1, 2.5, -3e7, "x\u00e9\n"], "b": {"c": []}})",
      "[9223372036854775807, 9223372036854775808, -9223372036854775808, 1e-300, 0.1, 123456789.123456789]",
      "[1.7976931348623157e308, 5e-324, 2.2250738585072011e-308, 9007199254740993.0]",
  };
  for (const std::string& text : texts) {
    const auto fast = parse_json(text);
    const auto plain = parse_json_plain(text, {});
    ASSERT_TRUE(fast && plain) << text;
    EXPECT_EQ(*fast, *plain) << text;
  }
}

}  // namespace
}  // namespace tercet::text
