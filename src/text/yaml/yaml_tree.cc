#include "text/yaml/yaml_tree.h"

#include <algorithm>
#include <unordered_set>

#include "base/check.h"
#include "text/yaml/yaml_source.h"

namespace tercet::text {

namespace {

// Maps below this size are compared pair by pair; above, a sorted index is cheaper.
constexpr size_t kPairwiseEntries = 16;
constexpr size_t kShownBytes = 40;

// A key for a message. Cut between characters.
std::string shown(std::string_view key) {
  if (key.size() <= kShownBytes) return '"' + std::string(key) + '"';
  size_t end = kShownBytes;
  while ((key[end] & 0xC0) == 0x80) --end;
  return '"' + std::string(key.substr(0, end)) + "...\"";
}

/// Indices of two entries of one key, of which the second comes first in the file.
std::optional<std::pair<size_t, size_t>> find_duplicate(const std::vector<YamlEntry>& entries) {
  if (entries.size() <= kPairwiseEntries) {
    for (size_t second = 1; second < entries.size(); ++second) {
      for (size_t first = 0; first < second; ++first) {
        if (entries[first].key == entries[second].key) return std::pair(first, second);
      }
    }
    return std::nullopt;
  }
  std::vector<size_t> order(entries.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const int by_key = entries[a].key.compare(entries[b].key);
    return by_key != 0 ? by_key < 0 : a < b;
  });
  std::optional<std::pair<size_t, size_t>> found;
  for (size_t i = 1; i < order.size(); ++i) {
    if (entries[order[i - 1]].key != entries[order[i]].key) continue;
    if (!found || order[i] < found->second) found = std::pair(order[i - 1], order[i]);
  }
  return found;
}

}  // namespace

void YamlTreeBuilder::refuse(YamlPosition at, std::string_view message) {
  if (!failure_) failure_ = invalid_argument(located(*file_, at, message));
}

void YamlTreeBuilder::refuse_key(YamlPosition at) {
  if (failure_) return;
  refused_key_ = true;
  refuse(at, "a sequence or a map cannot be a key");
}

void YamlTreeBuilder::refuse_limit(YamlPosition at, std::string_view what, size_t limit) {
  if (failure_) return;
  failure_ = resource_exhausted(located(*file_, at, "more than " + std::to_string(limit) + " " + std::string(what)));
}

bool YamlTreeBuilder::charge(YamlPosition at, size_t nodes, size_t text_bytes) {
  nodes_ += nodes;
  text_bytes_ += text_bytes;
  if (nodes_ > limits_.max_nodes) {
    refuse_limit(at, "nodes with all aliases expanded", limits_.max_nodes);
  } else if (text_bytes_ > limits_.max_text_bytes) {
    refuse_limit(at, "bytes of text with all aliases expanded", limits_.max_text_bytes);
  }
  return !failure_;
}

void YamlTreeBuilder::begin_document() {
  open_.clear();
  anchors_.clear();
  anchor_finished_.clear();
}

std::optional<YamlPosition> YamlTreeBuilder::pending_key() const {
  if (open_.empty() || !open_.back().has_key) return std::nullopt;
  return open_.back().pending.key_at;
}

void YamlTreeBuilder::null(YamlPosition at, size_t anchor) {
  if (failure_ || !charge(at, 1, 0)) return;
  YamlNode::Data data;
  data.at = at;
  finish(std::move(data), anchor);
}

void YamlTreeBuilder::scalar(YamlPosition at, size_t anchor, std::string text, bool quoted) {
  if (failure_ || !charge(at, 1, text.size())) return;
  YamlNode::Data data;
  data.kind = YamlKind::kScalar;
  data.at = at;
  data.quoted = quoted;
  data.text_bytes = text.size();
  data.text = std::move(text);
  finish(std::move(data), anchor);
}

void YamlTreeBuilder::alias(YamlPosition at, size_t anchor) {
  if (failure_) return;
  if (anchor >= anchors_.size() || !anchor_finished_[anchor]) {
    return refuse(at, "the alias stands inside the node that it stands for");
  }
  const YamlNode node = anchors_[anchor];
  if (open_.size() + node.data().height > limits_.max_depth) {
    return refuse_limit(at, "sequences and maps inside one another", limits_.max_depth);
  }
  if (charge(at, node.data().nodes, node.data().text_bytes)) place(node);
}

void YamlTreeBuilder::begin(YamlKind kind, YamlPosition at, size_t anchor) {
  if (failure_ || !charge(at, 1, 0)) return;
  if (open_.size() >= limits_.max_depth) {
    return refuse_limit(at, "sequences and maps inside one another", limits_.max_depth);
  }
  if (!open_.empty() && open_.back().data.kind == YamlKind::kMap && !open_.back().has_key) {
    return refuse_key(at);
  }
  open_.emplace_back();
  open_.back().data.kind = kind;
  open_.back().data.at = at;
  open_.back().anchor = anchor;
}

void YamlTreeBuilder::end() {
  if (failure_) return;
  DCHECK(!open_.empty());
  Open open = std::move(open_.back());
  open_.pop_back();
  YamlNode::Data& data = open.data;
  if (data.kind == YamlKind::kMap) {
    if (refuse_duplicates(data.entries)) return;
    apply_merges(open);
  }
  const auto add = [&](const YamlNode::Data& child) {
    data.nodes += child.nodes;
    data.text_bytes += child.text_bytes;
    data.height = std::max(data.height, child.height);
  };
  for (const YamlNode& item : data.items) add(item.data());
  for (const YamlEntry& entry : data.entries) {
    data.text_bytes += entry.key.size();
    add(entry.value.data());
  }
  ++data.height;
  finish(std::move(data), open.anchor);
}

void YamlTreeBuilder::finish(YamlNode::Data data, size_t anchor) {
  data.file = file_;
  const YamlNode node(std::make_shared<const YamlNode::Data>(std::move(data)));
  if (anchor != 0) {
    if (anchor >= anchors_.size()) {
      anchors_.resize(anchor + 1);
      anchor_finished_.resize(anchor + 1, false);
    }
    anchors_[anchor] = node;
    anchor_finished_[anchor] = true;
  }
  place(node);
}

void YamlTreeBuilder::place(const YamlNode& node) {
  if (open_.empty()) {
    documents_.push_back(node);
    return;
  }
  Open& open = open_.back();
  if (open.data.kind == YamlKind::kSequence) {
    open.data.items.push_back(node);
  } else if (!open.has_key) {
    place_key(open, node);
  } else {
    open.has_key = false;
    if (open.merges) return take_merge(open, node);
    open.pending.value = node;
    open.data.entries.push_back(std::move(open.pending));
    open.pending = YamlEntry();
  }
}

void YamlTreeBuilder::place_key(Open& open, const YamlNode& node) {
  switch (node.kind()) {
    case YamlKind::kScalar: break;
    case YamlKind::kNull: return refuse(node.at(), "a key is missing, or is null; a key called null needs quotes");
    case YamlKind::kSequence:
    case YamlKind::kMap: return refuse_key(node.at());
  }
  open.has_key = true;
  open.merges = node.text() == "<<" && !node.quoted();
  open.pending.key = node.text();
  open.pending.key_at = node.at();
  open.pending.key_quoted = node.quoted();
  if (!open.merges) return;
  if (open.merge_at) {
    const YamlPosition first = *open.merge_at;
    return refuse(node.at(), "the key \"<<\" stands twice in one map, first at " + std::to_string(first.line) + ":" +
                                 std::to_string(first.column) + "; merge several maps with a list");
  }
  open.merge_at = node.at();
}

void YamlTreeBuilder::take_merge(Open& open, const YamlNode& node) {
  constexpr std::string_view kExpected = "\"<<\" merges a map or a list of maps";
  if (node.kind() == YamlKind::kMap) {
    open.merged.push_back(node);
    return;
  }
  if (node.kind() != YamlKind::kSequence) return refuse(node.at(), kExpected);
  for (const YamlNode& item : node.items()) {
    if (item.kind() != YamlKind::kMap) return refuse(item.at(), kExpected);
    open.merged.push_back(item);
  }
}

bool YamlTreeBuilder::refuse_duplicates(const std::vector<YamlEntry>& entries) {
  const auto twice = find_duplicate(entries);
  if (!twice) return false;
  const YamlEntry& second = entries[twice->second];
  const YamlPosition first = entries[twice->first].key_at;
  refuse(second.key_at, "the key " + shown(second.key) + " stands twice in one map, first at " +
                            std::to_string(first.line) + ":" + std::to_string(first.column));
  return true;
}

// Keys of the map itself win over merged ones, earlier sources over later ones. A source has had its own merges
// applied.
void YamlTreeBuilder::apply_merges(Open& open) {
  if (open.merged.empty()) return;
  std::vector<YamlEntry>& entries = open.data.entries;
  size_t most = entries.size();
  for (const YamlNode& source : open.merged) most += source.entries().size();
  entries.reserve(most);  // the views in `known` point into the entries
  std::unordered_set<std::string_view> known;
  for (const YamlEntry& entry : entries) known.insert(entry.key);
  for (const YamlNode& source : open.merged) {
    for (const YamlEntry& entry : source.entries()) {
      if (known.contains(entry.key)) continue;
      entries.push_back(entry);
      known.insert(entries.back().key);
    }
  }
}

}  // namespace tercet::text
