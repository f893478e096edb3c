// The two column forms of an event block, and the string dictionary that the writer builds them with.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tercet::wire {

/// Distinct strings in order of first appearance. Open addressing over xxh3; strings are borrowed.
class StringDictionary {
 public:
  uint32_t intern(std::string_view text);
  const std::vector<std::string_view>& strings() const { return strings_; }
  void clear();

 private:
  void grow();

  std::vector<std::string_view> strings_;
  std::vector<uint64_t> hashes_;
  std::vector<uint32_t> slots_;  // index + 1, 0 = free
};

class StringColumnWriter {
 public:
  void add(std::string_view text) { ids_.push_back(dictionary_.intern(text)); }
  void finish(std::string& out) const;
  /// The same behind its own length, for a section that goes on after it.
  void finish_framed(std::string& out) const;

 private:
  StringDictionary dictionary_;
  std::vector<uint64_t> ids_;
};

/// A decoded string column; strings borrow from the section's bytes.
struct StringColumn {
  std::vector<std::string_view> strings;
  std::vector<uint32_t> ids;  // one a value

  std::string_view at(size_t i) const { return strings[ids[i]]; }
  size_t size() const { return ids.size(); }
};

/// Takes one u64 column of exactly `count` values off `in`.
Result<std::vector<uint64_t>> read_u64_column(std::string_view& in, size_t count);
/// Takes one string column of exactly `count` values off `in`.
Result<StringColumn> read_string_column(std::string_view& in, size_t count);

/// The same for finish_framed().
Result<StringColumn> read_framed_string_column(std::string_view& in, size_t count);

/// Varints with the block's error.
Result<uint64_t> read_varint(std::string_view& in);
Result<std::string_view> read_bytes(std::string_view& in, uint64_t size);
void write_text(std::string& out, std::string_view text);

}  // namespace tercet::wire
