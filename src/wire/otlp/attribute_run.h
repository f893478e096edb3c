// What both decoders do with strings and with a finished run of attributes.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/bytes.h"
#include "model/events/value.h"

namespace tercet::wire::otlp {

/// Words are read twice where they overlap: cheaper than a byte loop for the short strings that attributes are.
inline bool is_ascii(std::string_view text) {
  constexpr uint64_t kHigh = 0x8080808080808080ULL;
  const char* at = text.data();
  const size_t n = text.size();
  if (n >= 8) {
    uint64_t bits = load_le<uint64_t>(at + n - 8);
    for (size_t i = 0; i + 8 < n; i += 8) bits |= load_le<uint64_t>(at + i);
    return (bits & kHigh) == 0;
  }
  if (n >= 4) return ((load_le<uint32_t>(at) | load_le<uint32_t>(at + n - 4)) & static_cast<uint32_t>(kHigh)) == 0;
  uint8_t bits = 0;
  for (size_t i = 0; i < n; ++i) bits |= static_cast<uint8_t>(at[i]);
  return bits < 0x80;
}

/// `text` when it is well-formed, else a mended copy in `arena`, counted.
std::string_view mended_utf8(std::string_view text, Arena& arena, uint64_t& invalid_utf8);

inline std::string_view checked_utf8(std::string_view text, Arena& arena, uint64_t& invalid_utf8) {
  if (is_ascii(text)) [[likely]]
    return text;
  return mended_utf8(text, arena, invalid_utf8);
}

/// Finds keys that stand twice in a run. Keeps scratch memory between runs.
class DuplicateKeys {
 public:
  /// Each key keeps its first place and takes its last value; returns how many attributes of `run` are left, at its
  /// front. Linear for short runs, n log n for long ones: a sender cannot make it quadratic.
  size_t resolve(model::Attribute* run, size_t count);

 private:
  size_t resolve_long(model::Attribute* run, size_t count);

  std::vector<uint32_t> order_;
};

}  // namespace tercet::wire::otlp
