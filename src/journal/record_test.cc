#include "journal/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/random.h"
#include "io/posix_file_system.h"
#include "io/sim_file_system.h"
#include "journal/segment_names.h"
#include "journal/segment_reader.h"

namespace tercet::journal {
namespace {

constexpr uint64_t kId = 0x1122334455667788;

std::shared_ptr<const std::string> text(std::string bytes) {
  return std::make_shared<const std::string>(std::move(bytes));
}

std::string bytes_of(const EncodedRecord& record) {
  std::string out;
  for (const auto piece : record.pieces()) out.append(piece);
  return out;
}

/// A segment with one record of each kind; what testdata/segment_v1.bin holds.
std::string golden_segment() {
  std::string out = segment_header(kId);
  Lsn at = kFirstLsn;
  const auto add = [&](EncodedRecord record, Lsn synced_through) {
    record.place(kId, at, synced_through);
    out += bytes_of(record);
    at += record.size();
  };
  add(EncodedRecord::encode(
          kId, {.signal = contract::Signal::kLogs, .encoding = 3, .appended_at_ns = 1'700'000'000'000'000'000},
          "default", text("stored as it is"), 0),
      kFirstLsn);
  add(EncodedRecord::encode(kId, {.appended_at_ns = 5}, "other", text(std::string(1000, 'z')), 1), kFirstLsn);
  add(EncodedRecord::encode(kId, {.kind = kKindMark, .signal = contract::Signal::kControl}, "", nullptr, 0), at);
  return out;
}

TEST(Record, RoundTripsAndRefusesEveryChangedByte) {
  for (const int level : {0, 1}) {
    auto record = EncodedRecord::encode(kId, {.signal = contract::Signal::kSeries, .encoding = 7, .appended_at_ns = 42},
                                        "t", text(std::string(200, 'x')), level);
    record.place(kId, 4096, 1024);
    const std::string bytes = bytes_of(record);
    ASSERT_EQ(bytes.size(), record.size());
    ASSERT_EQ(bytes.size() % kAlignment, 0);
    const auto frame = parse_head(bytes, 4096, kId);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->next, 4096 + bytes.size());
    EXPECT_EQ(frame->synced_through, 1024);
    EXPECT_EQ(frame->appended_at_ns, 42);
    EXPECT_EQ(frame->signal, contract::Signal::kSeries);
    EXPECT_EQ(frame->encoding, 7);
    EXPECT_EQ(frame->codec, level == 0 ? kStoredAsIs : kStoredZstd);
    const std::string_view body = std::string_view(bytes).substr(kHeadBytes, frame->body_length());
    ASSERT_TRUE(body_is_sound(*frame, body, kId));
    EXPECT_EQ(decode_payload(*frame, body.substr(1)).value(), std::string(200, 'x'));
    EXPECT_FALSE(parse_head(bytes, 4104, kId)) << "elsewhere in the stream";
    EXPECT_FALSE(parse_head(bytes, 4096, kId + 1)) << "another journal's";
    for (size_t i = 0; i < kHeadBytes + frame->body_length(); ++i) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ 0x10);
      const auto head = parse_head(changed, 4096, kId);
      EXPECT_EQ(head.has_value(), i >= kHeadBytes) << i;
      EXPECT_FALSE(head && body_is_sound(*head, changed.substr(kHeadBytes, head->body_length()), kId)) << i;
    }
  }
}

TEST(Record, StoresAsIsWhatDoesNotShrink) {
  SeededRandom random(1);
  std::string noise;
  while (noise.size() < 1000) append_le(noise, random.next());
  EXPECT_EQ(EncodedRecord::encode(kId, {}, "t", text(noise), 3).frame().codec, kStoredAsIs);
  EXPECT_EQ(EncodedRecord::encode(kId, {}, "t", text("short"), 3).frame().codec, kStoredAsIs);
  EXPECT_EQ(EncodedRecord::encode(kId, {}, "t", nullptr, 3).size(), align_up(kHeadBytes + 1));
}

TEST(Record, DecodingIsBoundedByTheHead) {
  auto record = EncodedRecord::encode(kId, {}, "", text(std::string(100'000, 'x')), 1);
  record.place(kId, 8, 8);
  Frame frame = record.frame();
  const auto stored = record.pieces()[2];
  EXPECT_TRUE(decode_payload(frame, stored));
  for (const uint32_t raw : {0u, 99'999u, 100'001u}) {
    frame.raw_length = raw;
    const auto decoded = decode_payload(frame, stored);
    ASSERT_FALSE(decoded) << raw;
    EXPECT_EQ(decoded.error().code(), Code::kDataLoss);
  }
}

TEST(Golden, TheFirstVersionIsReadAndWritten) {
  io::PosixFileSystem fs(TERCET_SOURCE_DIR "/src/journal/testdata");
  const std::string golden = io::read_file(fs, "segment_v1.bin").value();
  const auto header = parse_segment_header(golden);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->version, 1);
  EXPECT_EQ(header->id, kId);
  auto file = fs.open_read("segment_v1.bin").value();
  SegmentReader reader(*file, kFirstLsn, kFirstLsn + golden.size() - kSegmentHeaderBytes, kId);
  std::vector<std::string> payloads;
  Lsn at = kFirstLsn;
  while (const auto frame = reader.head(at)) {
    const auto body = reader.body(*frame);
    ASSERT_TRUE(body);
    payloads.push_back(std::string(body->substr(0, frame->tenant_length)) + "|" +
                       decode_payload(*frame, body->substr(frame->tenant_length)).value());
    at = frame->next;
  }
  EXPECT_EQ(at, reader.end());
  EXPECT_THAT(payloads, ::testing::ElementsAre("default|stored as it is", "other|" + std::string(1000, 'z'), "|"));
  // Another zstd may compress otherwise: compare up to the second record, whose lengths and checksum then differ.
  const std::string written = golden_segment();
  const uint64_t second = kSegmentHeaderBytes + align_up(kHeadBytes + 7 + 15);
  EXPECT_EQ(written.substr(0, second), golden.substr(0, second));
}

TEST(SegmentReader, ResyncFindsTheNextSoundRecordFromAnywhere) {
  io::SimFileSystem fs;
  auto file = fs.create("s").value();
  const std::string segment = golden_segment();
  ASSERT_TRUE(file->write_at(0, segment));
  const Lsn end = kFirstLsn + segment.size() - kSegmentHeaderBytes;
  SegmentReader reader(*file, kFirstLsn, end, kId);
  const Lsn second = reader.head(kFirstLsn)->next;
  EXPECT_EQ(reader.resync(kFirstLsn)->lsn, kFirstLsn);
  EXPECT_EQ(reader.resync(kFirstLsn + 1)->lsn, second);
  EXPECT_EQ(reader.resync(second)->lsn, second);
  EXPECT_FALSE(reader.resync(end));
  EXPECT_FALSE(SegmentReader(*file, kFirstLsn, end + 1'000'000, kId).resync(end)) << "the file ends before the segment";
  // A record that would end past the segment is not in it.
  EXPECT_FALSE(SegmentReader(*file, kFirstLsn, second - 8, kId).head(kFirstLsn));
}

TEST(SegmentReader, CrossesItsWindowAndSkipsGarbageFast) {
  io::SimFileSystem fs;
  auto file = fs.create("s").value();
  // Garbage full of magics, then one record longer than the window.
  std::string garbage;
  while (garbage.size() < 3 * SegmentReader::kWindowBytes + 8)
    garbage.append("TREC").append(garbage.size() / 100 % 7, 'T');
  garbage.resize(garbage.size() & ~uint64_t{7});
  const Lsn at = 8 + garbage.size();
  auto record = EncodedRecord::encode(kId, {}, "t", text(std::string(2 * SegmentReader::kWindowBytes, 'r')), 0);
  record.place(kId, at, 8);
  ASSERT_TRUE(file->write_at(kSegmentHeaderBytes, garbage));
  ASSERT_TRUE(file->append(bytes_of(record)));
  SegmentReader reader(*file, 8, at + record.size(), kId);
  const auto found = reader.resync(8);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->lsn, at);
  EXPECT_EQ(reader.read_errors(), 0);
}

TEST(SegmentReader, UnreadableBlocksAreSkippedAndSaid) {
  io::SimFileSystem fs;
  auto file = fs.create("s").value();
  ASSERT_TRUE(file->write_at(0, golden_segment()));
  SegmentReader reader(*file, kFirstLsn, kFirstLsn + 100'000, kId);
  fs.inject({.op = io::FileOp::kRead, .forever = true});
  EXPECT_FALSE(reader.head(kFirstLsn));
  EXPECT_FALSE(reader.resync(kFirstLsn));
  EXPECT_GT(reader.read_errors(), 0);
  fs.clear_faults();
  EXPECT_TRUE(reader.head(kFirstLsn));
}

TEST(SegmentNames, RoundTripAndRefuseOthers) {
  EXPECT_EQ(segment_name(0x1000), "0000000000001000.seg");
  EXPECT_EQ(parse_segment_name("0000000000001000.seg"), 0x1000);
  EXPECT_EQ(spare_name(17), "spare-0000000000000011.seg");
  EXPECT_EQ(parse_spare_name(spare_name(17)), 17);
  for (const std::string_view bad : {"1000.seg", "000000000000100G.seg", "0000000000001000.tmp", "000000000000ABCD.seg",
                                     ".seg", "+000000000001000.seg", "spare-0000000000000011.seg"})
    EXPECT_FALSE(parse_segment_name(bad)) << bad;
}

}  // namespace
}  // namespace tercet::journal
