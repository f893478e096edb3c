// Values are on disk: these bytes must never change.
#include "codec/hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tercet::codec {
namespace {

TEST(Hash, KnownValuesOfXxh3) {
  EXPECT_EQ(hash64(""), 0x2D06800538D394C2U);
  EXPECT_EQ(hash64({}), hash64(""));
  EXPECT_EQ(hash64("abc"), 0x78AF5F94892F3950U);
  EXPECT_EQ(hash128(""), (Hash128{0x99AA06D3014798D8, 0x6001C324468D497F}));
  EXPECT_EQ(hash128("abc"), (Hash128{0x06B05AB6733A6185, 0x78AF5F94892F3950}));
}

TEST(Hash, SeedAndEveryLengthMatter) {
  const std::string text(1000, 'x');
  std::set<uint64_t> seen;
  for (size_t length = 0; length <= text.size(); ++length) {
    const std::string_view part = std::string_view(text).substr(0, length);
    seen.insert(hash64(part));
    seen.insert(hash64(part, 1));
    seen.insert(hash128(part).hi);
    seen.insert(hash128(part, 1).hi);
  }
  EXPECT_EQ(seen.size(), 4 * (text.size() + 1));
}

TEST(Hash, Hash128Orders) {
  EXPECT_LT((Hash128{1, 9}), (Hash128{2, 0}));
  EXPECT_LT((Hash128{1, 1}), (Hash128{1, 2}));
}

}  // namespace
}  // namespace tercet::codec
