#include "wire/events/sections.h"

#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "codec/compress.h"
#include "codec/crc32c.h"
#include "codec/varint.h"
#include "wire/events/block_format.h"
#include "wire/events/columns.h"

namespace tercet::wire {

namespace {
// Below this a zstd frame's own header eats what it saves.
constexpr size_t kMinCompressBytes = 64;
// What a section may inflate to: the largest request (64 MiB decoded) cannot make a larger one.
constexpr uint64_t kMaxSectionBytes = 256u << 20;
}  // namespace

void SectionWriter::add(uint32_t id, std::string bytes) {
  if (!bytes.empty()) sections_[id] = std::move(bytes);
}

std::string SectionWriter::finish(bool sealed, int level) {
  std::string directory;
  std::string body;
  codec::append_varint(directory, sections_.size());
  std::string packed;
  for (const auto& [id, raw] : sections_) {
    const std::string* stored = &raw;
    uint8_t used = kSectionRaw;
    packed.clear();
    if (sealed && raw.size() >= kMinCompressBytes && codec::compress(codec::Codec::kZstd, level, raw, packed) &&
        packed.size() + packed.size() / 16 < raw.size()) {
      stored = &packed;
      used = kSectionZstd;
    }
    codec::append_varint(directory, id);
    codec::append_varint(directory, used);
    codec::append_varint(directory, stored->size());
    codec::append_varint(directory, raw.size());
    if (sealed) append_le(directory, codec::crc32c(*stored));
    body.append(*stored);
  }
  std::string block(kBlockMagic, sizeof kBlockMagic);
  block.push_back(static_cast<char>(kBlockVersion));
  block.push_back(static_cast<char>(kTableSpans));
  block.push_back(static_cast<char>(sealed ? kFlagSealed : 0));
  append_le(block, static_cast<uint32_t>(directory.size()));
  block.reserve(block.size() + directory.size() + body.size() + sizeof(uint32_t));
  block.append(directory);
  if (sealed) append_le(block, codec::crc32c(block));
  block.append(body);
  return block;
}

Result<SectionReader> SectionReader::open(std::string_view block) {
  if (block.size() < kBlockHeaderBytes || std::memcmp(block.data(), kBlockMagic, sizeof kBlockMagic) != 0)
    return fail(data_loss("event block: bad magic"));
  if (static_cast<uint8_t>(block[3]) != kBlockVersion)
    return fail(
        data_loss("event block: version " + std::to_string(static_cast<uint8_t>(block[3])) + " is not known here"));
  if (static_cast<uint8_t>(block[4]) != kTableSpans) return fail(data_loss("event block: unknown table"));
  SectionReader reader;
  reader.sealed_ = (static_cast<uint8_t>(block[5]) & kFlagSealed) != 0;
  const uint32_t directory_length = load_le<uint32_t>(block.data() + 6);
  std::string_view rest = block.substr(kBlockHeaderBytes);
  std::string_view directory = TRY(read_bytes(rest, directory_length));
  if (reader.sealed_) {
    const uint32_t crc = load_le<uint32_t>(TRY(read_bytes(rest, 4)).data());
    if (crc != codec::crc32c(block.substr(0, kBlockHeaderBytes + directory_length)))
      return fail(data_loss("event block: checksum mismatch in the directory"));
  }
  const uint64_t count = TRY(read_varint(directory));
  if (count > directory.size()) return fail(data_loss("event block: directory longer than its bytes"));
  reader.entries_.resize(count);
  uint64_t previous_id = 0;
  for (Entry& entry : reader.entries_) {
    const uint64_t id = TRY(read_varint(directory));
    const uint64_t codec_number = TRY(read_varint(directory));
    if (id <= previous_id || id > UINT32_MAX || codec_number > kSectionZstd)
      return fail(data_loss("event block: bad directory entry"));
    previous_id = id;
    entry.id = static_cast<uint32_t>(id);
    entry.codec = static_cast<uint8_t>(codec_number);
    const uint64_t stored = TRY(read_varint(directory));
    entry.raw = TRY(read_varint(directory));
    if (entry.raw > kMaxSectionBytes) return fail(data_loss("event block: section larger than 256 MiB"));
    if (reader.sealed_) entry.crc = load_le<uint32_t>(TRY(read_bytes(directory, 4)).data());
    entry.stored = TRY(read_bytes(rest, stored));
    if (entry.codec == kSectionRaw && entry.stored.size() != entry.raw)
      return fail(data_loss("event block: section lengths disagree"));
  }
  if (!directory.empty() || !rest.empty()) return fail(data_loss("event block: bytes after the last section"));
  return reader;
}

Result<std::string_view> SectionReader::section(uint32_t id) {
  const auto it = std::lower_bound(entries_.begin(), entries_.end(), id,
                                   [](const Entry& e, uint32_t wanted) { return e.id < wanted; });
  if (it == entries_.end() || it->id != id) return std::string_view{};
  if (!it->ready) {
    if (sealed_ && codec::crc32c(it->stored) != it->crc)
      return fail(data_loss("event block: checksum mismatch in section " + std::to_string(id)));
    if (it->codec == kSectionZstd) {
      it->inflated = std::make_unique<std::string>();
      // Data loss, whatever the codec calls it: this is no argument of the caller's.
      if (auto result = codec::decompress(codec::Codec::kZstd, it->stored, it->raw, *it->inflated); !result) {
        return fail(data_loss("event block: section " + std::to_string(id) + ": " + result.error().message()));
      }
      if (it->inflated->size() != it->raw)
        return fail(data_loss("event block: section " + std::to_string(id) + " inflates to another length"));
    }
    bytes_read_ += it->stored.size();
    it->ready = true;
  }
  return it->inflated ? std::string_view(*it->inflated) : it->stored;
}

}  // namespace tercet::wire
