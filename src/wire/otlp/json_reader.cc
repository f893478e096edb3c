#include "wire/otlp/json_reader.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/bytes.h"
#include "wire/otlp/json_text.h"

namespace tercet::wire::otlp {

namespace ondemand = simdjson::ondemand;

namespace {

/// A step from the document to a value: a key, or an index where key.data() is null.
struct Step {
  std::string_view key;
  size_t index = 0;
};

std::string_view name_of(ondemand::json_type type) {
  switch (type) {
    case ondemand::json_type::array: return "an array";
    case ondemand::json_type::object: return "an object";
    case ondemand::json_type::number: return "a number";
    case ondemand::json_type::string: return "a string";
    case ondemand::json_type::boolean: return "a boolean";
    case ondemand::json_type::null: return "null";
  }
  return "something else";
}

std::string_view without_trailing_space(std::string_view token) {
  const size_t last = token.find_last_not_of(" \t\r\n");
  return token.substr(0, last + 1);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What JSON forbids in a number and the parsers of numbers take: 01, 1. and 1.e5.
bool is_loose_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.size() > 1 && text[0] == '0' && is_digit(text[1])) return true;
  const size_t dot = text.find('.');
  return dot != std::string_view::npos && (dot + 1 == text.size() || !is_digit(text[dot + 1]));
}

std::string_view what_of(IntegerText result) {
  switch (result) {
    case IntegerText::kFraction: return "expected an integer, got a fraction";
    case IntegerText::kOutOfRange: return "out of range";
    default: return "expected an integer, got other text";
  }
}

}  // namespace

struct JsonReader::Impl {
  Impl(std::string_view t, size_t depth, Arena& a, uint64_t& invalid)
      : text(t), max_depth(depth), arena(a), invalid_utf8(invalid) {}

  /// The content of a string token, which starts behind its quote. Nothing when it is malformed.
  std::optional<std::string_view> content(std::string_view rest);

  std::string_view text;
  size_t max_depth;
  Arena& arena;
  uint64_t& invalid_utf8;
  ondemand::parser parser;
  ondemand::document document;
  std::vector<Step> path;
  const char* at = nullptr;  // where the value read last starts
};

std::optional<std::string_view> JsonReader::Impl::content(std::string_view rest) {
  const size_t quote = rest.find('"');
  if (quote == std::string_view::npos) return std::nullopt;
  if (std::memchr(rest.data(), '\\', quote) == nullptr) [[likely]]
    return rest.substr(0, quote);
  size_t end = 0;
  while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2 : 1;
  if (end >= rest.size()) return std::nullopt;
  size_t size = 0;
  char* out = arena.allocate(end, 1);
  const Unescaped result = unescape(rest.substr(0, end), out, size);
  if (result == Unescaped::kMalformed) return std::nullopt;
  if (result == Unescaped::kLoneSurrogate) ++invalid_utf8;
  return std::string_view(out, size);
}

size_t JsonReader::padding() { return simdjson::SIMDJSON_PADDING; }

JsonReader::JsonReader(std::string_view text, size_t max_depth, Arena& arena, uint64_t& invalid_utf8)
    : impl_(std::make_unique<Impl>(text, max_depth, arena, invalid_utf8)) {}

JsonReader::~JsonReader() = default;

bool JsonReader::fail(std::string_view what) {
  if (!failure_.empty()) return false;
  for (const Step& step : impl_->path) {
    if (step.key.data() == nullptr) {
      failure_ += fmt::format("[{}]", step.index);
    } else {
      if (!failure_.empty()) failure_ += '.';
      failure_ += step.key;
    }
  }
  if (!failure_.empty()) failure_ += ": ";
  failure_ += what;
  if (impl_->at != nullptr) failure_ += fmt::format(" (byte {})", impl_->at - impl_->text.data());
  return false;
}

bool JsonReader::document_of(MemberCallback callback, void* context) {
  Impl& in = *impl_;
  // simdjson's depth matters only to its own checks; ours ends long before.
  if (in.parser.allocate(in.text.size(), 64 + 8 * in.max_depth) != simdjson::SUCCESS)
    return fail("no memory for the parser");
  const simdjson::padded_string_view padded(in.text.data(), in.text.size(), in.text.size() + padding());
  if (const auto error = in.parser.iterate(padded).get(in.document)) return fail(simdjson::error_message(error));
  ondemand::value root;
  ondemand::json_type type;
  if (const auto error = in.document.type().get(type)) return fail(simdjson::error_message(error));
  if (type != ondemand::json_type::object) return fail(fmt::format("expected an object, got {}", name_of(type)));
  if (const auto error = in.document.get_value().get(root)) return fail(simdjson::error_message(error));
  if (!members_of(JsonValue(&root), callback, context)) return false;
  // No location is left at the end of the text.
  if (const char* rest; in.document.current_location().get(rest) == simdjson::SUCCESS) {
    in.at = rest;
    return fail("more text after the document");
  }
  return true;
}

bool JsonReader::members_of(JsonValue handle, MemberCallback callback, void* context) {
  Impl& in = *impl_;
  auto& value = *static_cast<ondemand::value*>(handle.value_);
  in.at = value.raw_json_token().data();
  ondemand::json_type type;
  if (const auto error = value.type().get(type)) return fail(simdjson::error_message(error));
  if (type != ondemand::json_type::object) return fail(fmt::format("expected an object, got {}", name_of(type)));
  ondemand::object object;
  if (const auto error = value.get_object().get(object)) return fail(simdjson::error_message(error));
  for (auto item : object) {
    ondemand::field field;
    if (const auto error = std::move(item).get(field)) return fail(simdjson::error_message(error));
    const char* raw = field.key().raw();
    in.at = raw;
    const auto key = in.content({raw, static_cast<size_t>(in.text.data() + in.text.size() - raw)});
    if (!key) return fail("malformed key");
    in.path.push_back({*key});
    JsonValue member(&field.value());
    if (!is_null(member) && (!failure_.empty() || !callback(context, *key, member))) return false;
    in.path.pop_back();
  }
  return true;
}

bool JsonReader::elements_of(JsonValue handle, bool skip_null, ElementCallback callback, void* context) {
  Impl& in = *impl_;
  auto& value = *static_cast<ondemand::value*>(handle.value_);
  in.at = value.raw_json_token().data();
  ondemand::json_type type;
  if (const auto error = value.type().get(type)) return fail(simdjson::error_message(error));
  if (type != ondemand::json_type::array) return fail(fmt::format("expected an array, got {}", name_of(type)));
  ondemand::array array;
  if (const auto error = value.get_array().get(array)) return fail(simdjson::error_message(error));
  in.path.push_back({});
  for (auto item : array) {
    ondemand::value element;
    if (const auto error = std::move(item).get(element)) return fail(simdjson::error_message(error));
    JsonValue next(&element);
    if (!(skip_null && is_null(next)) && (!failure_.empty() || !callback(context, next))) return false;
    ++in.path.back().index;
  }
  in.path.pop_back();
  return true;
}

// Looks at the first letter before it asks: nearly no value is null.
bool JsonReader::is_null(JsonValue handle) {
  auto& value = *static_cast<ondemand::value*>(handle.value_);
  const std::string_view token = value.raw_json_token();
  impl_->at = token.data();
  if (token.empty() || token[0] != 'n') return false;
  bool null = false;
  if (value.is_null().get(null) != simdjson::SUCCESS || !null) fail("malformed value");
  return null;
}

bool JsonReader::read_text(JsonValue handle, std::string_view& out) {
  auto& value = *static_cast<ondemand::value*>(handle.value_);
  const std::string_view token = value.raw_json_token();
  impl_->at = token.data();
  if (!token.starts_with('"')) {
    ondemand::json_type type;
    if (const auto error = value.type().get(type)) return fail(simdjson::error_message(error));
    return fail(fmt::format("expected a string, got {}", name_of(type)));
  }
  const auto content = impl_->content(token.substr(1));
  if (!content) return fail("malformed string");
  out = *content;
  return true;
}

bool JsonReader::read_bytes(JsonValue handle, std::string_view& out) {
  std::string_view text;
  if (!read_text(handle, text)) return false;
  const auto bytes = base64_decode(text);
  if (!bytes) return fail("expected base64");
  out = impl_->arena.copy(*bytes);
  return true;
}

bool JsonReader::read_bool(JsonValue handle, bool& out) {
  auto& value = *static_cast<ondemand::value*>(handle.value_);
  impl_->at = value.raw_json_token().data();
  ondemand::json_type type;
  if (const auto error = value.type().get(type)) return fail(simdjson::error_message(error));
  if (type != ondemand::json_type::boolean) return fail(fmt::format("expected a boolean, got {}", name_of(type)));
  if (value.get_bool().get(out) != simdjson::SUCCESS) return fail("malformed value");
  return true;
}

bool JsonReader::read_number_text(JsonValue handle, std::string_view& out) {
  auto& value = *static_cast<ondemand::value*>(handle.value_);
  const std::string_view token = value.raw_json_token();
  impl_->at = token.data();
  if (token.starts_with('"')) return read_text(handle, out);
  ondemand::json_type type;
  if (const auto error = value.type().get(type)) return fail(simdjson::error_message(error));
  if (type != ondemand::json_type::number) return fail(fmt::format("expected a number, got {}", name_of(type)));
  out = without_trailing_space(token);
  return !is_loose_number(out) || fail("malformed number");
}

bool JsonReader::read_double(JsonValue handle, double& out) {
  std::string_view text;
  if (!read_number_text(handle, text)) return false;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "NaN") {
    out = std::numeric_limits<double>::quiet_NaN();
  } else if (text == "Infinity" || text == "-Infinity") {
    out = text[0] == '-' ? -kInfinity : kInfinity;
  } else {
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, out);
    if (error == std::errc::result_out_of_range) return fail("out of range");
    // from_chars also takes words.
    if (error != std::errc{} || rest != end || !std::isfinite(out)) return fail("expected a number, got other text");
  }
  return true;
}

bool JsonReader::read_i64(JsonValue handle, int64_t& out) {
  std::string_view text;
  if (!read_number_text(handle, text)) return false;
  Integer number;
  const IntegerText result = parse_integer(text, number);
  if (result != IntegerText::kOk) return fail(what_of(result));
  if (number.magnitude > static_cast<uint64_t>(INT64_MAX) + (number.negative ? 1 : 0))
    return fail(what_of(IntegerText::kOutOfRange));
  out = static_cast<int64_t>(number.negative ? 0 - number.magnitude : number.magnitude);
  return true;
}

bool JsonReader::read_u64(JsonValue handle, uint64_t& out) {
  std::string_view text;
  if (!read_number_text(handle, text)) return false;
  Integer number;
  const IntegerText result = parse_integer(text, number);
  if (result != IntegerText::kOk) return fail(what_of(result));
  if (number.negative && number.magnitude != 0) return fail(what_of(IntegerText::kOutOfRange));
  out = number.magnitude;
  return true;
}

bool JsonReader::read_u32(JsonValue handle, uint32_t& out) {
  uint64_t wide = 0;
  if (!read_u64(handle, wide)) return false;
  if (wide > UINT32_MAX) return fail(what_of(IntegerText::kOutOfRange));
  out = static_cast<uint32_t>(wide);
  return true;
}

bool JsonReader::read_enum(JsonValue handle, std::span<const std::string_view> names, uint8_t& out) {
  std::string_view text;
  if (!read_number_text(handle, text)) return false;
  for (size_t i = 0; i < names.size(); ++i) {
    if (text == names[i]) {
      out = static_cast<uint8_t>(i);
      return true;
    }
  }
  Integer number;
  const IntegerText result = parse_integer(text, number);
  if (result == IntegerText::kMalformed) return fail(fmt::format("unknown name {}", text));
  if (result != IntegerText::kOk) return fail(what_of(result));
  if (number.magnitude > static_cast<uint64_t>(INT32_MAX) + (number.negative ? 1 : 0))
    return fail(what_of(IntegerText::kOutOfRange));
  out = static_cast<uint8_t>(number.negative || number.magnitude > UINT8_MAX ? 0 : number.magnitude);
  return true;
}

bool JsonReader::skip(JsonValue handle, size_t depth) {
  auto& value = *static_cast<ondemand::value*>(handle.value_);
  impl_->at = value.raw_json_token().data();
  if (depth > impl_->max_depth) return fail(fmt::format("nested deeper than max_depth ({})", impl_->max_depth));
  ondemand::json_type type;
  if (const auto error = value.type().get(type)) return fail(simdjson::error_message(error));
  if (type == ondemand::json_type::object) {
    return members(handle, [&](std::string_view, JsonValue member) { return skip(member, depth + 1); });
  }
  if (type == ondemand::json_type::array) {
    return elements(handle, [&](JsonValue element) { return skip(element, depth + 1); });
  }
  return true;
}

}  // namespace tercet::wire::otlp
