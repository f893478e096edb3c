#include <gtest/gtest.h>

#include "base/random.h"
#include "io/sim_file_system.h"
#include "store/block/manifest.h"
#include "store/block/part_file.h"

namespace tercet::store {
namespace {

TEST(Manifest, RoundTrip) {
  Manifest m;
  m.applied = 123456789;
  m.next_part = 7;
  m.parts = {{"part-1-20000.tpart", 10, 2000, 1'700'000'000}, {"part-6-20001.tpart", 1, 5, -3}};
  const auto back = Manifest::decode(m.encode());
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(back->applied, m.applied);
  EXPECT_EQ(back->next_part, 7u);
  ASSERT_EQ(back->parts.size(), 2u);
  EXPECT_EQ(back->parts[1].file, "part-6-20001.tpart");
  EXPECT_EQ(back->parts[1].created_ns, -3);
}

// Version 1 stays readable for ever.
TEST(Manifest, Golden) {
  const std::string text =
      "tercet-manifest 1\napplied 4096\nnext-part 3\npart part-1-19676.tpart 100 2048 1700000000000000000\n";
  Manifest m;
  m.applied = 4096;
  m.next_part = 3;
  m.parts = {{"part-1-19676.tpart", 100, 2048, 1'700'000'000'000'000'000}};
  EXPECT_EQ(m.encode(), text + "crc32c b3d682b6\n");
}

TEST(Manifest, EveryDamageIsNoticed) {
  Manifest m;
  m.parts = {{"part-1-20000.tpart", 10, 2000, 5}};
  const std::string good = m.encode();
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    EXPECT_FALSE(Manifest::decode(bad)) << "byte " << i;
    EXPECT_FALSE(Manifest::decode(good.substr(0, i))) << "cut at " << i;
  }
  EXPECT_FALSE(Manifest::decode(good + "x"));
}

TEST(Manifest, NamesOutsideTheFolderAreRefused) {
  for (const char* name : {"../x", "a/b", ".hidden", "A", ""}) {
    Manifest m;
    m.parts = {{name, 1, 1, 1}};
    EXPECT_FALSE(Manifest::decode(m.encode())) << name;
  }
}

TEST(Manifest, ACrashLeavesTheOldOrTheNew) {
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    SeededRandom random(seed);
    io::SimFileSystem files;
    ASSERT_TRUE(files.make_dirs("s"));
    Manifest m;
    m.applied = 1;
    ASSERT_TRUE(m.save(files, "s"));
    uint64_t at = 0;
    const uint64_t crash_at = 1 + random.below(6);
    std::unique_ptr<io::SimFileSystem> after;
    files.set_hook([&](io::FileOp, std::string_view) {
      if (++at == crash_at) after = files.crash(random);
    });
    m.applied = 2;
    ASSERT_TRUE(m.save(files, "s"));
    files.set_hook({});
    if (!after) after = files.crash(random);
    const auto found = Manifest::load(*after, "s");
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_TRUE(found->applied == 1 || found->applied == 2) << found->applied;
  }
}

TEST(PartFile, RoundTrip) {
  io::SimFileSystem files;
  ASSERT_TRUE(files.make_dirs("s"));
  auto writer = PartWriter::create(files, "s/p");
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->add(1, "first"));
  ASSERT_TRUE(writer->add(2, std::string(5000, 'x')));
  ASSERT_TRUE(writer->add(1, ""));
  const auto size = writer->finish("summary");
  ASSERT_TRUE(size);
  auto reader = PartReader::open(files, "s/p");
  ASSERT_TRUE(reader) << reader.error().message();
  EXPECT_EQ(reader->file_bytes(), *size);
  ASSERT_EQ(reader->blobs().size(), 3u);
  EXPECT_EQ(reader->bytes(reader->blobs()[0]), "first");
  EXPECT_EQ(reader->bytes(reader->blobs()[1]).size(), 5000u);
  EXPECT_EQ(reader->blobs()[1].offset % 8, 0u);
  EXPECT_EQ(reader->info(), "summary");
  EXPECT_TRUE(reader->verify());
}

TEST(PartFile, DamageIsFound) {
  io::SimFileSystem files;
  ASSERT_TRUE(files.make_dirs("s"));
  auto writer = PartWriter::create(files, "s/p");
  ASSERT_TRUE(writer->add(1, std::string(100, 'a')));
  const uint64_t size = *writer->finish("info");
  for (uint64_t byte = 0; byte < size; ++byte) {
    files.corrupt("s/p", byte, 0x10);
    auto reader = PartReader::open(files, "s/p");
    // Padding behind the header and the header's own reserved bytes say nothing; everything else is covered.
    const bool noticed = !reader || !reader->verify();
    EXPECT_TRUE(noticed || (byte >= 5 && byte < 8) || (byte >= 108 && byte < 112)) << "byte " << byte;
    files.corrupt("s/p", byte, 0x10);
  }
  for (uint64_t cut = 0; cut < size; ++cut) {
    auto file = files.open_rw("s/p");
    const std::string whole = *io::read_file(files, "s/p");
    ASSERT_TRUE(io::atomic_write(files, "s/cut", std::string_view(whole).substr(0, cut)));
    EXPECT_FALSE(PartReader::open(files, "s/cut")) << cut;
  }
}

TEST(PartFile, AFullDiskIsAnErrorThatSaysSo) {
  io::SimFileSystem files(64 * 1024);
  ASSERT_TRUE(files.make_dirs("s"));
  auto writer = PartWriter::create(files, "s/p");
  ASSERT_TRUE(writer);
  const auto added = writer->add(1, std::string(1 << 20, 'x'));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code(), Code::kResourceExhausted);
}

}  // namespace
}  // namespace tercet::store
