// The outer layer of an event block: header, directory, sections; compression and checksums of sealed blocks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tercet::wire {

class SectionWriter {
 public:
  /// Sections are added in any order; an empty one is left out.
  void add(uint32_t id, std::string bytes);
  /// `sealed`: compresses each section with zstd at `level` where that helps, and adds checksums.
  std::string finish(bool sealed, int level);

 private:
  std::map<uint32_t, std::string> sections_;
};

/// Opens the directory at once and each section when asked for. Views live as long as the reader and the block's bytes.
class SectionReader {
 public:
  SectionReader() = default;
  static Result<SectionReader> open(std::string_view block);

  /// Empty when the block has no such section.
  Result<std::string_view> section(uint32_t id);
  /// Stored bytes of the sections read so far.
  uint64_t bytes_read() const { return bytes_read_; }

 private:
  struct Entry {
    uint32_t id = 0;
    uint8_t codec = 0;
    bool ready = false;  // checked, and inflated where needed
    std::string_view stored;
    uint64_t raw = 0;
    uint32_t crc = 0;
    std::unique_ptr<std::string> inflated;
  };
  bool sealed_ = false;
  std::vector<Entry> entries_;
  uint64_t bytes_read_ = 0;
};

}  // namespace tercet::wire
