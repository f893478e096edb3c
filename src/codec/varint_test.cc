#include "codec/varint.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"

namespace tercet::codec {
namespace {

std::string encoded(uint64_t value) {
  std::string out;
  append_varint(out, value);
  return out;
}

TEST(Varint, GoldenBytes) {
  const std::pair<uint64_t, const char*> golden[] = {
      {0, "00"},     {1, "01"},       {127, "7f"},       {128, "8001"},
      {300, "ac02"}, {16383, "ff7f"}, {16384, "808001"}, {UINT64_MAX, "ffffffffffffffffff01"}};
  for (const auto& [value, hex] : golden) {
    EXPECT_EQ(hex_encode(encoded(value)), hex);
    EXPECT_EQ(varint_size(value), encoded(value).size());
    const std::string bytes = *hex_decode(hex);
    std::string_view in = bytes;
    uint64_t back = 0;
    EXPECT_TRUE(take_varint(in, back));
    EXPECT_EQ(back, value);
    EXPECT_TRUE(in.empty());
  }
}

TEST(Varint, RefusesWhatIsCutOffTooLongOrTooLarge) {
  for (const char* hex : {"", "80", "ffff", "ffffffffffffffffff02", "ffffffffffffffffff81", "8080808080808080808000",
                          "8080808080808080808001", "80808080808080808080"}) {
    const std::string bytes = *hex_decode(hex);
    std::string_view in = bytes;
    uint64_t value = 42;
    EXPECT_FALSE(take_varint(in, value)) << hex;
    EXPECT_EQ(in.size(), bytes.size()) << "untouched";
    EXPECT_EQ(value, 42U) << "untouched";
  }
}

TEST(Varint, TakesNeedlesslyLongForms) {
  const std::string bytes = *hex_decode("80808080808080808000");
  std::string_view in = bytes;
  uint64_t value = 42;
  EXPECT_TRUE(take_varint(in, value));
  EXPECT_EQ(value, 0U);
}

TEST(Varint, Zigzag) {
  EXPECT_EQ(zigzag_encode(0), 0U);
  EXPECT_EQ(zigzag_encode(-1), 1U);
  EXPECT_EQ(zigzag_encode(1), 2U);
  EXPECT_EQ(zigzag_encode(std::numeric_limits<int64_t>::min()), UINT64_MAX);
  EXPECT_EQ(zigzag_encode(std::numeric_limits<int64_t>::max()), UINT64_MAX - 1);
  std::string bytes;
  for (const int64_t v : {int64_t{0}, int64_t{-64}, int64_t{64}, INT64_MIN, INT64_MAX}) append_zigzag(bytes, v);
  std::string_view in = bytes;
  for (const int64_t v : {int64_t{0}, int64_t{-64}, int64_t{64}, INT64_MIN, INT64_MAX}) {
    int64_t back = 0;
    EXPECT_TRUE(take_zigzag(in, back));
    EXPECT_EQ(back, v);
  }
}

TEST(Varint, RoundTripsOfEveryWidth) {
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    std::vector<uint64_t> values;
    std::string bytes;
    for (int i = 0; i < 200; ++i) {
      values.push_back(random.next() >> random.below(64));
      append_varint(bytes, values.back());
    }
    std::string_view in = bytes;
    for (const uint64_t value : values) {
      uint64_t back = 0;
      ASSERT_TRUE(take_varint(in, back));
      ASSERT_EQ(back, value);
      ASSERT_EQ(zigzag_encode(zigzag_decode(value)), value);
    }
    EXPECT_TRUE(in.empty());
  }
}

}  // namespace
}  // namespace tercet::codec
