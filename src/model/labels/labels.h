// Label sets as metrics have them: pairs sorted by name, names unique, an empty value means "not there".
// canonical() is the identity of a series: equal sets give equal bytes (varint lengths, then bytes, by name).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/arena.h"
#include "base/result.h"

namespace tercet::model {

struct Label {
  std::string_view name;
  std::string_view value;
  auto operator<=>(const Label&) const = default;
};

/// Sorts by name and drops empty values; the error names a duplicate label.
Result<> canonicalize(std::vector<Label>& labels);

/// Appends the canonical bytes of sorted labels.
void append_canonical(std::string& out, std::span<const Label> labels);
/// Views into `bytes`; the error when the bytes are no canonical label set.
Result<std::vector<Label>> parse_canonical(std::string_view bytes);

/// Strings to dense ids and back. Not thread-safe. Views given out live as long as the table.
class SymbolTable {
 public:
  uint32_t intern(std::string_view text);
  std::string_view at(uint32_t id) const { return by_id_[id]; }
  uint32_t size() const { return static_cast<uint32_t>(by_id_.size()); }
  /// Bytes held, roughly (for the accountant).
  size_t footprint() const { return arena_.footprint() + by_id_.size() * 64; }

 private:
  Arena arena_;
  std::vector<std::string_view> by_id_;
  std::unordered_map<std::string_view, uint32_t> ids_;
};

}  // namespace tercet::model
