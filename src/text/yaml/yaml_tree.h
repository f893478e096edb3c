// Builds the tree of a document from a parser's events: resolves aliases, applies merges, refuses keys that stand
// twice, counts against the limits. After the first failure it ignores what comes, since events cannot be stopped from
// inside. Knows nothing of yaml-cpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "text/yaml/yaml.h"

namespace tercet::text {

struct YamlNode::Data {
  YamlKind kind = YamlKind::kNull;
  bool quoted = false;
  YamlPosition at;
  std::shared_ptr<const std::string> file;
  std::string text;
  std::vector<YamlNode> items;
  std::vector<YamlEntry> entries;
  // Of the whole subtree, aliases expanded: what one more alias to it costs.
  size_t nodes = 1;
  size_t text_bytes = 0;
  size_t height = 0;
};

class YamlTreeBuilder {
 public:
  YamlTreeBuilder(std::shared_ptr<const std::string> file, const YamlLimits& limits)
      : file_(std::move(file)), limits_(limits) {}

  void begin_document();
  /// 0 stands for "no anchor"; anchors are numbered from 1 in each document.
  void null(YamlPosition at, size_t anchor);
  void scalar(YamlPosition at, size_t anchor, std::string text, bool quoted);
  void alias(YamlPosition at, size_t anchor);
  void begin_sequence(YamlPosition at, size_t anchor) { begin(YamlKind::kSequence, at, anchor); }
  void end_sequence() { end(); }
  void begin_map(YamlPosition at, size_t anchor) { begin(YamlKind::kMap, at, anchor); }
  void end_map() { end(); }

  void refuse(YamlPosition at, std::string_view message);
  const std::optional<Error>& failure() const { return failure_; }
  /// The failure is a key that is a sequence or a map.
  bool refused_key() const { return refused_key_; }
  /// Where the key stands whose value comes next.
  std::optional<YamlPosition> pending_key() const;

  std::vector<YamlNode>& documents() { return documents_; }

 private:
  struct Open {
    YamlNode::Data data;
    size_t anchor = 0;
    bool has_key = false;
    bool merges = false;  // the pending key is `<<`
    YamlEntry pending;
    std::optional<YamlPosition> merge_at;
    std::vector<YamlNode> merged;
  };

  void begin(YamlKind kind, YamlPosition at, size_t anchor);
  void end();
  void refuse_limit(YamlPosition at, std::string_view what, size_t limit);
  bool charge(YamlPosition at, size_t nodes, size_t text_bytes);
  void finish(YamlNode::Data data, size_t anchor);
  void place(const YamlNode& node);
  void refuse_key(YamlPosition at);
  void place_key(Open& open, const YamlNode& node);
  void take_merge(Open& open, const YamlNode& node);
  bool refuse_duplicates(const std::vector<YamlEntry>& entries);
  static void apply_merges(Open& open);

  std::shared_ptr<const std::string> file_;
  const YamlLimits& limits_;
  std::vector<Open> open_;
  std::vector<YamlNode> anchors_;  // by number
  std::vector<bool> anchor_finished_;
  std::vector<YamlNode> documents_;
  std::optional<Error> failure_;
  bool refused_key_ = false;
  size_t nodes_ = 0;
  size_t text_bytes_ = 0;
};

}  // namespace tercet::text
