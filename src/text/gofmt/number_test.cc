#include "text/gofmt/number.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

#include "base/random.h"

namespace tercet::text {
namespace {

struct Case {
  double value;
  const char* fixed;
  const char* general;
  const char* exponent;
};

// FormatFloat(v, 'f' | 'g' | 'e', -1, 64) by the rules of Go's ftoa.go.
const std::vector<Case>& cases() {
  static const std::vector<Case> kCases = {
      {0.0, "0", "0", "0e+00"},
      {-0.0, "-0", "-0", "-0e+00"},
      {1, "1", "1", "1e+00"},
      {-1, "-1", "-1", "-1e+00"},
      {0.1, "0.1", "0.1", "1e-01"},
      {0.5, "0.5", "0.5", "5e-01"},
      {12.25, "12.25", "12.25", "1.225e+01"},
      {0.0001, "0.0001", "0.0001", "1e-04"},
      {0.00012, "0.00012", "0.00012", "1.2e-04"},
      {0.00001, "0.00001", "1e-05", "1e-05"},
      {100000, "100000", "100000", "1e+05"},
      {999999, "999999", "999999", "9.99999e+05"},
      {123456.789, "123456.789", "123456.789", "1.23456789e+05"},
      {1000000, "1000000", "1e+06", "1e+06"},
      {1234567.8, "1234567.8", "1.2345678e+06", "1.2345678e+06"},
      {1.7e9, "1700000000", "1.7e+09", "1.7e+09"},
      {1e20, "100000000000000000000", "1e+20", "1e+20"},
      {1e21, "1000000000000000000000", "1e+21", "1e+21"},
      {1e23, "100000000000000000000000", "1e+23", "1e+23"},
      {99999999999999974834176.0, "99999999999999970000000", "9.999999999999997e+22", "9.999999999999997e+22"},
      {9007199254740993.0, "9007199254740992", "9.007199254740992e+15", "9.007199254740992e+15"},
      {498484681984085570.0, "498484681984085570", "4.9848468198408557e+17", "4.9848468198408557e+17"},
      {1e100, "10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
       "1e+100", "1e+100"},
      {2.2250738585072014e-308, nullptr, "2.2250738585072014e-308", "2.2250738585072014e-308"},
      {5e-324, nullptr, "5e-324", "5e-324"},
      {1.7976931348623157e308, nullptr, "1.7976931348623157e+308", "1.7976931348623157e+308"},
      {std::numeric_limits<double>::infinity(), "+Inf", "+Inf", "+Inf"},
      {-std::numeric_limits<double>::infinity(), "-Inf", "-Inf", "-Inf"},
      {std::nan(""), "NaN", "NaN", "NaN"},
      {-std::nan(""), "NaN", "NaN", "NaN"},
  };
  return kCases;
}

TEST(FormatFloat, PrintsAsGoDoes) {
  for (const Case& c : cases()) {
    if (c.fixed != nullptr) {
      EXPECT_EQ(format_float(c.value), c.fixed);
    }
    EXPECT_EQ(format_float(c.value, FloatLayout::kGeneral), c.general);
    EXPECT_EQ(format_float(c.value, FloatLayout::kExponent), c.exponent);
  }
  EXPECT_EQ(format_float(-5e-324).size(), 327u);
  EXPECT_EQ(format_float(5e-324), "0." + std::string(323, '0') + "5");
  EXPECT_EQ(format_float(1.7976931348623157e308), "17976931348623157" + std::string(292, '0'));
}

TEST(FormatFloat, SampleValuesOfTheApi) {
  const std::vector<std::pair<double, const char*>> values = {
      {0, "0"},
      {1e-6, "0.000001"},
      {9.99e-7, "9.99e-07"},
      {1e20, "100000000000000000000"},
      {1e21, "1e+21"},
      {-1e21, "-1e+21"},
      {3.5, "3.5"},
      {std::nan(""), "NaN"},
      {-std::numeric_limits<double>::infinity(), "-Inf"},
  };
  for (const auto& [value, text] : values) {
    std::string out = "<";
    append_sample_value(out, value);
    EXPECT_EQ(out, std::string("<") + text);
  }
}

TEST(FormatFloat, ReadsBackAsTheSameNumber) {
  constexpr uint64_t kSeed = 77;
  SeededRandom random(kSeed);
  for (int i = 0; i < 20000; ++i) {
    const auto value = std::bit_cast<double>(random.next());
    if (!std::isfinite(value)) continue;
    for (const auto layout : {FloatLayout::kFixed, FloatLayout::kGeneral, FloatLayout::kExponent}) {
      const std::string text = format_float(value, layout);
      ASSERT_EQ(std::strtod(text.c_str(), nullptr), value) << text << " seed " << kSeed;
    }
  }
}

}  // namespace
}  // namespace tercet::text
