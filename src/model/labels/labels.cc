#include "model/labels/labels.h"

#include <algorithm>

namespace tercet::model {

namespace {

// model sees only base, so it has its own few lines of LEB128 (codec has the fast ones).
void append_length(std::string& out, size_t n) {
  while (n >= 0x80) {
    out.push_back(static_cast<char>(n | 0x80));
    n >>= 7;
  }
  out.push_back(static_cast<char>(n));
}

Result<std::string_view> take_text(std::string_view& in) {
  uint64_t n = 0;
  for (int shift = 0;; shift += 7) {
    if (in.empty() || shift > 28) return fail(data_loss("canonical labels: bad length"));
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    n |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  if (n > in.size()) return fail(data_loss("canonical labels: length beyond the end"));
  const std::string_view text = in.substr(0, n);
  in.remove_prefix(n);
  return text;
}

}  // namespace

Result<> canonicalize(std::vector<Label>& labels) {
  std::erase_if(labels, [](const Label& l) { return l.value.empty(); });
  std::sort(labels.begin(), labels.end());
  for (size_t i = 1; i < labels.size(); ++i) {
    if (labels[i].name == labels[i - 1].name)
      return fail(invalid_argument("label \"" + std::string(labels[i].name) + "\" stands twice"));
  }
  return {};
}

void append_canonical(std::string& out, std::span<const Label> labels) {
  for (const Label& l : labels) {
    append_length(out, l.name.size());
    out.append(l.name);
    append_length(out, l.value.size());
    out.append(l.value);
  }
}

Result<std::vector<Label>> parse_canonical(std::string_view bytes) {
  std::vector<Label> labels;
  while (!bytes.empty()) {
    const std::string_view name = TRY(take_text(bytes));
    const std::string_view value = TRY(take_text(bytes));
    if (value.empty() || (!labels.empty() && labels.back().name >= name))
      return fail(data_loss("canonical labels: not in canonical order"));
    labels.push_back({name, value});
  }
  return labels;
}

uint32_t SymbolTable::intern(std::string_view text) {
  if (const auto it = ids_.find(text); it != ids_.end()) return it->second;
  const std::string_view owned = arena_.copy(text);
  const auto id = static_cast<uint32_t>(by_id_.size());
  by_id_.push_back(owned);
  ids_.emplace(owned, id);
  return id;
}

}  // namespace tercet::model
