#include "store/block/part_file.h"

#include <cstring>

#include "base/bytes.h"
#include "codec/crc32c.h"
#include "codec/varint.h"
#include "store/block/part_format.h"

namespace tercet::store {

Result<PartWriter> PartWriter::create(io::FileSystem& files, std::string path) {
  PartWriter writer;
  writer.files_ = &files;
  writer.file_ = TRY(files.create(path));
  writer.path_ = std::move(path);
  std::string header(kPartMagic, sizeof kPartMagic);
  header.push_back(static_cast<char>(kPartVersion));
  header.resize(kPartHeaderBytes, '\0');
  TRY(writer.write(header));
  return writer;
}

Result<> PartWriter::write(std::string_view bytes) {
  TRY(file_->write_at(at_, bytes));
  at_ += bytes.size();
  return {};
}

Result<> PartWriter::add(uint64_t kind, std::string_view bytes) {
  if (const size_t over = at_ % kBlobAlignment; over != 0) TRY(write(std::string(kBlobAlignment - over, '\0')));
  blobs_.push_back({kind, at_, bytes.size(), codec::crc32c(bytes)});
  return write(bytes);
}

Result<uint64_t> PartWriter::finish(std::string_view info) {
  std::string footer;
  codec::append_varint(footer, blobs_.size());
  for (const Blob& blob : blobs_) {
    codec::append_varint(footer, blob.kind);
    codec::append_varint(footer, blob.offset);
    codec::append_varint(footer, blob.length);
    append_le(footer, blob.crc);
  }
  codec::append_varint(footer, info.size());
  footer.append(info);
  const auto length = static_cast<uint32_t>(footer.size());
  const uint32_t crc = codec::crc32c(footer);
  append_le(footer, length);
  append_le(footer, crc);
  footer.append(kPartEnd, sizeof kPartEnd);
  TRY(write(footer));
  TRY(file_->sync_data());
  file_.reset();
  TRY(files_->sync_dir(io::parent_of(path_)));
  return at_;
}

namespace {

Result<uint64_t> number(std::string_view& in) {
  uint64_t value = 0;
  if (!codec::take_varint(in, value)) return fail(data_loss("part: truncated footer"));
  return value;
}

Result<Blob> take_blob(std::string_view& in, uint64_t limit) {
  Blob blob;
  blob.kind = TRY(number(in));
  blob.offset = TRY(number(in));
  blob.length = TRY(number(in));
  if (in.size() < 4 || blob.offset > limit || blob.length > limit - blob.offset)
    return fail(data_loss("part: blob lies outside the file"));
  blob.crc = load_le<uint32_t>(in.data());
  in.remove_prefix(4);
  return blob;
}

}  // namespace

Result<PartReader> PartReader::open(io::FileSystem& files, const std::string& path) {
  PartReader reader;
  reader.map_ = TRY(files.map_read(path));
  const std::string_view data = reader.data();
  if (data.size() < kPartHeaderBytes + kPartTrailerBytes)
    return fail(data_loss("part " + path + " is too short: " + std::to_string(data.size()) + " bytes"));
  if (std::memcmp(data.data(), kPartMagic, sizeof kPartMagic) != 0)
    return fail(data_loss("part " + path + ": bad magic"));
  if (static_cast<uint8_t>(data[4]) != kPartVersion) {
    // Not damage: quarantine would hide data that the version which wrote it can read.
    return fail(failed_precondition("part " + path + ": version " + std::to_string(static_cast<uint8_t>(data[4])) +
                                    " is not known here; start the newer tercet that wrote it"));
  }
  const char* trailer = data.data() + data.size() - kPartTrailerBytes;
  const auto length = load_le<uint32_t>(trailer);
  if (std::memcmp(trailer + 8, kPartEnd, sizeof kPartEnd) != 0 ||
      length > data.size() - kPartHeaderBytes - kPartTrailerBytes) {
    return fail(data_loss("part " + path + ": its end is missing"));
  }
  const uint64_t limit = data.size() - kPartTrailerBytes - length;
  std::string_view footer = data.substr(limit, length);
  if (codec::crc32c(footer) != load_le<uint32_t>(trailer + 4))
    return fail(data_loss("part " + path + ": checksum mismatch in the footer"));
  const uint64_t count = TRY_CTX(number(footer), path);
  if (count > footer.size()) return fail(data_loss("part " + path + ": more blobs than bytes"));
  for (uint64_t i = 0; i < count; ++i) reader.blobs_.push_back(TRY_CTX(take_blob(footer, limit), path));
  const uint64_t info = TRY_CTX(number(footer), path);
  if (info != footer.size()) return fail(data_loss("part " + path + ": broken summary"));
  reader.info_ = footer;
  return reader;
}

Result<> PartReader::verify() const {
  for (const Blob& blob : blobs_) {
    if (codec::crc32c(bytes(blob)) != blob.crc)
      return fail(data_loss("part: checksum mismatch in the blob at " + std::to_string(blob.offset)));
  }
  return {};
}

}  // namespace tercet::store
