// A YAML text made ready for yaml-cpp, and the places in it. yaml-cpp takes byte 0x04 for the end of the input, guesses
// UTF-16 from zero bytes and counts columns in bytes; after create() none of this can happen unseen.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/yaml/yaml.h"

namespace tercet::text {

/// "file:line:column: message", without the file when it has no name.
std::string located(std::string_view file, YamlPosition at, std::string_view message);

class YamlSource {
 public:
  /// Takes off a byte order mark and makes every line break "\n". Refuses ill-formed UTF-8 and control characters.
  static Result<YamlSource> create(std::string_view text, std::string_view file_name, size_t max_bytes);

  const std::string& text() const { return text_; }
  const std::shared_ptr<const std::string>& file() const { return file_; }

  /// From a line and a byte in it, both from 0. Cheap when each place is near the one before, as a parser's are.
  YamlPosition position(size_t line, size_t byte);
  YamlPosition position_of(size_t offset);

  /// The line's text without its break; empty past the end.
  std::string_view line(size_t line) const;

  /// When a node whose properties or quote start at `offset` is a quoted scalar that no quote closes: the offset of the
  /// opening quote.
  std::optional<size_t> open_quote(size_t offset) const;

 private:
  YamlSource() = default;
  Result<> check_characters();
  void index_lines();

  std::string text_;
  std::shared_ptr<const std::string> file_;
  std::vector<size_t> line_starts_;
  // The last place asked for: columns are counted on from it, else a long line would cost its square.
  size_t last_offset_ = 0;
  size_t last_line_ = 0;
  uint32_t last_column_ = 1;
};

}  // namespace tercet::text
