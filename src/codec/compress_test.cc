#include "codec/compress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"

namespace tercet::codec {
namespace {

using ::testing::HasSubstr;

constexpr Codec kInflatable[] = {Codec::kNone, Codec::kZstd, Codec::kSnappy, Codec::kGzip, Codec::kDeflate};
constexpr size_t kNoLimit = size_t{1} << 30;

/// Text that compresses, of `length` bytes.
std::string text_of(SeededRandom& random, size_t length) {
  std::string out;
  while (out.size() < length) out += "line " + std::to_string(random.below(1000)) + " of the log\n";
  out.resize(length);
  return out;
}

std::string packed(Codec codec, std::string_view raw, int level = 0) {
  std::string out;
  const Result<> done = compress(codec, level, raw, out);
  EXPECT_TRUE(done) << done.error().message();
  return out;
}

std::string unpacked(Codec codec, std::string_view bytes, size_t max_out = kNoLimit) {
  std::string out;
  const Result<> done = decompress(codec, bytes, max_out, out);
  EXPECT_TRUE(done) << done.error().message();
  return out;
}

/// The error of inflating; fails the test when there is none or `out` was changed.
Error refusal(Codec codec, std::string_view bytes, size_t max_out = kNoLimit) {
  std::string out = "before";
  const Result<> done = decompress(codec, bytes, max_out, out);
  EXPECT_EQ(out, "before");
  if (done) return internal_error("was not refused: " + std::string(codec_name(codec)));
  return done.error();
}

TEST(Compress, RoundTrips) {
  SeededRandom random(1);
  for (const Codec codec : kInflatable) {
    SCOPED_TRACE(codec_name(codec));
    for (const size_t length : {0, 1, 2, 100, 65'536, 1'000'003}) {
      const std::string raw = text_of(random, length);
      std::string bytes = "head";
      ASSERT_TRUE(compress(codec, 0, raw, bytes));
      ASSERT_TRUE(bytes.starts_with("head"));
      std::string back = "tail";
      ASSERT_TRUE(decompress(codec, std::string_view(bytes).substr(4), length, back)) << "exactly the limit";
      EXPECT_EQ(back, "tail" + raw);
      if (length > 0) {
        EXPECT_EQ(refusal(codec, std::string_view(bytes).substr(4), length - 1).code(), Code::kResourceExhausted);
      }
    }
  }
}

TEST(Compress, Lz4RoundTrips) {
  SeededRandom random(2);
  for (const int level : {0, 1, 3, 9, 50}) {
    for (const size_t length : {0, 1, 100, 1'000'003}) {
      const std::string raw = text_of(random, length);
      const std::string bytes = packed(Codec::kLz4, raw, level);
      std::string back = "x";
      ASSERT_TRUE(decompress_lz4(bytes, length, back));
      EXPECT_EQ(back, "x" + raw);
      EXPECT_FALSE(decompress_lz4(bytes, length + 1, back));
      if (length > 0) {
        EXPECT_FALSE(decompress_lz4(bytes, length - 1, back));
      }
      EXPECT_FALSE(decompress_lz4(bytes, size_t{1} << 40, back));
    }
  }
  EXPECT_THAT(refusal(Codec::kLz4, "\x50hello").message(), HasSubstr("decompress_lz4"));
}

TEST(Compress, EveryLevelIsTaken) {
  SeededRandom random(3);
  const std::string raw = text_of(random, 20'000);
  for (const Codec codec : kInflatable) {
    for (const int level : {-5, 0, 1, 6, 9, 19, 100}) EXPECT_EQ(unpacked(codec, packed(codec, raw, level)), raw);
  }
}

TEST(Compress, ReadsWhatOthersWrote) {
  const std::string text = "hello hello hello";
  const std::pair<Codec, const char*> golden[] = {
      {Codec::kZstd, "28b52ffd04586500003068656c6c6f200100314a11a2ed1e0c"},  // zstd's command line: no size, a checksum
      {Codec::kGzip, "1f8b08000000000002ffcb48cdc9c957c84090008088f9e511000000"},
      {Codec::kDeflate, "789ccb48cdc9c957c84090003a2e067d"},
      {Codec::kDeflate, "cb48cdc9c957c8409000"},  // raw
      {Codec::kSnappy, "111468656c6c6f202a0600"},
  };
  for (const auto& [codec, hex] : golden) {
    const std::string bytes = *hex_decode(hex);
    EXPECT_EQ(unpacked(codec, bytes), text) << hex;
    EXPECT_EQ(unpacked(codec, bytes, text.size()), text) << hex;
    EXPECT_EQ(refusal(codec, bytes, text.size() - 1).code(), Code::kResourceExhausted) << hex;
  }
  std::string raw;
  EXPECT_TRUE(decompress_lz4("\x50hello", 5, raw));
  EXPECT_EQ(raw, "hello");
}

TEST(Compress, FramesAndMembersInARow) {
  for (const Codec codec : {Codec::kZstd, Codec::kGzip}) {
    SCOPED_TRACE(codec_name(codec));
    const std::string both = packed(codec, "one ") + packed(codec, "") + packed(codec, "two");
    EXPECT_EQ(unpacked(codec, both), "one two");
    EXPECT_EQ(unpacked(codec, both, 7), "one two");
    EXPECT_EQ(refusal(codec, both, 6).code(), Code::kResourceExhausted);
  }
  const std::string skippable = *hex_decode("502a4d1803000000616263");
  EXPECT_EQ(unpacked(Codec::kZstd, skippable + packed(Codec::kZstd, "one")), "one");
  EXPECT_EQ(unpacked(Codec::kZstd, skippable), "");
}

TEST(Compress, CutOffAndGarbage) {
  SeededRandom random(4);
  const std::string raw = text_of(random, 300);
  for (const Codec codec : {Codec::kZstd, Codec::kSnappy, Codec::kGzip, Codec::kDeflate}) {
    SCOPED_TRACE(codec_name(codec));
    const std::string bytes = packed(codec, raw);
    for (size_t length = 0; length < bytes.size(); ++length) {
      EXPECT_EQ(refusal(codec, bytes.substr(0, length)).code(), Code::kInvalidArgument) << length;
    }
    EXPECT_EQ(refusal(codec, bytes + "x").code(), Code::kInvalidArgument);
    EXPECT_EQ(refusal(codec, bytes + std::string(20, '\0')).code(), Code::kInvalidArgument);
    EXPECT_EQ(refusal(codec, "no such thing at all").code(), Code::kInvalidArgument);
  }
  EXPECT_THAT(refusal(Codec::kGzip, packed(Codec::kGzip, raw) + "garbage").message(), HasSubstr("garbage after"));
  EXPECT_THAT(refusal(Codec::kZstd, packed(Codec::kZstd, raw) + "garbage").message(), HasSubstr("garbage after"));
  EXPECT_THAT(refusal(Codec::kDeflate, packed(Codec::kDeflate, raw) + "garbage").message(), HasSubstr("garbage after"));
  EXPECT_THAT(refusal(Codec::kGzip, packed(Codec::kGzip, raw).substr(0, 50)).message(), HasSubstr("cut off"));
}

TEST(Compress, SnappyLiesAreRefusedBeforeMemoryIsTaken) {
  EXPECT_THAT(refusal(Codec::kSnappy, std::string_view("\xFF\x06\x00\x00sNaPpY\x01", 11)).message(),
              HasSubstr("framed stream format"));
  EXPECT_THAT(refusal(Codec::kSnappy, "\xFF\xFF\xFF\xFF\x03").message(), HasSubstr("declares more"));  // 1 GiB
  const Error limit = refusal(Codec::kSnappy, "\xFF\xFF\xFF\xFF\x0F", 1000);                           // 4 GiB
  EXPECT_EQ(limit.code(), Code::kResourceExhausted);
  EXPECT_THAT(limit.message(), HasSubstr("limit of 1000 bytes"));
}

TEST(Compress, ZstdLiesAreRefusedBeforeMemoryIsTaken) {
  // A frame that declares 2^29 bytes and holds an empty last block.
  EXPECT_EQ(refusal(Codec::kZstd, *hex_decode("28b52ffda000000020010000")).code(), Code::kInvalidArgument);
  // No size, a window of 128 MiB.
  EXPECT_THAT(refusal(Codec::kZstd, *hex_decode("28b52ffd0088010000")).message(), HasSubstr("8 MiB"));
}

TEST(Compress, BombsStopAtTheLimit) {
  const std::string zeros(50'000'000, '\0');
  for (const Codec codec : {Codec::kZstd, Codec::kGzip, Codec::kDeflate, Codec::kSnappy}) {
    SCOPED_TRACE(codec_name(codec));
    const Error error = refusal(codec, packed(codec, zeros), 100'000);
    EXPECT_EQ(error.code(), Code::kResourceExhausted);
    EXPECT_THAT(error.message(), HasSubstr("limit of 100000 bytes"));
  }
}

TEST(Compress, IncompressibleFitsTheBounds) {
  SeededRandom random(5);
  std::string raw(200'000, 0);
  for (char& c : raw) c = static_cast<char>(random.next());
  for (const Codec codec : kInflatable) EXPECT_EQ(unpacked(codec, packed(codec, raw)), raw);
  std::string back;
  EXPECT_TRUE(decompress_lz4(packed(Codec::kLz4, raw), raw.size(), back));
  EXPECT_EQ(back, raw);
}

TEST(Compress, ThreadsHaveTheirOwnContexts) {
  std::vector<std::thread> threads;
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    threads.emplace_back([seed] {
      SeededRandom random(seed);
      for (int i = 0; i < 20; ++i) {
        const std::string raw = text_of(random, random.below(50'000));
        for (const Codec codec : kInflatable) EXPECT_EQ(unpacked(codec, packed(codec, raw)), raw);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace tercet::codec
