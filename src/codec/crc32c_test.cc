#include "codec/crc32c.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"

namespace tercet::codec {
namespace {

TEST(Crc32c, KnownVectors) {
  EXPECT_EQ(crc32c(""), 0U);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  // RFC 3720 appendix B.4.
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
  std::string ascending;
  for (int i = 0; i < 32; ++i) ascending += static_cast<char>(i);
  EXPECT_EQ(crc32c(ascending), 0x46DD794EU);
}

TEST(Crc32c, FastEqualsPlainAtEveryLength) {
  SeededRandom random(1);
  std::string bytes(60'000, 0);
  for (char& c : bytes) c = static_cast<char>(random.next());
  const std::string_view all = bytes;
  for (size_t length = 0; length < 2000; ++length) {
    const std::string_view part = all.substr(length % 13, length);
    ASSERT_EQ(crc32c(part), crc32c_extend_plain(0, part)) << length;
  }
  for (const size_t length : {24'575, 24'576, 24'577, 25'343, 25'344, 49'152, 49'999, 59'987}) {
    const std::string_view part = all.substr(length % 13, length);
    ASSERT_EQ(crc32c(part), crc32c_extend_plain(0, part)) << length;
  }
}

TEST(Crc32c, ExtendingEqualsWhole) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    std::string bytes(random.below(40'000), 0);
    for (char& c : bytes) c = static_cast<char>(random.next());
    uint32_t crc = 0;
    for (std::string_view rest = bytes; !rest.empty();) {
      const size_t part = std::min<size_t>(rest.size(), random.below(10'000));
      crc = crc32c_extend(crc, rest.substr(0, part));
      rest.remove_prefix(part);
    }
    EXPECT_EQ(crc, crc32c(bytes));
  }
}

}  // namespace
}  // namespace tercet::codec
