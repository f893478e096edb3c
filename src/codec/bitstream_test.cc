#include "codec/bitstream.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"

namespace tercet::codec {
namespace {

std::string bytes_of(const BitWriter& writer) {
  std::string out;
  writer.append_to(out);
  return out;
}

TEST(BitStream, GoldenBytes) {
  BitWriter writer;
  EXPECT_EQ(bytes_of(writer), "");
  writer.put_bit(true);
  writer.put(0b0110, 4);
  EXPECT_EQ(hex_encode(bytes_of(writer)), "b0");
  writer.put(0xFFFFFFFFFFFFFF00 | 0xAB, 8);  // bits above the eighth are ignored
  EXPECT_EQ(hex_encode(bytes_of(writer)), "b558");
  writer.put(0x0123456789ABCDEF, 64);
  EXPECT_EQ(hex_encode(bytes_of(writer)), "b558091a2b3c4d5e6f78");
  EXPECT_EQ(writer.bit_count(), 77U);
  EXPECT_EQ(writer.byte_count(), 10U);
  writer.clear();
  EXPECT_EQ(writer.bit_count(), 0U);
  EXPECT_EQ(bytes_of(writer), "");
}

TEST(BitStream, ReadingPastTheEndFailsAndStays) {
  BitReader reader("\xFF\x01");
  EXPECT_EQ(reader.get(12), 0xFF0U);
  EXPECT_EQ(reader.remaining(), 4U);
  EXPECT_EQ(reader.get(0), 0U);
  EXPECT_FALSE(reader.failed());
  EXPECT_EQ(reader.get(5), 0U);
  EXPECT_TRUE(reader.failed());
  EXPECT_EQ(reader.get(1), 0U) << "the four bits that are there are not given either";
  EXPECT_EQ(reader.get(64), 0U);
  EXPECT_EQ(reader.remaining(), 0U);
  BitReader forty("\xFF\xFF\xFF\xFF\xFF");
  EXPECT_EQ(forty.get(64), 0U) << "no half of it either";
  BitReader none("");
  EXPECT_EQ(none.get(0), 0U);
  EXPECT_FALSE(none.failed());
  EXPECT_FALSE(none.get_bit());
  EXPECT_TRUE(none.failed());
}

TEST(BitStream, Unary) {
  BitReader reader("\xDE\x80");  // 110 1111 01 ...
  EXPECT_EQ(reader.get_unary(4), 2U);
  EXPECT_EQ(reader.get_unary(4), 4U) << "stops at the limit, the next bit is not taken";
  EXPECT_EQ(reader.get(2), 1U);
}

TEST(BitStream, RoundTrip) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    BitWriter writer;
    std::vector<std::pair<uint64_t, unsigned>> written;
    size_t bits = 0;
    for (uint64_t i = random.below(200); i > 0; --i) {
      const auto width = static_cast<unsigned>(random.below(65));
      const uint64_t value = width == 0 ? 0 : random.next() >> (64 - width);
      writer.put(value, width);
      written.emplace_back(value, width);
      bits += width;
      ASSERT_EQ(writer.bit_count(), bits);
    }
    const std::string bytes = bytes_of(writer);
    ASSERT_EQ(bytes.size(), writer.byte_count());
    ASSERT_EQ(bytes.size(), (bits + 7) / 8);
    BitReader reader(bytes);
    for (const auto& [value, width] : written) ASSERT_EQ(reader.get(width), value);
    EXPECT_FALSE(reader.failed());
    EXPECT_EQ(reader.remaining(), bytes.size() * 8 - bits);
    EXPECT_EQ(reader.get(static_cast<unsigned>(reader.remaining())), 0U) << "padding";
    EXPECT_FALSE(reader.failed());
    reader.get_bit();
    EXPECT_TRUE(reader.failed());
  }
}

}  // namespace
}  // namespace tercet::codec
