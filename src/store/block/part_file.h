// Immutable part files: blobs behind one another and a footer that finds them (docs/formats/part.md).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/file_system.h"

namespace tercet::store {

struct Blob {
  uint64_t kind = 0;
  uint64_t offset = 0;
  uint64_t length = 0;
  uint32_t crc = 0;
};

/// Writes one part. Nothing names it until the manifest does, so an abandoned writer leaves a file to be swept.
class PartWriter {
 public:
  static Result<PartWriter> create(io::FileSystem& files, std::string path);
  Result<> add(uint64_t kind, std::string_view bytes);
  /// Writes the footer and syncs file and folder. Returns the file's length.
  Result<uint64_t> finish(std::string_view info);

 private:
  PartWriter() = default;
  Result<> write(std::string_view bytes);

  io::FileSystem* files_ = nullptr;
  std::string path_;
  std::unique_ptr<io::File> file_;
  uint64_t at_ = 0;
  std::vector<Blob> blobs_;
};

/// An open part. Immutable and shared by scans; the map lives as long as the reader, even when the file is deleted.
class PartReader {
 public:
  static Result<PartReader> open(io::FileSystem& files, const std::string& path);

  const std::vector<Blob>& blobs() const { return blobs_; }
  std::string_view bytes(const Blob& blob) const { return data().substr(blob.offset, blob.length); }
  std::string_view info() const { return info_; }
  uint64_t file_bytes() const { return data().size(); }
  /// Checks every blob's checksum.
  Result<> verify() const;

 private:
  PartReader() = default;
  std::string_view data() const { return map_->bytes(); }

  std::unique_ptr<io::MappedFile> map_;
  std::vector<Blob> blobs_;
  std::string_view info_;
};

}  // namespace tercet::store
