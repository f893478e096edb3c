// YAML in: a small immutable tree with positions. yaml-cpp scans; what it lets pass is refused here (keys that stand
// twice, quotes that never close, a second document after the first) and what it ignores is done here (`<<` merges).
// Errors are "file:line:column: what is wrong", one at a time.
//
// Copies of a node share its content, so an alias costs nothing; a tree is safe to read from several threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tercet::text {

/// Both from 1; columns in characters.
struct YamlPosition {
  uint32_t line = 1;
  uint32_t column = 1;
  bool operator==(const YamlPosition&) const = default;
};

enum class YamlKind : uint8_t { kNull, kScalar, kSequence, kMap };
/// What a scalar is by YAML 1.2's core schema. Quoted and block scalars are strings, and so are yes, no, on and off.
enum class YamlScalarType : uint8_t { kString, kBool, kInt, kFloat };

struct YamlEntry;

class YamlNode {
 public:
  /// A null without a place.
  YamlNode();

  YamlKind kind() const;
  bool is_null() const { return kind() == YamlKind::kNull; }
  /// A scalar's text with quotes and escapes resolved; empty for all others.
  const std::string& text() const;
  /// The scalar stood in quotes, was a block scalar, or had the tag !!str: it is a string, whatever it looks like.
  bool quoted() const;
  /// kString for what is no scalar.
  YamlScalarType scalar_type() const;
  /// Where it starts; of an alias's content, where that was written.
  YamlPosition at() const;

  /// Empty when this is no sequence, no map. Merged entries come last, in the order of their sources.
  std::span<const YamlNode> items() const;
  std::span<const YamlEntry> entries() const;
  /// Null when there is none or this is no map. Linear.
  const YamlEntry* find_entry(std::string_view key) const;
  const YamlNode* find(std::string_view key) const;

  /// true, True, TRUE and the three of false. These and the following refuse quoted scalars.
  Result<bool> as_bool() const;
  /// 12, -3, +3, 0x1F, 0o17; a leading zero stays decimal.
  Result<int64_t> as_int() const;
  /// Integers, 1.5, .5, 1e3, .inf, -.inf, .nan.
  Result<double> as_double() const;
  /// Any scalar's text. Valid as long as a copy of the node.
  Result<std::string_view> as_string() const;

  /// kInvalidArgument "file:line:column: message" about this node.
  Error error(std::string_view message) const;

  /// The content; defined inside this module only.
  struct Data;
  explicit YamlNode(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  const Data& data() const { return *data_; }

 private:
  std::shared_ptr<const Data> data_;
};

struct YamlEntry {
  std::string key;
  YamlPosition key_at;
  bool key_quoted = false;
  YamlNode value;

  /// The same about the key.
  Error key_error(std::string_view message) const;
};

struct YamlLimits {
  size_t max_bytes = 16 * 1024 * 1024;       // of the text
  size_t max_depth = 64;                     // sequences and maps inside one another, aliases expanded; at most 400
  size_t max_nodes = 1'000'000;              // aliases expanded
  size_t max_text_bytes = 64 * 1024 * 1024;  // of keys and scalars, aliases expanded
};

/// The one document of a file; null when it holds none. `file_name` stands in the errors. kInvalidArgument when
/// malformed, kResourceExhausted past a limit, which the error names.
Result<YamlNode> parse_yaml(std::string_view text, std::string_view file_name, const YamlLimits& limits = {});
/// All documents of a file, separated by "---"; none when it is empty. The limits count for all together.
Result<std::vector<YamlNode>> parse_yaml_documents(std::string_view text, std::string_view file_name,
                                                   const YamlLimits& limits = {});

}  // namespace tercet::text
