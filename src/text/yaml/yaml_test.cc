#include "text/yaml/yaml.h"

#include <gtest/gtest.h>

namespace tercet::text {
namespace {

YamlNode parsed(std::string_view text) {
  auto node = parse_yaml(text, "t.yaml");
  EXPECT_TRUE(node) << text << ": " << node.error().message();
  return node ? *std::move(node) : YamlNode();
}

// The tree on one line: strings that are no plain scalars in quotes, nulls as ~.
std::string flat(const YamlNode& node) {
  std::string out;
  switch (node.kind()) {
    case YamlKind::kNull: return "~";
    case YamlKind::kScalar: return node.quoted() ? "'" + node.text() + "'" : node.text();
    case YamlKind::kSequence:
      for (const YamlNode& item : node.items()) out += (out.empty() ? "" : ",") + flat(item);
      return "[" + out + "]";
    case YamlKind::kMap:
      for (const YamlEntry& entry : node.entries())
        out += (out.empty() ? "" : ",") + entry.key + ":" + flat(entry.value);
      return "{" + out + "}";
  }
  return out;
}

std::string flat(std::string_view text) { return flat(parsed(text)); }

std::string place(YamlPosition at) { return std::to_string(at.line) + ":" + std::to_string(at.column); }

TEST(Yaml, ReadsTheKinds) {
  EXPECT_EQ(flat("a: 1\nb: [x, 'y', \"z\\n\"]\nc:\n  - d: {e: f}\n  -\n"), "{a:1,b:[x,'y','z\n'],c:[{d:{e:f}},~]}");
  EXPECT_EQ(flat(""), "~");
  EXPECT_EQ(flat("# only a comment\n"), "~");
  EXPECT_EQ(flat("---\n"), "~");
  EXPECT_EQ(flat("{}"), "{}");
  EXPECT_EQ(flat("[]"), "[]");
  EXPECT_EQ(flat("word"), "word");
  EXPECT_EQ(flat("~"), "~");
  EXPECT_EQ(flat("a: ~\nb: null\nc: Null\nd: NULL\ne:\nf: \"\"\ng: 'null'"), "{a:~,b:~,c:~,d:~,e:~,f:'',g:'null'}");
  EXPECT_EQ(flat("a: |\n  x\n  y\nb: >-\n  x\n  y\n"), "{a:'x\ny\n',b:'x y'}");
  EXPECT_EQ(flat("a: one\n  two\n"), "{a:one two}");
  EXPECT_EQ(flat("%YAML 1.2\n---\na: 1\n...\n"), "{a:1}");
  EXPECT_EQ(flat("{a: 1, b}"), "{a:1,b:~}");
  EXPECT_EQ(flat("[a: b, c]"), "[{a:b},c]");
}

TEST(Yaml, TellsStringsFromPlainScalars) {
  const YamlNode node = parsed("a: 1\nb: '1'\nc: \"1\"\nd: |-\n  1\ne: !!str 1\nf: ! 1\ng: !!int '1'\n'h': x\ni: x\n");
  const auto quoted = [&](std::string_view key) { return node.find(key)->quoted(); };
  EXPECT_FALSE(quoted("a"));
  for (const char* key : {"b", "c", "d", "e", "f"}) EXPECT_TRUE(quoted(key)) << key;
  EXPECT_FALSE(quoted("g"));
  EXPECT_TRUE(node.find_entry("h")->key_quoted);
  EXPECT_FALSE(node.find_entry("i")->key_quoted);
  EXPECT_EQ(node.find("z"), nullptr);
  EXPECT_EQ(node.find("a")->find("z"), nullptr);
  EXPECT_TRUE(parsed("!!null ''").is_null());
  EXPECT_EQ(flat("!!map {a: !!seq [b]}"), "{a:[b]}");
}

TEST(Yaml, Positions) {
  const YamlNode node = parsed(
      "first: 1\n"
      "\u00E9\u20AC: \u00FC # after two characters of several bytes\n"
      "list:\n"
      "  - x\n"
      "  - {k: \"v\"}\n"
      "nothing:\n"
      "\n"
      "last: &anchor\n"
      "  deep: y\n");
  EXPECT_EQ(place(node.at()), "1:1");
  const auto& entries = node.entries();
  EXPECT_EQ(place(entries[0].key_at) + " " + place(entries[0].value.at()), "1:1 1:8");
  EXPECT_EQ(place(entries[1].key_at) + " " + place(entries[1].value.at()), "2:1 2:5");
  EXPECT_EQ(place(entries[2].key_at) + " " + place(entries[2].value.at()), "3:1 4:3");
  const auto& items = entries[2].value.items();
  EXPECT_EQ(place(items[0].at()), "4:5");
  EXPECT_EQ(place(items[1].at()), "5:5");
  EXPECT_EQ(place(items[1].entries()[0].key_at) + " " + place(items[1].entries()[0].value.at()), "5:6 5:9");
  EXPECT_EQ(place(entries[3].value.at()), "6:1");  // a value that is not there stands at its key
  EXPECT_EQ(place(entries[4].value.at()), "8:7");
  EXPECT_EQ(entries[1].key_error("unknown key").message(), "t.yaml:2:1: unknown key");
  EXPECT_EQ(entries[1].value.error("no").message(), "t.yaml:2:5: no");
  EXPECT_EQ(YamlNode().error("no").message(), "1:1: no");
}

TEST(Yaml, PositionsThatGoBack) {
  // The mark of a missing value lies before its key's.
  const YamlNode node = parsed("[? \u00E9\u00E9 , ? b: c, \u00E9]");
  const auto& items = node.items();
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(place(items[0].entries()[0].key_at) + " " + place(items[0].entries()[0].value.at()), "1:4 1:4");
  EXPECT_EQ(place(items[1].entries()[0].key_at), "1:11");
  EXPECT_EQ(place(items[2].at()), "1:17");
}

TEST(Yaml, LineBreaksAndByteOrderMark) {
  const YamlNode node = parsed(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: |\r\n  x\r\n  y\r\nc: \"z\"\r\n");
  EXPECT_EQ(flat(node), "{a:1,b:'x\ny\n',c:'z'}");
  EXPECT_EQ(place(node.entries()[0].key_at), "1:1");
  EXPECT_EQ(place(node.entries()[2].key_at) + " " + place(node.find("c")->at()), "5:1 5:4");
  EXPECT_EQ(flat("a: 1\rb: 2\r"), "{a:1,b:2}");
}

TEST(Yaml, AliasesShareTheirContent) {
  EXPECT_EQ(flat("a: &x {k: [1]}\nb: *x\nc: [*x, *x]\n"), "{a:{k:[1]},b:{k:[1]},c:[{k:[1]},{k:[1]}]}");
  EXPECT_EQ(flat("a: &x 1\nb: *x\nc: &x 2\nd: *x\n"), "{a:1,b:1,c:2,d:2}");  // an anchor may be set again
  EXPECT_EQ(flat("&k a: 1\nb:\n  *k : 2\n"), "{a:1,b:{a:2}}");
}

TEST(Yaml, Merges) {
  EXPECT_EQ(flat("b: &b {x: 1, y: 2}\nm:\n  <<: *b\n  y: 3\n"), "{b:{x:1,y:2},m:{y:3,x:1}}");
  EXPECT_EQ(flat("b: &b {x: 1, y: 2}\nm:\n  y: 3\n  <<: *b\n  z: 4\n"), "{b:{x:1,y:2},m:{y:3,z:4,x:1}}");
  EXPECT_EQ(flat("<<: [{a: 1, b: 1}, {b: 2, c: 2}]\nc: 3\n"), "{c:3,a:1,b:1}");
  EXPECT_EQ(flat("x: &x {a: 1}\ny: &y {<<: *x, b: 2}\nz: {<<: *y, c: 3}\n"), "{x:{a:1},y:{b:2,a:1},z:{c:3,b:2,a:1}}");
  EXPECT_EQ(flat("<<: {<<: {<<: {a: 1}, b: 2}, a: 3}"), "{a:3,b:2}");
  EXPECT_EQ(flat("<<: {}\n"), "{}");
  EXPECT_EQ(flat("<<: []\na: 1\n"), "{a:1}");
  EXPECT_EQ(flat("\"<<\": {a: 1}"), "{<<:{a:1}}");  // quoted, it is a key like any other
  EXPECT_EQ(flat("a: <<"), "{a:<<}");
  const YamlNode node = parsed("b: &b\n  x: 1\nm:\n  <<: *b\n");
  EXPECT_EQ(place(node.find("m")->entries()[0].key_at), "2:3");  // where it was written
}

TEST(Yaml, WideMerge) {
  std::string text = "base: &b\n";
  for (int i = 0; i < 2000; ++i) text += "  k" + std::to_string(i) + ": v\n";
  text += "m:\n  k5: own\n  <<: *b\n";
  const YamlNode node = parsed(text);
  EXPECT_EQ(node.find("m")->entries().size(), 2000u);
  EXPECT_EQ(node.find("m")->find("k5")->text(), "own");
  EXPECT_EQ(node.find("m")->find("k1999")->text(), "v");
}

TEST(Yaml, Documents) {
  const auto documents = parse_yaml_documents("a: 1\n---\n- b\n---\n---\n!!str x\n...\n", "t.yaml");
  ASSERT_TRUE(documents) << documents.error().message();
  ASSERT_EQ(documents->size(), 4u);
  EXPECT_EQ(flat((*documents)[0]), "{a:1}");
  EXPECT_EQ(flat((*documents)[1]), "[b]");
  EXPECT_EQ(flat((*documents)[2]), "~");
  EXPECT_EQ(flat((*documents)[3]), "'x'");
  EXPECT_EQ(place((*documents)[1].at()), "3:1");
  EXPECT_TRUE(parse_yaml_documents("# nothing\n", "t.yaml")->empty());
  // An anchor ends with its document.
  EXPECT_FALSE(parse_yaml_documents("a: &x 1\n---\nb: *x\n", "t.yaml"));
}

}  // namespace
}  // namespace tercet::text
