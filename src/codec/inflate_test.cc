#include "codec/inflate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/bytes.h"
#include "base/random.h"

namespace tercet::codec {
namespace {

using ::testing::HasSubstr;

constexpr Codec kStreams[] = {Codec::kNone, Codec::kZstd, Codec::kGzip, Codec::kDeflate};

std::string text_of(SeededRandom& random, size_t length) {
  std::string out;
  while (out.size() < length) out += "line " + std::to_string(random.below(1000)) + " of the log\n";
  out.resize(length);
  return out;
}

std::string packed(Codec codec, std::string_view raw) {
  std::string out;
  EXPECT_TRUE(compress(codec, 0, raw, out));
  return out;
}

/// Feeds pieces of `piece` bytes, or of random lengths when it is 0.
Result<std::string> inflate_all(Codec codec, std::string_view bytes, size_t max_out, size_t piece,
                                SeededRandom& random) {
  Inflater inflater = TRY(Inflater::create(codec, max_out));
  std::string out;
  while (!bytes.empty()) {
    const size_t take = std::min<size_t>(bytes.size(), piece > 0 ? piece : random.below(5000));
    TRY(inflater.feed(bytes.substr(0, take), out));
    bytes.remove_prefix(take);
    EXPECT_EQ(inflater.total_out(), out.size());
  }
  TRY(inflater.finish());
  return out;
}

TEST(Inflater, PiecesGiveTheWhole) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    const std::string raw = text_of(random, random.below(seed == 20 ? 3'000'000 : 5000));
    for (const Codec codec : kStreams) {
      SCOPED_TRACE(codec_name(codec));
      const std::string bytes = packed(codec, raw);
      for (const size_t piece : {size_t{0}, size_t{1}, size_t{7}, size_t{1} << 30}) {
        if (piece == 1 && bytes.size() > 10'000) continue;
        const auto back = inflate_all(codec, bytes, raw.size(), piece, random);
        ASSERT_TRUE(back) << back.error().message();
        ASSERT_EQ(*back, raw);
      }
    }
  }
}

TEST(Inflater, RawDeflateByteByByte) {
  SeededRandom random(1);
  const std::string bytes = *hex_decode("cb48cdc9c957c8409000");
  EXPECT_EQ(*inflate_all(Codec::kDeflate, bytes, 100, 1, random), "hello hello hello");
  EXPECT_EQ(*inflate_all(Codec::kDeflate, *hex_decode("0300"), 0, 1, random), "");
  EXPECT_FALSE(inflate_all(Codec::kDeflate, *hex_decode("030001"), 0, 1, random));
  EXPECT_FALSE(inflate_all(Codec::kDeflate, *hex_decode("030001"), 0, 100, random));
  EXPECT_FALSE(inflate_all(Codec::kDeflate, *hex_decode("03"), 0, 1, random));
}

TEST(Inflater, TheLimitHoldsWithinOneChunk) {
  const std::string zeros(30'000'000, '\0');
  for (const Codec codec : kStreams) {
    SCOPED_TRACE(codec_name(codec));
    auto inflater = Inflater::create(codec, 12'345);
    ASSERT_TRUE(inflater);
    std::string out;
    const Result<> done = inflater->feed(packed(codec, zeros), out);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), Code::kResourceExhausted);
    EXPECT_THAT(done.error().message(), HasSubstr("limit of 12345 bytes"));
    EXPECT_LE(out.size(), 12'345U);
    EXPECT_LT(out.capacity(), 100'000U) << "memory follows the limit, not the bomb";
    EXPECT_EQ(inflater->feed("", out).error().code(), Code::kFailedPrecondition);
    EXPECT_EQ(inflater->finish().error().code(), Code::kFailedPrecondition);
  }
}

TEST(Inflater, TheLimitIsExact) {
  SeededRandom random(2);
  for (const size_t length : {size_t{1}, size_t{4096}, size_t{262'144}, size_t{262'145}}) {
    const std::string raw = text_of(random, length);
    for (const Codec codec : kStreams) {
      SCOPED_TRACE(codec_name(codec));
      const std::string bytes = packed(codec, raw);
      EXPECT_TRUE(inflate_all(codec, bytes, length, 0, random));
      const auto over = inflate_all(codec, bytes, length - 1, 0, random);
      ASSERT_FALSE(over);
      EXPECT_EQ(over.error().code(), Code::kResourceExhausted);
    }
  }
}

TEST(Inflater, CutOffAndGarbage) {
  SeededRandom random(3);
  const std::string raw = text_of(random, 500);
  for (const Codec codec : {Codec::kZstd, Codec::kGzip, Codec::kDeflate}) {
    SCOPED_TRACE(codec_name(codec));
    const std::string bytes = packed(codec, raw);
    for (size_t length = 0; length < bytes.size(); ++length) {
      const auto cut = inflate_all(codec, bytes.substr(0, length), 1000, 0, random);
      ASSERT_FALSE(cut);
      EXPECT_EQ(cut.error().code(), Code::kInvalidArgument);
    }
    for (const size_t piece : {1, 1000}) {
      const auto garbage = inflate_all(codec, bytes + "garbage", 1000, piece, random);
      ASSERT_FALSE(garbage);
      EXPECT_THAT(garbage.error().message(), HasSubstr("garbage after"));
    }
    std::string broken = bytes;
    broken[broken.size() / 2] ^= 0x55;
    EXPECT_FALSE(inflate_all(codec, broken, 1000, 0, random) == raw) << "zstd without a checksum may give other bytes";
  }
}

TEST(Inflater, MembersInARowAtEveryCut) {
  SeededRandom random(4);
  for (const Codec codec : {Codec::kZstd, Codec::kGzip}) {
    const std::string both = packed(codec, "first ") + packed(codec, "") + packed(codec, "second");
    for (size_t piece = 1; piece < both.size(); ++piece) {
      EXPECT_EQ(inflate_all(codec, both, 12, piece, random).value_or("nothing"), "first second") << piece;
    }
    EXPECT_FALSE(inflate_all(codec, both, 11, 0, random));
    EXPECT_FALSE(inflate_all(codec, both + packed(codec, "third").substr(0, 5), 100, 0, random));
  }
}

TEST(Inflater, BlockFormatsAreRefused) {
  EXPECT_EQ(Inflater::create(Codec::kSnappy, 1).error().code(), Code::kInvalidArgument);
  EXPECT_EQ(Inflater::create(Codec::kLz4, 1).error().code(), Code::kInvalidArgument);
}

TEST(Inflater, MovesBetweenThreads) {
  SeededRandom random(5);
  const std::string raw = text_of(random, 100'000);
  for (const Codec codec : kStreams) {
    const std::string bytes = packed(codec, raw);
    std::string out;
    auto inflater = Inflater::create(codec, raw.size());
    ASSERT_TRUE(inflater);
    ASSERT_TRUE(inflater->feed(bytes.substr(0, 1000), out));
    std::thread([&, moved = std::move(*inflater)]() mutable {
      EXPECT_TRUE(moved.feed(std::string_view(bytes).substr(std::min<size_t>(1000, bytes.size())), out));
      EXPECT_TRUE(moved.finish());
    }).join();
    EXPECT_EQ(out, raw);
  }
}

TEST(Inflater, ManyAtOnceOnOneThread) {
  const std::string bytes = packed(Codec::kZstd, "body");
  std::vector<Inflater> inflaters;
  for (int i = 0; i < 20; ++i) inflaters.push_back(*Inflater::create(Codec::kZstd, 10));
  std::string out;
  for (Inflater& each : inflaters) ASSERT_TRUE(each.feed(bytes.substr(0, 5), out));
  for (Inflater& each : inflaters) {
    out.clear();
    ASSERT_TRUE(each.feed(bytes.substr(5), out));
    EXPECT_TRUE(each.finish());
    EXPECT_EQ(out, "body");
  }
}

}  // namespace
}  // namespace tercet::codec
