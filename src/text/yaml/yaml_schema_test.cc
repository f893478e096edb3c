#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "text/yaml/yaml.h"

namespace tercet::text {
namespace {

YamlNode scalar(std::string_view text) {
  auto node = parse_yaml(text, "t.yaml");
  EXPECT_TRUE(node) << text << ": " << node.error().message();
  return node ? *std::move(node) : YamlNode();
}

TEST(YamlSchema, Bools) {
  for (const char* text : {"true", "True", "TRUE"}) EXPECT_EQ(scalar(text).as_bool(), true) << text;
  for (const char* text : {"false", "False", "FALSE"}) EXPECT_EQ(scalar(text).as_bool(), false) << text;
  for (const char* text : {"yes", "no", "on", "off", "y", "n", "Yes", "ON", "tRUE", "1", "'true'", "\"false\""}) {
    const YamlNode node = scalar(text);
    EXPECT_FALSE(node.as_bool()) << text;
    EXPECT_NE(node.scalar_type(), YamlScalarType::kBool) << text;
  }
  EXPECT_EQ(scalar("yes").as_bool().error().message(), "t.yaml:1:1: expected true or false, found \"yes\"");
  EXPECT_EQ(scalar("'true'").as_bool().error().message(),
            "t.yaml:1:1: expected true or false, found the string \"true\"");
  EXPECT_EQ(scalar("").as_bool().error().message(), "t.yaml:1:1: expected true or false, found nothing");
  EXPECT_EQ(scalar("[1]").as_bool().error().message(), "t.yaml:1:1: expected true or false, found a list");
}

TEST(YamlSchema, Integers) {
  const std::vector<std::pair<const char*, int64_t>> cases = {
      {"0", 0},
      {"-0", 0},
      {"12", 12},
      {"+12", 12},
      {"-12", -12},
      {"010", 10},
      {"0o17", 15},
      {"0x1F", 31},
      {"0xff", 255},
      {"9223372036854775807", std::numeric_limits<int64_t>::max()},
      {"-9223372036854775808", std::numeric_limits<int64_t>::min()},
  };
  for (const auto& [text, value] : cases) {
    EXPECT_EQ(scalar(text).as_int(), value) << text;
    EXPECT_EQ(scalar(text).scalar_type(), YamlScalarType::kInt) << text;
  }
  for (const char* text : {"1.0", "1e3", "1_000", "0x", "0o8", "-0x1", "+", "1 2", "0b1", "'1'", "12a", "1:30", ".5"}) {
    EXPECT_FALSE(scalar(text).as_int()) << text;
  }
  EXPECT_EQ(scalar("9223372036854775808").as_int().error().message(),
            "t.yaml:1:1: expected a whole number of 64 bits, found \"9223372036854775808\"");
  EXPECT_EQ(scalar("\"80\"").as_int().error().message(),
            "t.yaml:1:1: expected a whole number, found the string \"80\"");
  EXPECT_EQ(scalar("{a: 1}").as_int().error().message(), "t.yaml:1:1: expected a whole number, found a map");
}

TEST(YamlSchema, Floats) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::vector<std::pair<const char*, double>> cases = {
      {"1", 1},
      {"-1.5", -1.5},
      {"+1.5", 1.5},
      {".5", 0.5},
      {"5.", 5},
      {"1e3", 1000},
      {"1.5E-3", 0.0015},
      {"-.5e+1", -5},
      {".inf", kInfinity},
      {"-.Inf", -kInfinity},
      {"+.INF", kInfinity},
      {"0x10", 16},
      {"0o10", 8},
      {"010", 10},
      {"18446744073709551616", 0x1p64},
  };
  for (const auto& [text, value] : cases) EXPECT_EQ(scalar(text).as_double(), value) << text;
  for (const char* text : {".nan", ".NaN", ".NAN"}) EXPECT_TRUE(std::isnan(*scalar(text).as_double())) << text;
  for (const char* text : {".", "inf", "nan", "NaN", "1e", "e5", "1.2.3", "'1.5'", "-.nan", "1e999", "--1", "1.5s"}) {
    EXPECT_FALSE(scalar(text).as_double()) << text;
  }
  EXPECT_EQ(scalar("1.5").scalar_type(), YamlScalarType::kFloat);
  EXPECT_EQ(scalar("1e999").scalar_type(), YamlScalarType::kFloat);
  EXPECT_EQ(scalar("'1.5'").scalar_type(), YamlScalarType::kString);
}

TEST(YamlSchema, Strings) {
  EXPECT_EQ(scalar("1.5").as_string(), "1.5");
  EXPECT_EQ(scalar("'x'").as_string(), "x");
  EXPECT_FALSE(scalar("~").as_string());
  EXPECT_EQ(scalar("[x]").as_string().error().message(), "t.yaml:1:1: expected a string, found a list");
  EXPECT_EQ(scalar("[x]").scalar_type(), YamlScalarType::kString);
  const std::string text = std::string(39, 'x') + "\u00E9\u00E9";
  EXPECT_EQ(scalar(text).as_int().error().message(),
            "t.yaml:1:1: expected a whole number, found \"" + std::string(39, 'x') + "...\"");
}

}  // namespace
}  // namespace tercet::text
