#include "codec/int_pack.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>

#include "base/bytes.h"
#include "base/random.h"
#include "codec/bit_packing.h"

namespace tercet::codec {
namespace {

using Values = std::vector<uint64_t>;

std::string packed(const Values& values) {
  std::string out;
  pack_u64(values, out);
  return out;
}

Values unpacked(std::string_view in, size_t max_count = size_t{1} << 20) {
  Values out = {1, 2, 3};  // is replaced
  const Result<> done = unpack_u64(in, max_count, out);
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_TRUE(in.empty());
  return out;
}

TEST(IntPack, GoldenBytes) {
  const std::pair<Values, const char*> golden[] = {
      {{}, "0000"},
      {{300}, "0001ac02"},
      {{7, 7, 7, 7}, "000407"},
      {{10, 11, 12, 13, 10, 13, 11, 12, 13}, "0109020ae49c03"},  // width 2, least 10
      {{1000, 1003, 1006, 1009, 1012}, "0205e8070006"},          // all differences 3
  };
  for (const auto& [values, hex] : golden) {
    EXPECT_EQ(hex_encode(packed(values)), hex);
    EXPECT_EQ(unpacked(*hex_decode(hex)), values);
  }
  Values runs(100, 5);
  runs.resize(200, uint64_t{1} << 60);
  runs.resize(300, 5);
  EXPECT_EQ(hex_encode(packed(runs)),
            "03ac026405"
            "64808080808080808010"
            "6405");
}

TEST(IntPack, BitsOfEveryWidthAndCount) {
  SeededRandom random(1);
  for (unsigned width = 0; width <= 64; ++width) {
    for (size_t count = 0; count < 40; ++count) {
      const uint64_t base = random.next();
      Values values(count);
      for (uint64_t& v : values) v = base + (width == 0 ? 0 : random.next() >> (64 - width));
      std::string bytes = "x";
      pack_bits(values.data(), count, base, width, bytes);
      ASSERT_EQ(bytes.size(), 1 + packed_bytes(count, width));
      // Against the definition: bit i of number n is bit n * width + i.
      for (size_t bit = 0; bit < count * width; ++bit) {
        const bool want = ((values[bit / width] - base) >> bit % width & 1) != 0;
        ASSERT_EQ((static_cast<uint8_t>(bytes[1 + bit / 8]) >> bit % 8 & 1) != 0, want);
      }
      // At the very end of what can be read (the sanitizer watches), and with room behind.
      const std::unique_ptr<char[]> exact(new char[bytes.size()]);
      std::copy(bytes.begin(), bytes.end(), exact.get());
      Values back(count);
      unpack_bits({exact.get() + 1, bytes.size() - 1}, count, base, width, back.data());
      ASSERT_EQ(back, values) << "width " << width << " count " << count;
      bytes += std::string(100, '\xFF');
      std::fill(back.begin(), back.end(), 0);
      unpack_bits(std::string_view(bytes).substr(1), count, base, width, back.data());
      ASSERT_EQ(back, values);
    }
  }
}

/// Columns of the shapes that there are, and of nasty ones.
Values random_column(SeededRandom& random) {
  Values values(random.below(random.below(4) == 0 ? 5000 : 30));
  const uint64_t shape = random.below(8);
  const auto width = static_cast<unsigned>(random.below(65));
  const auto noise = [&] { return width == 0 ? 0 : random.next() >> (64 - width); };
  uint64_t at = random.next() >> random.below(64);
  for (uint64_t& v : values) {
    switch (shape) {
      case 0: v = at; break;
      case 1: v = at + noise(); break;
      case 2: v = at += noise() >> 32; break;
      case 3: v = at -= 1000 + random.below(4); break;
      case 4: v = random.below(50) == 0 ? at = noise() : at; break;
      case 5: v = random.below(2) == 0 ? 0 : UINT64_MAX; break;
      case 6: v = random.below(100) == 0 ? random.next() : random.below(16); break;
      default: v = random.next() >> random.below(64); break;
    }
  }
  return values;
}

TEST(IntPack, RoundTrips) {
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    const Values values = random_column(random);
    const std::string bytes = packed(values);
    ASSERT_EQ(unpacked(bytes, values.size()), values);
    // Never much worse than writing the numbers as they are.
    EXPECT_LE(bytes.size(), 16 + values.size() * 8 + values.size() / 512 * 11 + 11);
  }
}

TEST(IntPack, ChoosesTheSmallForm) {
  Values values;
  for (uint64_t i = 0; i < 5000; ++i) values.push_back(1'700'000'000'000 + i * 15'000);
  EXPECT_EQ(packed(values)[0], 2);
  EXPECT_LT(packed(values).size(), 60U);
  for (uint64_t i = 0; i < 5000; ++i) values[i] = i * 2654435761 % 1000;
  EXPECT_EQ(packed(values)[0], 1);
  EXPECT_LT(packed(values).size(), 5000 * 10 / 8 + 50U);
  for (uint64_t i = 0; i < 5000; ++i) values[i] = i / 500 * 2654435761;
  EXPECT_EQ(packed(values)[0], 3);
  // One outlier widens one frame.
  for (uint64_t i = 0; i < 5000; ++i) values[i] = i * 2654435761 % 16;
  values[2500] = UINT64_MAX;
  EXPECT_LT(packed(values).size(), 4500 / 2 + 512 * 8 + 100U);
}

TEST(IntPack, ColumnsInARow) {
  std::string bytes = packed({1, 2, 3}) + packed({}) + packed({9, 9});
  std::string_view in = bytes;
  Values out;
  ASSERT_TRUE(unpack_u64(in, 10, out));
  EXPECT_EQ(out, (Values{1, 2, 3}));
  ASSERT_TRUE(unpack_u64(in, 10, out));
  EXPECT_TRUE(out.empty());
  ASSERT_TRUE(unpack_u64(in, 10, out));
  EXPECT_EQ(out, (Values{9, 9}));
  EXPECT_TRUE(in.empty());
}

TEST(IntPack, RefusesGarbage) {
  for (const char* hex : {
           "",              // nothing
           "04",            // unknown tag
           "0401",          //
           "00",            // no count
           "0001",          // no value
           "0100",          // frames of nothing
           "0200",          //
           "0300",          // runs of nothing
           "0102",          // no frame
           "01024100",      // width 65
           "010208",        // no least
           "01020800ff",    // one byte of two
           "0202ff",        // no first value
           "02020108",      // no least
           "0202010800",    // no packed
           "03020105",      // runs too short
           "030200050205",  // empty run
           "03020305",      // run too long
           "0302ffffffffffffffffff0105",
           "01ffffffff0f0000",  // 2^32 values in no bytes
           "01ffffffffffffffffff010000",
       }) {
    const std::string bytes = *hex_decode(hex);
    std::string_view in = bytes;
    Values out;
    const Result<> done = unpack_u64(in, size_t{1} << 40, out);
    ASSERT_FALSE(done) << hex;
    EXPECT_EQ(done.error().code(), Code::kDataLoss);
    EXPECT_EQ(in.size(), bytes.size()) << hex;
    EXPECT_LT(out.capacity(), 1000U) << hex;
  }
  std::string_view in("\x00\x05\x07", 3);
  Values out;
  EXPECT_FALSE(unpack_u64(in, 4, out));
  EXPECT_TRUE(unpack_u64(in, 5, out));
}

TEST(IntPack, EveryCutIsRefused) {
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    Values values = random_column(random);
    values.resize(std::min<size_t>(values.size(), 600));
    const std::string bytes = packed(values);
    for (size_t length = 0; length < bytes.size(); ++length) {
      std::string_view in = std::string_view(bytes).substr(0, length);
      Values out;
      ASSERT_FALSE(unpack_u64(in, values.size(), out)) << length;
    }
  }
}

TEST(IntPack, RunsOf32Bits) {
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    std::vector<uint32_t> values(random.below(1000));
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = i > 0 && random.below(10) > 0 ? values[i - 1] : static_cast<uint32_t>(random.next());
    }
    std::string bytes;
    pack_runs_u32(values, bytes);
    std::string_view in = bytes;
    std::vector<uint32_t> back;
    ASSERT_TRUE(unpack_runs_u32(in, values.size(), back));
    ASSERT_EQ(back, values);
    ASSERT_TRUE(in.empty());
    if (values.empty()) continue;
    in = bytes;
    EXPECT_FALSE(unpack_runs_u32(in, values.size() - 1, back));
    in = std::string_view(bytes).substr(0, bytes.size() - 1);
    EXPECT_FALSE(unpack_runs_u32(in, values.size(), back));
  }
  std::string bytes;
  pack_runs_u32(std::vector<uint32_t>{7, 7, 7, 300}, bytes);
  EXPECT_EQ(hex_encode(bytes), "04030701ac02");
  std::string_view wide("\x01\x01\x80\x80\x80\x80\x10", 7);  // 2^32
  std::vector<uint32_t> out;
  EXPECT_FALSE(unpack_runs_u32(wide, 10, out));
}

TEST(IntPack, Deltas) {
  const std::vector<int64_t> times = {1000, 1015, 1030, 1045, 1059, 1075};
  std::string bytes;
  append_deltas(times, bytes);
  EXPECT_EQ(hex_encode(bytes), "d00f1e1e1e1c20");
  bytes.clear();
  append_deltas_of_deltas(times, bytes);
  EXPECT_EQ(hex_encode(bytes), "d00f1e00000104");
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    std::vector<int64_t> values(random.below(100));
    for (int64_t& v : values) {
      v = random.below(10) == 0 ? std::numeric_limits<int64_t>::min() : static_cast<int64_t>(random.next());
    }
    std::vector<int64_t> back;
    bytes = {};
    append_deltas(values, bytes);
    std::string_view in = bytes;
    ASSERT_TRUE(take_deltas(in, values.size(), back));
    EXPECT_EQ(back, values);
    EXPECT_TRUE(in.empty());
    bytes.clear();
    append_deltas_of_deltas(values, bytes);
    in = bytes;
    ASSERT_TRUE(take_deltas_of_deltas(in, values.size(), back));
    EXPECT_EQ(back, values);
    EXPECT_TRUE(in.empty());
    EXPECT_FALSE(take_deltas(in, 1, back));
    in = std::string_view(bytes).substr(0, bytes.size() / 2);
    if (!values.empty()) {
      EXPECT_FALSE(take_deltas_of_deltas(in, values.size(), back));
    }
  }
}

}  // namespace
}  // namespace tercet::codec
