#include "codec/filter.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/bytes.h"
#include "base/random.h"

namespace tercet::codec {
namespace {

TEST(Filter, GoldenBytes) {
  const std::vector<uint64_t> hashes = {0x0123456789ABCDEF, 0xFEDCBA9876543210};
  EXPECT_EQ(hex_encode(build_filter(hashes)),
            "54424631010000001000040010000800000001400000900010200000000401000010008000000009");
  EXPECT_EQ(hex_encode(build_filter({})), "5442463100000000");
}

TEST(Filter, NeverAWrongNotAndFewWrongPerhaps) {
  for (const size_t count : {1, 3, 25, 26, 100, 10'000}) {
    SeededRandom random(count);
    std::vector<uint64_t> hashes(count);
    for (uint64_t& hash : hashes) hash = random.next();
    const std::string filter = build_filter(hashes);
    EXPECT_TRUE(check_filter(filter));
    EXPECT_LE(filter.size(), 8 + count * kFilterBitsPerKey / 8 + 32);
    for (const uint64_t hash : hashes) ASSERT_TRUE(may_contain(filter, hash));
    size_t wrong = 0;
    for (int i = 0; i < 20'000; ++i) wrong += may_contain(filter, random.next()) ? 1 : 0;
    EXPECT_LT(wrong, 600U) << count << " keys: more than three in a hundred";
  }
}

TEST(Filter, AnEmptySetHasNothing) {
  EXPECT_FALSE(may_contain(build_filter({}), 0));
  EXPECT_TRUE(check_filter(build_filter({})));
}

TEST(Filter, MalformedIsRefusedAndMayHoldAnything) {
  const std::vector<uint64_t> hashes = {1, 2, 3};
  const std::string good = build_filter(hashes);
  std::vector<std::string> bad;
  for (size_t length = 0; length < good.size(); ++length) bad.push_back(good.substr(0, length));
  bad.push_back(good + '\0');
  bad.push_back("X" + good.substr(1));
  bad.push_back(good.substr(0, 4) + "\xFF\xFF\xFF\xFF" + good.substr(8));
  for (const std::string& filter : bad) {
    const Result<> checked = check_filter(filter);
    ASSERT_FALSE(checked) << hex_encode(filter);
    EXPECT_EQ(checked.error().code(), Code::kDataLoss);
    EXPECT_TRUE(may_contain(filter, 12345));
  }
}

}  // namespace
}  // namespace tercet::codec
