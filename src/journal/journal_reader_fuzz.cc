// The reader against what a disk may hold. Three kinds of input, chosen by the first byte:
//   0  anything at all as a segment, its checksums put right where a head could stand, so that the checks behind them
//      are reached: no crash, no allocation beyond the limits
//   1  records written, then read: reader(writer(x)) = x
//   2  a journal written, some bytes of it changed, opened: every record that was not touched is there, once, in order
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "codec/crc32c.h"
#include "io/sim_env.h"
#include "journal/journal.h"
#include "journal/record.h"
#include "journal/segment_reader.h"

namespace tercet::journal {
namespace {

using contract::Signal;

constexpr uint64_t kId = 42;
constexpr uint64_t kSegment = 16 * 1024;

uint32_t seeded_crc(std::string_view bytes) {
  std::string seed;
  append_le(seed, kId);
  return codec::crc32c_extend(codec::crc32c(seed), bytes);
}

void read_all(SegmentReader& reader) {
  Lsn at = reader.first();
  for (int i = 0; i < 1000; ++i) {
    auto frame = reader.head(at);
    if (frame) {
      CHECK(frame->lsn == at && frame->next > at && frame->next <= reader.end());
      CHECK(frame->raw_length <= kMaxRecordBytes && frame->synced_through <= at);
      (void)reader.tenant(*frame);
      if (const auto body = reader.body(*frame)) {
        const auto payload = decode_payload(*frame, body->substr(frame->tenant_length));
        CHECK(!payload || payload->size() == frame->raw_length);
        at = frame->next;
        continue;
      }
    }
    frame = reader.resync(at + 1);
    if (!frame) return;
    CHECK(frame->lsn > at);
    at = frame->lsn;
  }
}

void garbage(FuzzedDataProvider& in) {
  std::string records = in.ConsumeRemainingBytesAsString();
  for (size_t at = 0; at + kHeadBytes <= records.size(); at += kAlignment) {
    char* head = records.data() + at;
    if (!std::string_view(head, kHeadBytes).starts_with(kRecordMagic)) continue;
    store_le(head + kLsnAt, uint64_t{kFirstLsn + at});
    // An odd checksum in the input says: leave it wrong.
    if (load_le<uint8_t>(head + kBodyCrcAt) % 2 == 0) {
      const size_t length =
          size_t{load_le<uint32_t>(head + kStoredLengthAt)} + load_le<uint16_t>(head + kTenantLengthAt);
      store_le(head + kBodyCrcAt, seeded_crc(std::string_view(records).substr(at + kHeadBytes).substr(0, length)));
    }
    store_le(head + kHeadCrcAt, seeded_crc({head + kLsnAt, kHeadBytes - kLsnAt}));
  }
  io::SimFileSystem files;
  auto file = files.create("s").value();
  CHECK(file->write_at(kSegmentHeaderBytes, records).has_value());
  SegmentReader reader(*file, kFirstLsn, kFirstLsn + records.size() + 64, kId);
  read_all(reader);
}

void round_trip(FuzzedDataProvider& in) {
  const int level = in.ConsumeIntegralInRange(0, 3);
  const EncodedRecord::Header header{.signal = static_cast<Signal>(in.ConsumeIntegral<uint8_t>()),
                                     .encoding = in.ConsumeIntegral<uint8_t>(),
                                     .appended_at_ns = in.ConsumeIntegral<int64_t>()};
  const Lsn lsn = uint64_t{in.ConsumeIntegral<uint32_t>()} * kAlignment;
  const Lsn synced = in.ConsumeIntegralInRange<uint64_t>(0, lsn);
  const std::string tenant = in.ConsumeRandomLengthString(kMaxTenantBytes);
  const std::string payload = in.ConsumeRemainingBytesAsString();
  auto record = EncodedRecord::encode(kId, header, tenant, std::make_shared<const std::string>(payload), level);
  record.place(kId, lsn, synced);
  std::string bytes;
  for (const auto piece : record.pieces()) bytes.append(piece);
  CHECK(bytes.size() == record.size() && bytes.size() % kAlignment == 0);
  const auto frame = parse_head(bytes, lsn, kId);
  CHECK(frame && frame->next == lsn + bytes.size() && frame->synced_through == synced);
  CHECK(frame->signal == header.signal && frame->encoding == header.encoding);
  CHECK(frame->appended_at_ns == header.appended_at_ns);
  const std::string_view body = std::string_view(bytes).substr(kHeadBytes, frame->body_length());
  CHECK(body_is_sound(*frame, body, kId) && body.starts_with(tenant));
  const auto decoded = decode_payload(*frame, body.substr(tenant.size()));
  CHECK(decoded && *decoded == payload);
}

std::unique_ptr<Journal> open(io::SimEnv& env) {
  const Config config{.segment_bytes = kSegment, .bytes_max = 64 * kSegment, .min_free_bytes = 0};
  auto journal = Journal::open(config, env.env, "j");
  CHECK(journal.has_value());
  CHECK((*journal)->start({}, Journal::Drive::kManual).has_value());
  return *std::move(journal);
}

struct Written {
  Lsn lsn;
  Lsn sound_to;  // what is after it pads, unchecked
  std::string payload;
  bool touched = false;
};

void append(Journal& journal, std::string payload, std::vector<Written>& written) {
  const auto shared = std::make_shared<const std::string>(std::move(payload));
  journal.append({"default", Signal::kLogs, 0, shared}, [&](Result<Lsn> lsn) {
    CHECK(lsn.has_value());
    written.push_back({*lsn, 0, *shared});
  });
  CHECK(journal.step());
}

void decay(FuzzedDataProvider& in) {
  io::SimEnv env;
  std::vector<Written> written;
  auto journal = open(env);
  for (int count = in.ConsumeIntegralInRange(1, 12); count > 0; --count)
    // The count makes payloads differ: below they are told apart by nothing else.
    append(*journal,
           std::to_string(count) + std::string(in.ConsumeIntegralInRange(0, 3000), in.ConsumeIntegral<char>()),
           written);
  const uint64_t id = parse_segment_header(io::read_file(*env.files, "j/0000000000000008.seg").value())->id;
  for (Written& record : written) {
    const auto again = EncodedRecord::encode(id, {}, "default", std::make_shared<const std::string>(record.payload), 1);
    record.sound_to = record.lsn + kHeadBytes + again.frame().body_length();
  }
  journal.reset();
  const auto entries = env.files->list("j").value();
  while (in.remaining_bytes() > 0) {
    const Lsn at = in.ConsumeIntegralInRange<Lsn>(kFirstLsn, written.back().sound_to - 1);
    const auto mask = in.ConsumeIntegral<uint8_t>();
    std::string name;
    Lsn first = 0;
    for (const auto& entry : entries) {
      if (entry.name.size() != 20) continue;
      const Lsn begins = std::stoull(entry.name, nullptr, 16);
      if (begins <= at) name = entry.name, first = begins;
    }
    env.files->corrupt("j/" + name, kSegmentHeaderBytes + (at - first), mask);
    for (Written& record : written) record.touched |= mask != 0 && at >= record.lsn && at < record.sound_to;
  }
  journal = open(env);
  const size_t before = written.size();
  append(*journal, "after", written);
  std::vector<std::string> found;
  CHECK(journal
            ->read(journal->begin(), UINT64_MAX, {},
                   [&](const contract::JournalEntry& entry) {
                     found.push_back(*entry.payload);
                     return true;
                   })
            .has_value());
  // Two changes of one bit undo each other: what was touched may be there all the same.
  size_t at = 0;
  for (size_t i = 0; i <= before; ++i) {
    if (at < found.size() && found[at] == written[i].payload) {
      ++at;
    } else {
      CHECK(written[i].touched);
    }
  }
  CHECK(at == found.size());
}

}  // namespace
}  // namespace tercet::journal

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider in(data, size);
  switch (in.ConsumeIntegralInRange(0, 2)) {
    case 0: tercet::journal::garbage(in); break;
    case 1: tercet::journal::round_trip(in); break;
    default: tercet::journal::decay(in);
  }
  return 0;
}
