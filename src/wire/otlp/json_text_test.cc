#include <gtest/gtest.h>

#include <string>

#include "wire/otlp/json_text.h"

namespace tercet::wire::otlp {
namespace {

std::string unescaped(std::string_view text, Unescaped expected = Unescaped::kOk) {
  std::string out(text.size(), '?');
  size_t size = 0;
  EXPECT_EQ(unescape(text, out.data(), size), expected) << text;
  return expected == Unescaped::kMalformed ? "" : out.substr(0, size);
}

TEST(JsonText, Escapes) {
  EXPECT_EQ(unescaped(""), "");
  EXPECT_EQ(unescaped("plain"), "plain");
  EXPECT_EQ(unescaped(R"(a\n\\b)"), "a\n\\b");
  EXPECT_EQ(unescaped(R"(\u0041\u00e4\u20AC\uD83D\uDE00)"), "A\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(unescaped(R"(\uD83D)", Unescaped::kLoneSurrogate), "\xEF\xBF\xBD");
  EXPECT_EQ(unescaped(R"(\uD83D\uD83D\uDE00)", Unescaped::kLoneSurrogate), "\xEF\xBF\xBD\xF0\x9F\x98\x80");
  EXPECT_EQ(unescaped(R"(\uDE00\n)", Unescaped::kLoneSurrogate), "\xEF\xBF\xBD\n");
  for (const auto* text : {"\\", "\\u", "\\u123", "\\uD83D\\u12", "\\x", "\\u00g0"})
    unescaped(text, Unescaped::kMalformed);
}

TEST(JsonText, IntegersOfManyDigits) {
  Integer number;
  const std::string zeros(1'000, '0');
  EXPECT_EQ(parse_integer(zeros + "7", number), IntegerText::kOk);
  EXPECT_EQ(number.magnitude, 7u);
  EXPECT_EQ(parse_integer("7" + zeros + "e-1000", number), IntegerText::kOk);
  EXPECT_EQ(number.magnitude, 7u);
  EXPECT_EQ(parse_integer("0." + zeros + "7e1001", number), IntegerText::kOk);
  EXPECT_EQ(number.magnitude, 7u);
  EXPECT_EQ(parse_integer("-18446744073709551615.000", number), IntegerText::kOk);
  EXPECT_TRUE(number.negative);
  EXPECT_EQ(number.magnitude, UINT64_MAX);
  EXPECT_EQ(parse_integer("18446744073709551616", number), IntegerText::kOutOfRange);
  EXPECT_EQ(parse_integer("1.8446744073709551615e19", number), IntegerText::kOk);
  EXPECT_EQ(parse_integer("1.84467440737095516155e19", number), IntegerText::kFraction);
}

}  // namespace
}  // namespace tercet::wire::otlp
