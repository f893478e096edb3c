#include "text/yaml/yaml_source.h"

#include <algorithm>

#include "base/bytes.h"

namespace tercet::text {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_forbidden(char c) {
  const auto byte = static_cast<uint8_t>(c);
  return (byte < ' ' && c != '\t' && c != '\n') || byte == 0x7F;
}

bool starts_character(char c) { return (c & 0xC0) != 0x80; }

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

std::string with_unix_breaks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\r') {
      out += text[at];
      continue;
    }
    out += '\n';
    if (at + 1 < text.size() && text[at + 1] == '\n') ++at;
  }
  return out;
}

/// Offset of the first ill-formed byte; the text has one.
size_t first_ill_formed(std::string_view text) {
  size_t at = 0;
  // Whole lines first: breaks are ASCII, so a line is well-formed by itself or not at all.
  while (true) {
    const size_t end = std::min(text.find('\n', at), text.size());
    if (!is_valid_utf8(text.substr(at, end - at))) break;
    at = end + 1;
  }
  while (true) {
    size_t bytes = 1;
    while (bytes <= 4 && !is_valid_utf8(text.substr(at, bytes))) ++bytes;
    if (bytes > 4) return at;
    at += bytes;
  }
}

std::string code_point_name(char c) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto byte = static_cast<uint8_t>(c);
  return std::string("U+00") + kHex[byte >> 4] + kHex[byte & 15];
}

}  // namespace

std::string located(std::string_view file, YamlPosition at, std::string_view message) {
  std::string out(file);
  if (!out.empty()) out += ':';
  out += std::to_string(at.line) + ":" + std::to_string(at.column) + ": ";
  out += message;
  return out;
}

Result<YamlSource> YamlSource::create(std::string_view text, std::string_view file_name, size_t max_bytes) {
  YamlSource source;
  source.file_ = std::make_shared<const std::string>(file_name);
  if (text.size() > max_bytes) {
    return fail(resource_exhausted(
        located(file_name, {},
                "the text has " + std::to_string(text.size()) + " bytes, the limit is " + std::to_string(max_bytes))));
  }
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  source.text_ = with_unix_breaks(text);
  source.index_lines();
  TRY(source.check_characters());
  return source;
}

void YamlSource::index_lines() {
  line_starts_ = {0};
  for (size_t at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1)) {
    line_starts_.push_back(at + 1);
  }
}

Result<> YamlSource::check_characters() {
  if (!is_valid_utf8(text_)) {
    return fail(invalid_argument(located(*file_, position_of(first_ill_formed(text_)), "the text is no UTF-8")));
  }
  const auto bad = std::find_if(text_.begin(), text_.end(), is_forbidden);
  if (bad == text_.end()) return {};
  return fail(invalid_argument(
      located(*file_, position_of(static_cast<size_t>(bad - text_.begin())),
              "a control character (" + code_point_name(*bad) + "); write it as an escape in double quotes")));
}

YamlPosition YamlSource::position(size_t line, size_t byte) {
  line = std::min(line, line_starts_.size() - 1);
  const size_t start = line_starts_[line];
  const size_t offset = std::min(start + byte, text_.size());
  const auto characters = [&](size_t from, size_t to) {
    const auto at = text_.begin();
    return static_cast<uint32_t>(
        std::count_if(at + static_cast<ptrdiff_t>(from), at + static_cast<ptrdiff_t>(to), starts_character));
  };
  uint32_t column = 0;
  if (line != last_line_) {
    column = 1 + characters(start, offset);
  } else if (offset >= last_offset_) {
    column = last_column_ + characters(last_offset_, offset);
  } else {
    column = last_column_ - characters(offset, last_offset_);
  }
  last_offset_ = offset;
  last_line_ = line;
  last_column_ = column;
  return {static_cast<uint32_t>(line + 1), column};
}

YamlPosition YamlSource::position_of(size_t offset) {
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<size_t>(after - line_starts_.begin()) - 1;
  return position(line, offset - line_starts_[line]);
}

std::string_view YamlSource::line(size_t line) const {
  if (line >= line_starts_.size()) return {};
  const size_t start = line_starts_[line];
  return std::string_view(text_).substr(start, text_.find('\n', start) - start);
}

std::optional<size_t> YamlSource::open_quote(size_t offset) const {
  size_t at = offset;
  // Past the tag and the anchor, with the blanks and comments that may stand between.
  while (at < text_.size() && (is_blank(text_[at]) || text_[at] == '#' || text_[at] == '&' || text_[at] == '!')) {
    if (text_[at] == '#') {
      at = std::min(text_.find('\n', at), text_.size());
    } else if (is_blank(text_[at])) {
      ++at;
    } else {
      while (at < text_.size() && !is_blank(text_[at])) ++at;
    }
  }
  if (at >= text_.size() || (text_[at] != '"' && text_[at] != '\'')) return std::nullopt;
  const size_t quote = at++;
  while (at < text_.size()) {
    if (text_[at] == '\\' && text_[quote] == '"') {
      at += 2;
    } else if (text_[at] != text_[quote]) {
      ++at;
    } else if (text_[quote] == '\'' && at + 1 < text_.size() && text_[at + 1] == '\'') {
      at += 2;
    } else {
      return std::nullopt;
    }
  }
  return quote;
}

}  // namespace tercet::text
