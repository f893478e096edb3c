// Garbage never crashes the reader; a tree it returns keeps the limits, has no key twice and points into the text.
#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "text/yaml/suggest.h"
#include "text/yaml/yaml.h"

namespace {

using tercet::text::YamlEntry;
using tercet::text::YamlKind;
using tercet::text::YamlNode;

constexpr tercet::text::YamlLimits kLimits{.max_bytes = 1 << 20,
                                           .max_depth = 20,
                                           .max_nodes = 2000,
                                           .max_text_bytes = 10000};

struct Walk {
  size_t lines;
  size_t nodes = 0;
  size_t text_bytes = 0;

  void node(const YamlNode& node, size_t depth) {
    ++nodes;
    text_bytes += node.text().size();
    CHECK(nodes <= kLimits.max_nodes && text_bytes <= kLimits.max_text_bytes);
    CHECK(node.at().line >= 1 && node.at().line <= lines && node.at().column >= 1);
    CHECK(node.kind() == YamlKind::kScalar || node.text().empty());
    if (node.kind() == YamlKind::kSequence || node.kind() == YamlKind::kMap) CHECK(depth < kLimits.max_depth);
    // No reader of scalars may do more than refuse.
    (void)node.as_bool().has_value();
    (void)node.as_int().has_value();
    (void)node.as_double().has_value();
    for (const YamlNode& item : node.items()) this->node(item, depth + 1);
    std::set<std::string> keys;
    for (const YamlEntry& entry : node.entries()) {
      CHECK(keys.insert(entry.key).second);
      CHECK(node.find(entry.key) == &entry.value);
      CHECK(entry.key_at.line >= 1 && entry.key_at.line <= lines);
      constexpr std::string_view kKnown[] = {"receivers", "scrape_interval", "a"};
      (void)tercet::text::suggest(entry.key, kKnown);
      this->node(entry.value, depth + 1);
    }
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto documents = tercet::text::parse_yaml_documents(text, "f.yaml", kLimits);
  const auto one = tercet::text::parse_yaml(text, "f.yaml", kLimits);
  if (!documents) {
    CHECK(documents.error().message().starts_with("f.yaml:"));
    CHECK(!one);
    return 0;
  }
  CHECK(tercet::is_valid_utf8(text));
  CHECK(one.has_value() == (documents->size() <= 1));
  Walk walk{
      1 + static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }))};
  for (const YamlNode& document : *documents) walk.node(document, 0);
  return 0;
}
