#include <gtest/gtest.h>

#include "text/yaml/yaml.h"

namespace tercet::text {
namespace {

std::string error_of(std::string_view text, const YamlLimits& limits = {}) {
  const auto node = parse_yaml(text, "t.yaml", limits);
  EXPECT_FALSE(node) << text;
  return node ? "" : node.error().message();
}

TEST(YamlErrors, KeysThatStandTwice) {
  EXPECT_EQ(error_of("a: 1\nb: 2\na: 3\n"), "t.yaml:3:1: the key \"a\" stands twice in one map, first at 1:1");
  EXPECT_EQ(error_of("x:\n  - {k: 1, k: 2}\n"), "t.yaml:2:12: the key \"k\" stands twice in one map, first at 2:6");
  EXPECT_EQ(error_of("a: 1\n'a': 2\n"), "t.yaml:2:1: the key \"a\" stands twice in one map, first at 1:1");
  EXPECT_EQ(error_of("<<: {a: 1}\n<<: {b: 1}\n"),
            "t.yaml:2:1: the key \"<<\" stands twice in one map, first at 1:1; merge several maps with a list");
  std::string wide;
  for (int i = 0; i < 100; ++i) wide += "k" + std::to_string(i) + ": v\n";
  EXPECT_EQ(error_of(wide + "k9: w\nk3: w\n"), "t.yaml:101:1: the key \"k9\" stands twice in one map, first at 10:1");
}

TEST(YamlErrors, KeysThatAreNoScalars) {
  EXPECT_EQ(error_of("? [a]\n: b\n"), "t.yaml:1:3: a sequence or a map cannot be a key");
  EXPECT_EQ(error_of("a: &x [1]\n*x : 2\n"), "t.yaml:1:4: a sequence or a map cannot be a key");
  EXPECT_EQ(error_of(": z\n"), "t.yaml:1:1: a key is missing, or is null; a key called null needs quotes");
  EXPECT_EQ(error_of("null: z\n"), "t.yaml:1:1: a key is missing, or is null; a key called null needs quotes");
  EXPECT_EQ(error_of("{{ x }}: 1"), "t.yaml:1:1: a sequence or a map cannot be a key");
  EXPECT_EQ(error_of("x: {{ y }}"), "t.yaml:1:5: a sequence or a map cannot be a key");
}

TEST(YamlErrors, Merges) {
  EXPECT_EQ(error_of("<<: 1\n"), "t.yaml:1:5: \"<<\" merges a map or a list of maps");
  EXPECT_EQ(error_of("<<:\n"), "t.yaml:1:1: \"<<\" merges a map or a list of maps");
  EXPECT_EQ(error_of("<<: [{a: 1}, [b]]\n"), "t.yaml:1:14: \"<<\" merges a map or a list of maps");
}

TEST(YamlErrors, Aliases) {
  EXPECT_EQ(error_of("a: *x\n"), "t.yaml:1:4: the alias stands for an anchor that is not defined above");
  EXPECT_EQ(error_of("a: &x [*x]\n"), "t.yaml:1:8: the alias stands inside the node that it stands for");
  EXPECT_EQ(error_of("&k a: 1\n*k : 2\n"), "t.yaml:1:1: the key \"a\" stands twice in one map, first at 1:1");
  EXPECT_EQ(error_of("&x a: &y {b: *y}\n"), "t.yaml:1:14: the alias stands inside the node that it stands for");
}

TEST(YamlErrors, BillionLaughs) {
  std::string text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 30; ++i) {
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) text += (k > 0 ? ",*a" : "*a") + std::to_string(i - 1);
    text += "]\n";
  }
  const auto node = parse_yaml(text, "t.yaml");
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().code(), Code::kResourceExhausted);
  EXPECT_EQ(node.error().message(), "t.yaml:6:38: more than 1000000 nodes with all aliases expanded");
}

TEST(YamlErrors, Limits) {
  const std::string deep = std::string(64, '[') + "x" + std::string(64, ']');
  EXPECT_TRUE(parse_yaml(deep, "t.yaml"));
  EXPECT_EQ(error_of("[" + deep + "]"), "t.yaml:1:65: more than 64 sequences and maps inside one another");
  // yaml-cpp's own guard, at some place behind ours.
  EXPECT_TRUE(error_of(std::string(100'000, '[')).ends_with(": more than 64 sequences and maps inside one another"));
  // Through an alias.
  EXPECT_EQ(error_of("a: &x " + std::string(40, '[') + std::string(40, ']') + "\nb: " + std::string(30, '[') + "*x" +
                     std::string(30, ']')),
            "t.yaml:2:34: more than 64 sequences and maps inside one another");
  EXPECT_EQ(error_of("[1, 2, 3]", {.max_nodes = 3}), "t.yaml:1:8: more than 3 nodes with all aliases expanded");
  EXPECT_TRUE(parse_yaml("[1, 2, 3]", "t.yaml", {.max_nodes = 4}));
  EXPECT_EQ(error_of("a: &x 0123456789\nb: [*x, *x]\n", {.max_text_bytes = 25}),
            "t.yaml:2:9: more than 25 bytes of text with all aliases expanded");
  EXPECT_EQ(error_of("abc", {.max_bytes = 2}), "t.yaml:1:1: the text has 3 bytes, the limit is 2");
}

TEST(YamlErrors, Documents) {
  EXPECT_EQ(error_of("a: 1\n---\nb: 2\n"), "t.yaml:2:1: a second document starts here, where one is expected");
  EXPECT_EQ(error_of("- a\nb: c\n"),
            "t.yaml:2:1: unexpected text behind the end of the document; check the indentation");
  EXPECT_EQ(error_of("[a] b\n"), "t.yaml:1:5: unexpected text behind the end of the document; check the indentation");
  const auto documents = parse_yaml_documents("[a] b\n", "t.yaml");
  ASSERT_FALSE(documents);
}

TEST(YamlErrors, QuotesThatNeverClose) {
  EXPECT_EQ(error_of("a: 1\nb: \"x\nc: 2\n"), "t.yaml:2:4: the quote that opens here never closes");
  EXPECT_EQ(error_of("a: 'it''s\n"), "t.yaml:1:4: the quote that opens here never closes");
  EXPECT_EQ(error_of("a: \"x\\\"\n"), "t.yaml:1:4: the quote that opens here never closes");
  EXPECT_EQ(error_of("a: &x !!str # note\n  'y\n"), "t.yaml:2:3: the quote that opens here never closes");
  EXPECT_EQ(error_of("a: [\"x, 2]\nb: 3\n"), "t.yaml:1:5: the quote that opens here never closes");
  EXPECT_EQ(error_of("'"), "t.yaml:1:1: the quote that opens here never closes");
  EXPECT_TRUE(parse_yaml("a: \"x\\\\\"\nb: 'it''s'\nc: it's\n", "t.yaml"));
}

TEST(YamlErrors, Tabs) {
  constexpr const char* kTab = "a tab in the indentation; YAML allows only spaces there";
  EXPECT_EQ(error_of("a:\n\tb: 1\n"), std::string("t.yaml:2:1: ") + kTab);
  EXPECT_EQ(error_of("a:\n  b: 1\n\tc: 2\n"), std::string("t.yaml:3:1: ") + kTab);
  EXPECT_EQ(error_of("a:\n  b: 1\n  \tc: 2\n"), std::string("t.yaml:3:3: ") + kTab);
  EXPECT_TRUE(parse_yaml("a:\tb\nc: d\t# e\n", "t.yaml"));
}

TEST(YamlErrors, Characters) {
  EXPECT_EQ(error_of("a: 1\nb: \x04 2\n"),
            "t.yaml:2:4: a control character (U+0004); write it as an escape in double quotes");
  EXPECT_EQ(error_of(std::string_view("a: \0", 4)),
            "t.yaml:1:4: a control character (U+0000); write it as an escape in double quotes");
  EXPECT_EQ(error_of("a: 1\n\u00E9: \xFF\n"), "t.yaml:2:4: the text is no UTF-8");
  EXPECT_EQ(error_of("\xFF\xFE"
                     "a"),
            "t.yaml:1:1: the text is no UTF-8");
  EXPECT_EQ(parse_yaml("\"\\x04\"", "t.yaml")->text(), "\x04");
}

TEST(YamlErrors, Tags) {
  EXPECT_EQ(error_of("a: !env HOME\n"), "t.yaml:1:4: the tag !env has no meaning here");
  EXPECT_EQ(error_of("a: !!binary aGk=\n"), "t.yaml:1:4: the tag !!binary has no meaning here");
  EXPECT_EQ(error_of("a: !!set {b}\n"), "t.yaml:1:4: the tag !!set has no meaning here");
  EXPECT_EQ(error_of("a: !!null x\n"), "t.yaml:1:4: the tag !!null has no meaning here");
}

TEST(YamlErrors, Syntax) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a: b: c\n", "1:5: unexpected ':'; keys of one map need the same indentation, and a value with \": \" quotes"},
      {"a: 1\n b: 2\n",
       "2:3: unexpected ':'; keys of one map need the same indentation, and a value with \": \" quotes"},
      {"a: [1, 2\n", "2:1: the '[' is not closed, or a ',' is missing"},
      {"{a: 1", "1:1: the '{' is not closed, or a ',' is missing"},
      {"a: 1\n]\n", "2:1: a bracket closes what nothing opened"},
      {"a: @x\n", "1:4: a value cannot start with '@'; put it in quotes"},
      {"\u00E9: %x\n", "1:4: a value cannot start with '%'; put it in quotes"},
      {"a: \"x\\qy\"\n", "1:8: unknown escape character: q; in double quotes a backslash is written \\\\"},
      {"a: - b\n", "1:4: a list item (\"- \") cannot stand here; start it on a line of its own"},
      {"a: 'x' y\n", "1:8: expected a key here; check the indentation and the quotes"},
      {"&a &b x", "1:4: cannot assign multiple anchors to the same node"},
  };
  for (const auto& [text, message] : cases) EXPECT_EQ(error_of(text), "t.yaml:" + message) << text;
  const auto unnamed = parse_yaml("]", "");
  ASSERT_FALSE(unnamed);
  EXPECT_TRUE(unnamed.error().message().starts_with("1:1: ")) << unnamed.error().message();
}

}  // namespace
}  // namespace tercet::text
