#include "wire/otlp/attribute_run.h"

#include <algorithm>
#include <string>

namespace tercet::wire::otlp {

namespace {

constexpr size_t kLongRun = 64;

/// Eight bits that differ for most keys that differ.
unsigned fingerprint(std::string_view key) {
  const size_t n = key.size();
  uint64_t bits = n;
  if (n >= 8) {
    bits += load_le<uint64_t>(key.data()) * 3 + load_le<uint64_t>(key.data() + n - 8);
  } else if (n >= 4) {
    bits += static_cast<uint64_t>(load_le<uint32_t>(key.data())) << 32 | load_le<uint32_t>(key.data() + n - 4);
  } else {
    for (const char c : key) bits = bits << 8 | static_cast<uint8_t>(c);
  }
  return static_cast<unsigned>(bits * 0x9E3779B97F4A7C15ULL >> 56);
}

}  // namespace

std::string_view mended_utf8(std::string_view text, Arena& arena, uint64_t& invalid_utf8) {
  if (is_valid_utf8(text)) return text;
  ++invalid_utf8;
  std::string mended;
  append_utf8_lossy(mended, text);
  return arena.copy(mended);
}

size_t DuplicateKeys::resolve(model::Attribute* run, size_t count) {
  if (count > kLongRun) return resolve_long(run, count);
  uint64_t seen[4] = {};
  size_t kept = 0;
  for (size_t i = 0; i < count; ++i) {
    const unsigned print = fingerprint(run[i].key);
    uint64_t& word = seen[print / 64];
    const uint64_t bit = uint64_t{1} << print % 64;
    if ((word & bit) != 0) [[unlikely]] {
      const auto same = std::find_if(run, run + kept, [&](const model::Attribute& a) { return a.key == run[i].key; });
      if (same != run + kept) {
        same->value = run[i].value;
        continue;
      }
    }
    word |= bit;
    if (kept != i) run[kept] = run[i];
    ++kept;
  }
  return kept;
}

size_t DuplicateKeys::resolve_long(model::Attribute* run, size_t count) {
  order_.resize(count);
  for (size_t i = 0; i < count; ++i) order_[i] = static_cast<uint32_t>(i);
  std::sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
    const int compared = run[a].key.compare(run[b].key);
    return compared != 0 ? compared < 0 : a < b;
  });
  // Neighbours of equal key: the first takes the last one's value, the others go.
  constexpr uint32_t kGone = UINT32_MAX;
  std::vector<uint32_t> place(count);
  for (size_t i = 0; i < count;) {
    size_t last = i;
    while (last + 1 < count && run[order_[last + 1]].key == run[order_[i]].key) ++last;
    for (size_t k = i; k <= last; ++k) place[order_[k]] = kGone;
    place[order_[i]] = order_[last];
    i = last + 1;
  }
  size_t kept = 0;
  for (size_t i = 0; i < count; ++i) {
    if (place[i] == kGone) continue;
    // place[i] >= i >= kept, so the value read is not overwritten yet.
    run[kept] = {run[i].key, run[place[i]].value};
    ++kept;
  }
  return kept;
}

}  // namespace tercet::wire::otlp
