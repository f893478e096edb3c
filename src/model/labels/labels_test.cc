#include "model/labels/labels.h"

#include <gtest/gtest.h>

namespace tercet::model {
namespace {

TEST(Labels, CanonicalIsTheIdentity) {
  std::vector<Label> a = {{"b", "2"}, {"a", "1"}, {"empty", ""}};
  std::vector<Label> b = {{"a", "1"}, {"b", "2"}};
  ASSERT_TRUE(canonicalize(a));
  ASSERT_TRUE(canonicalize(b));
  std::string bytes_a;
  std::string bytes_b;
  append_canonical(bytes_a, a);
  append_canonical(bytes_b, b);
  EXPECT_EQ(bytes_a, bytes_b);
  const auto parsed = parse_canonical(bytes_a);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, b);
}

TEST(Labels, DuplicateIsRefusedByName) {
  std::vector<Label> labels = {{"a", "1"}, {"a", "2"}};
  const auto result = canonicalize(labels);
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message().find("\"a\""), std::string::npos);
}

TEST(Labels, GarbageIsRefused) {
  EXPECT_FALSE(parse_canonical("\xff"));
  EXPECT_FALSE(
      parse_canonical(std::string("\x05"
                                  "ab",
                                  3)));
  EXPECT_FALSE(parse_canonical(std::string("\1b\1x\1a\1x", 8)));
}

TEST(Labels, LongValuesKeepTheirLength) {
  const std::string value(300, 'v');
  std::string bytes;
  const Label label[] = {{"name", value}};
  append_canonical(bytes, label);
  const auto parsed = parse_canonical(bytes);
  ASSERT_TRUE(parsed);
  EXPECT_EQ((*parsed)[0].value, value);
}

TEST(SymbolTable, SameTextSameId) {
  SymbolTable table;
  const uint32_t a = table.intern("a");
  const uint32_t empty = table.intern("");
  EXPECT_EQ(table.intern(std::string("a")), a);
  EXPECT_NE(a, empty);
  EXPECT_EQ(table.at(a), "a");
  EXPECT_EQ(table.size(), 2u);
}

}  // namespace
}  // namespace tercet::model
