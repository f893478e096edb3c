// The tree's accessors and the scalars of YAML 1.2's core schema (chapter 10.3.2 of the specification).
#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <optional>

#include "text/yaml/yaml.h"
#include "text/yaml/yaml_source.h"
#include "text/yaml/yaml_tree.h"

namespace tercet::text {

namespace {

constexpr size_t kShownBytes = 40;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_true(std::string_view text) { return is_one_of(text, {"true", "True", "TRUE"}); }
bool is_false(std::string_view text) { return is_one_of(text, {"false", "False", "FALSE"}); }

size_t skip_digits(std::string_view text, size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

size_t skip_sign(std::string_view text) { return text.starts_with('-') || text.starts_with('+') ? 1 : 0; }

/// Base 10, 8 or 16; 0 when the text is no integer.
int integer_base(std::string_view text) {
  const auto all = [&](std::string_view digits) {
    return text.size() > 2 && text.find_first_not_of(digits, 2) == std::string_view::npos;
  };
  if (text.starts_with("0x")) return all("0123456789abcdefABCDEF") ? 16 : 0;
  if (text.starts_with("0o")) return all("01234567") ? 8 : 0;
  const size_t start = skip_sign(text);
  return start < text.size() && skip_digits(text, start) == text.size() ? 10 : 0;
}

std::optional<double> special_float(std::string_view text) {
  if (is_one_of(text, {".nan", ".NaN", ".NAN"})) return std::numeric_limits<double>::quiet_NaN();
  const size_t sign = skip_sign(text);
  if (!is_one_of(text.substr(sign), {".inf", ".Inf", ".INF"})) return std::nullopt;
  const double infinity = std::numeric_limits<double>::infinity();
  return text.front() == '-' ? -infinity : infinity;
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_decimal(std::string_view text) {
  size_t at = skip_sign(text);
  const size_t whole_end = skip_digits(text, at);
  bool digits = whole_end > at;
  at = whole_end;
  if (at < text.size() && text[at] == '.') {
    const size_t end = skip_digits(text, at + 1);
    digits |= end > at + 1;
    at = end;
  }
  if (!digits) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    at += skip_sign(text.substr(at));
    const size_t end = skip_digits(text, at);
    if (end == at) return false;
    at = end;
  }
  return at == text.size();
}

template <typename T>
std::optional<T> read_integer(std::string_view text, int base) {
  const size_t skip = base != 10 ? 2 : text.starts_with('+') ? 1 : 0;
  T value = 0;
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data() + skip, end, value, base);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

/// What a node is, for "expected …, found …".
std::string found(const YamlNode& node) {
  switch (node.kind()) {
    case YamlKind::kNull: return "nothing";
    case YamlKind::kSequence: return "a list";
    case YamlKind::kMap: return "a map";
    case YamlKind::kScalar: break;
  }
  std::string_view text = node.text();
  if (text.size() > kShownBytes) {
    size_t end = kShownBytes;
    while ((text[end] & 0xC0) == 0x80) --end;
    return (node.quoted() ? "the string \"" : "\"") + std::string(text.substr(0, end)) + "...\"";
  }
  return (node.quoted() ? "the string \"" : "\"") + std::string(text) + "\"";
}

std::unexpected<Error> expected(const YamlNode& node, std::string_view what) {
  return fail(node.error("expected " + std::string(what) + ", found " + found(node)));
}

const std::shared_ptr<const YamlNode::Data>& no_data() {
  static const auto kNone = [] {
    auto data = std::make_shared<YamlNode::Data>();
    data->file = std::make_shared<const std::string>();
    return std::shared_ptr<const YamlNode::Data>(std::move(data));
  }();
  return kNone;
}

}  // namespace

YamlNode::YamlNode() : data_(no_data()) {}

YamlKind YamlNode::kind() const { return data_->kind; }
const std::string& YamlNode::text() const { return data_->text; }
bool YamlNode::quoted() const { return data_->quoted; }
YamlPosition YamlNode::at() const { return data_->at; }
std::span<const YamlNode> YamlNode::items() const { return data_->items; }
std::span<const YamlEntry> YamlNode::entries() const { return data_->entries; }

const YamlEntry* YamlNode::find_entry(std::string_view key) const {
  for (const YamlEntry& entry : data_->entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

const YamlNode* YamlNode::find(std::string_view key) const {
  const YamlEntry* entry = find_entry(key);
  return entry != nullptr ? &entry->value : nullptr;
}

YamlScalarType YamlNode::scalar_type() const {
  if (kind() != YamlKind::kScalar || quoted()) return YamlScalarType::kString;
  if (is_true(text()) || is_false(text())) return YamlScalarType::kBool;
  if (integer_base(text()) != 0) return YamlScalarType::kInt;
  if (is_decimal(text()) || special_float(text())) return YamlScalarType::kFloat;
  return YamlScalarType::kString;
}

Result<bool> YamlNode::as_bool() const {
  if (scalar_type() != YamlScalarType::kBool) return expected(*this, "true or false");
  return is_true(text());
}

Result<int64_t> YamlNode::as_int() const {
  if (scalar_type() != YamlScalarType::kInt) return expected(*this, "a whole number");
  const auto value = read_integer<int64_t>(text(), integer_base(text()));
  if (!value) return expected(*this, "a whole number of 64 bits");
  return *value;
}

Result<double> YamlNode::as_double() const {
  const YamlScalarType type = scalar_type();
  if (type != YamlScalarType::kInt && type != YamlScalarType::kFloat) return expected(*this, "a number");
  if (const auto special = special_float(text())) return *special;
  if (const int base = integer_base(text()); base == 8 || base == 16) {
    const auto value = read_integer<uint64_t>(text(), base);
    if (!value) return expected(*this, "a number of 64 bits");
    return static_cast<double>(*value);
  }
  const char* const end = text().data() + text().size();
  double value = 0;
  const auto result = std::from_chars(text().data() + (text().starts_with('+') ? 1 : 0), end, value);
  if (result.ec != std::errc() || result.ptr != end || std::isinf(value)) {
    return expected(*this, "a number in the range of a double");
  }
  return value;
}

Result<std::string_view> YamlNode::as_string() const {
  if (kind() != YamlKind::kScalar) return expected(*this, "a string");
  return std::string_view(text());
}

Error YamlNode::error(std::string_view message) const {
  return invalid_argument(located(*data_->file, data_->at, message));
}

Error YamlEntry::key_error(std::string_view message) const {
  return invalid_argument(located(*value.data().file, key_at, message));
}

}  // namespace tercet::text
