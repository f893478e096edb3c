#include "text/gofmt/logfmt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tercet::text {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(Logfmt, Reads) {
  const std::vector<std::pair<std::string, Pairs>> cases = {
      {"", {}},
      {" \t\n\r\n", {}},
      {"service.name=checkout", {{"service.name", "checkout"}}},
      {"a=1 b=\"two words\" c", {{"a", "1"}, {"b", "two words"}, {"c", ""}}},
      {"a= b=", {{"a", ""}, {"b", ""}}},
      {"a=\"\"", {{"a", ""}}},
      {"a=1 a=2", {{"a", "1"}, {"a", "2"}}},
      {"a=1\nb=2\r\nc=3", {{"a", "1"}, {"b", "2"}, {"c", "3"}}},
      {"a=\"x\"b=y", {{"a", "x"}, {"b", "y"}}},
      {R"(a="q\"q\\ \/ \' \b\f\n\r\t")", {{"a", "q\"q\\ / ' \b\f\n\r\t"}}},
      {R"(a="\u00e9\uD83D\uDE00")", {{"a", "\u00E9\U0001F600"}}},
      {R"(a="\ud800x\udc00\ud800\u0041")", {{"a", "\uFFFDx\uFFFD\uFFFDA"}}},
      {"http.url=/a?b", {{"http.url", "/a?b"}}},
      {"name=o'brien", {{"name", "o'brien"}}},
      {"\u0192=2h \xE2\x82\xAC=\xFF", {{"\u0192", "2h"}, {"\u20AC", "\xFF"}}},
      {"a=\"tab\there\"", {{"a", "tab\there"}}},
      {"a=\"\xFF\\n\"", {{"a", "\uFFFD\n"}}},
      {std::string("a=1\0b=2", 7), {{"a", "1"}, {"b", "2"}}},
  };
  for (const auto& [text, pairs] : cases) {
    const auto got = parse_logfmt(text);
    ASSERT_TRUE(got) << text << ": " << got.error().message();
    EXPECT_THAT(*got, testing::ElementsAreArray(pairs)) << text;
  }
}

TEST(Logfmt, RefusesWithThePosition) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"=x", "logfmt syntax error at pos 1 on line 1: unexpected '='"},
      {"a=1\n=x", "logfmt syntax error at pos 1 on line 2: unexpected '='"},
      {"a==", "logfmt syntax error at pos 3 on line 1: unexpected '='"},
      {"a=b=c", "logfmt syntax error at pos 4 on line 1: unexpected '='"},
      {"\"k\"=v", "logfmt syntax error at pos 1 on line 1: unexpected '\"'"},
      {"k\"ey=v", "logfmt syntax error at pos 2 on line 1: unexpected '\"'"},
      {"k=v\"x", "logfmt syntax error at pos 4 on line 1: unexpected '\"'"},
      {"a=\"1", "logfmt syntax error at pos 5 on line 1: unterminated quoted value"},
      {"a=\"1\\", "logfmt syntax error at pos 6 on line 1: unterminated quoted value"},
      {"a=\"1\n2\"", "logfmt syntax error at pos 5 on line 1: unterminated quoted value"},
      {"a=\"\\u1\"", "logfmt syntax error at pos 8 on line 1: invalid quoted value"},
      {"a=\"\\x\"", "logfmt syntax error at pos 7 on line 1: invalid quoted value"},
      {"a=\"\\n\t\"", "logfmt syntax error at pos 8 on line 1: invalid quoted value"},
      {"\x80=v", "logfmt syntax error at pos 2 on line 1: invalid key"},
      {"a\uFFFD=v", "logfmt syntax error at pos 5 on line 1: invalid key"},
  };
  for (const auto& [text, message] : cases) {
    const auto got = parse_logfmt(text);
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().code(), Code::kInvalidArgument);
    EXPECT_EQ(got.error().message(), message) << text;
  }
}

}  // namespace
}  // namespace tercet::text
