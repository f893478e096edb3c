#include "text/json/json_fast.h"

#include <simdjson.h>

#include <optional>
#include <string>
#include <utility>

#include "text/json/json_plain.h"

namespace tercet::text {

namespace {

namespace dom = simdjson::dom;

// simdjson's tree into ours; nothing when it is too deep or has a key twice.
std::optional<JsonValue> convert(const dom::element& element, size_t depth_left);

std::optional<JsonValue> convert(const dom::array& array, size_t depth_left) {
  if (depth_left == 0) return std::nullopt;
  JsonValue::Array items;
  items.reserve(array.size());
  for (const dom::element& element : array) {
    auto item = convert(element, depth_left - 1);
    if (!item) return std::nullopt;
    items.push_back(*std::move(item));
  }
  return JsonValue(std::move(items));
}

std::optional<JsonValue> convert(const dom::object& object, size_t depth_left) {
  if (depth_left == 0) return std::nullopt;
  JsonValue::Object members;
  members.reserve(object.size());
  for (const dom::key_value_pair& field : object) {
    auto value = convert(field.value, depth_left - 1);
    if (!value) return std::nullopt;
    members.push_back({std::string(field.key), *std::move(value)});
  }
  if (find_duplicate(members)) return std::nullopt;
  return JsonValue(std::move(members));
}

std::optional<JsonValue> convert(const dom::element& element, size_t depth_left) {
  switch (element.type()) {
    case dom::element_type::NULL_VALUE: return JsonValue();
    case dom::element_type::BOOL: return JsonValue(element.get_bool().value_unsafe());
    case dom::element_type::INT64: return JsonValue(element.get_int64().value_unsafe());
    case dom::element_type::UINT64: return JsonValue(element.get_uint64().value_unsafe());
    case dom::element_type::DOUBLE: return JsonValue(element.get_double().value_unsafe());
    case dom::element_type::STRING: return JsonValue(std::string(element.get_string().value_unsafe()));
    case dom::element_type::ARRAY: return convert(element.get_array().value_unsafe(), depth_left);
    case dom::element_type::OBJECT: return convert(element.get_object().value_unsafe(), depth_left);
  }
  return std::nullopt;
}

}  // namespace

std::expected<JsonValue, FastRefusal> parse_json_fast(std::string_view text, const JsonLimits& limits) {
  simdjson::dom::parser parser;
  dom::element root;
  const simdjson::error_code error = parser.parse(text.data(), text.size()).get(root);
  if (error == simdjson::NUMBER_ERROR || error == simdjson::STRING_ERROR) return std::unexpected(FastRefusal::kBeyond);
  // Deeper than simdjson's own limit, it has not looked at the rest.
  if (error == simdjson::DEPTH_ERROR) return std::unexpected(FastRefusal::kBeyond);
  if (error != simdjson::SUCCESS) return std::unexpected(FastRefusal::kMalformed);
  auto value = convert(root, limits.max_depth);
  if (!value) return std::unexpected(FastRefusal::kOurs);
  return *std::move(value);
}

}  // namespace tercet::text
