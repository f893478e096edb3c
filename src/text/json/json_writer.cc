#include "text/json/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/check.h"
#include "text/json/utf8.h"

namespace tercet::text {

namespace {

// What a byte of a string needs. kPlain bytes are copied in runs; a run ends only at the others.
enum ByteClass : uint8_t { kPlain, kEscaped, kMultiByte };

constexpr std::array<uint8_t, 256> make_classes(bool html) {
  std::array<uint8_t, 256> classes{};
  for (size_t i = 0; i < 0x20; ++i) classes[i] = kEscaped;
  for (size_t i = 0x80; i < 0x100; ++i) classes[i] = kMultiByte;
  classes['"'] = classes['\\'] = kEscaped;
  if (html) classes['<'] = classes['>'] = classes['&'] = kEscaped;
  return classes;
}

constexpr auto kJsonClasses = make_classes(false);
constexpr auto kHtmlClasses = make_classes(true);

void append_escape(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const auto byte = static_cast<uint8_t>(c);
  out += {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]};
}

bool is_line_separator(const char* at, int bytes) {
  return bytes == 3 && std::string_view(at, 2) == "\xE2\x80" && (at[2] == '\xA8' || at[2] == '\xA9');
}

}  // namespace

void append_json_string(std::string& out, std::string_view text, JsonEscape escape) {
  const bool html = escape == JsonEscape::kHtml;
  const auto& classes = html ? kHtmlClasses : kJsonClasses;
  out += '"';
  const char* at = text.data();
  const char* const end = at + text.size();
  const char* run = at;
  const auto flush = [&] { out.append(run, static_cast<size_t>(at - run)); };
  while (at != end) {
    const uint8_t kind = classes[static_cast<uint8_t>(*at)];
    if (kind == kPlain) [[likely]] {
      ++at;
      continue;
    }
    if (kind == kEscaped) {
      flush();
      append_escape(out, *at);
      run = ++at;
      continue;
    }
    const int bytes = utf8_length(at, end);
    if (bytes > 0 && !(html && is_line_separator(at, bytes))) {
      at += bytes;
      continue;
    }
    flush();
    out += bytes < 0 ? "\xEF\xBF\xBD" : at[2] == '\xA8' ? "\\u2028" : "\\u2029";
    at += std::abs(bytes);
    run = at;
  }
  flush();
  out += '"';
}

JsonWriter& JsonWriter::key(std::string_view name) {
  DCHECK(!levels_.empty() && levels_.back() == kObject && !after_key_);
  if (after_value_) out_ += ',';
  append_json_string(out_, name, escape_);
  out_ += ':';
  after_value_ = false;
  after_key_ = true;
  return *this;
}

void JsonWriter::before_value() {
  DCHECK(levels_.empty() ? !after_value_ : (levels_.back() == kObject) == after_key_);
  if (after_value_) out_ += ',';
  after_value_ = true;
  after_key_ = false;
}

JsonWriter& JsonWriter::begin(char bracket, char level) {
  before_value();
  out_ += bracket;
  levels_ += level;
  after_value_ = false;
  return *this;
}

JsonWriter& JsonWriter::end(char bracket, [[maybe_unused]] char level) {
  DCHECK(!levels_.empty() && levels_.back() == level && !after_key_);
  if (!levels_.empty()) levels_.pop_back();
  out_ += bracket;
  after_value_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  before_value();
  append_json_string(out_, text, escape_);
  return *this;
}

JsonWriter& JsonWriter::value(bool truth) { return raw(truth ? "true" : "false"); }

JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  before_value();
  out_ += json;
  return *this;
}

JsonWriter& JsonWriter::value(long number) {
  char digits[24];
  const auto result = std::to_chars(digits, digits + sizeof(digits), number);
  return raw({digits, result.ptr});
}

JsonWriter& JsonWriter::value(unsigned long number) {
  char digits[24];
  const auto result = std::to_chars(digits, digits + sizeof(digits), number);
  return raw({digits, result.ptr});
}

JsonWriter& JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  char digits[32];
  const auto result = std::to_chars(digits, digits + sizeof(digits), number);
  return raw({digits, result.ptr});
}

JsonWriter& JsonWriter::proto_double(double number) {
  if (std::isnan(number)) return raw("\"NaN\"");
  if (std::isinf(number)) return raw(number < 0 ? "\"-Infinity\"" : "\"Infinity\"");
  return value(number);
}

JsonWriter& JsonWriter::quoted_int(int64_t number) {
  char digits[24] = {'"'};
  const auto result = std::to_chars(digits + 1, digits + sizeof(digits), number);
  *result.ptr = '"';
  return raw({digits, result.ptr + 1});
}

JsonWriter& JsonWriter::quoted_int(uint64_t number) {
  char digits[24] = {'"'};
  const auto result = std::to_chars(digits + 1, digits + sizeof(digits), number);
  *result.ptr = '"';
  return raw({digits, result.ptr + 1});
}

}  // namespace tercet::text
