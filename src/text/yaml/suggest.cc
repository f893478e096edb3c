#include "text/yaml/suggest.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

namespace tercet::text {

namespace {

constexpr size_t kMaxEdits = 3;

/// Lower case, without what separates words: scrapeInterval, scrape-interval and scrape_interval are one.
std::string folded(std::string_view word) {
  std::string out;
  for (const char c : word) {
    if (c == '_' || c == '-') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  return out;
}

/// Optimal string alignment distance of two short words.
size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> above(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  std::iota(above.begin(), above.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

}  // namespace

std::optional<std::string_view> suggest(std::string_view word, std::span<const std::string_view> candidates) {
  size_t longest = 0;
  for (const std::string_view candidate : candidates) longest = std::max(longest, candidate.size());
  if (word.empty() || word.size() > 2 * longest + kMaxEdits) return std::nullopt;
  const std::string wanted = folded(word);
  const size_t allowed = std::clamp<size_t>(wanted.size() / 3, 1, kMaxEdits);
  std::optional<std::string_view> best;
  size_t best_edits = allowed + 1;
  for (const std::string_view candidate : candidates) {
    const std::string known = folded(candidate);
    const size_t apart = std::max(known.size(), wanted.size()) - std::min(known.size(), wanted.size());
    if (apart >= best_edits || known.empty()) continue;
    const size_t edits = edits_between(wanted, known);
    // Of a short word nothing would be left: "a" is no misspelt "b".
    if (edits < best_edits && edits < known.size()) {
      best_edits = edits;
      best = candidate;
    }
  }
  return best;
}

}  // namespace tercet::text
