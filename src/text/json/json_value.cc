#include "text/json/json_value.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "text/json/json_fast.h"
#include "text/json/json_plain.h"

namespace tercet::text {

namespace {

// 2^63 and 2^64 are doubles; the largest int64_t and uint64_t are not.
constexpr double kTwo63 = 9223372036854775808.0;
constexpr double kTwo64 = 18446744073709551616.0;

}  // namespace

std::string_view describe(JsonKind kind) {
  switch (kind) {
    case JsonKind::kNull: return "null";
    case JsonKind::kBool: return "true or false";
    case JsonKind::kInt64:
    case JsonKind::kUint64:
    case JsonKind::kDouble: return "a number";
    case JsonKind::kString: return "a string";
    case JsonKind::kArray: return "an array";
    case JsonKind::kObject: return "an object";
  }
  return "";
}

// Out of line, as the members of an object are of a type that is complete only behind the class.
JsonValue::JsonValue() = default;
JsonValue::JsonValue(const JsonValue&) = default;
JsonValue::JsonValue(JsonValue&&) noexcept = default;
JsonValue& JsonValue::operator=(const JsonValue&) = default;
JsonValue& JsonValue::operator=(JsonValue&&) noexcept = default;
JsonValue::~JsonValue() = default;
JsonValue::JsonValue(bool truth) : data_(truth) {}
JsonValue::JsonValue(int64_t number) : data_(number) {}
JsonValue::JsonValue(uint64_t number) {
  if (number <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
    data_ = static_cast<int64_t>(number);
  } else {
    data_ = number;
  }
}
JsonValue::JsonValue(int number) : data_(static_cast<int64_t>(number)) {}
JsonValue::JsonValue(double number) : data_(number) {}
JsonValue::JsonValue(std::string text) : data_(std::move(text)) {}
JsonValue::JsonValue(const char* text) : data_(std::string(text)) {}
JsonValue::JsonValue(Array items) : data_(std::move(items)) {}
JsonValue::JsonValue(Object members) : data_(std::move(members)) {}

JsonKind JsonValue::kind() const { return static_cast<JsonKind>(data_.index()); }

std::optional<bool> JsonValue::as_bool() const {
  const bool* truth = std::get_if<bool>(&data_);
  return truth != nullptr ? std::optional(*truth) : std::nullopt;
}

std::optional<std::string_view> JsonValue::as_string() const {
  const std::string* text = std::get_if<std::string>(&data_);
  return text != nullptr ? std::optional<std::string_view>(*text) : std::nullopt;
}

std::optional<int64_t> JsonValue::as_int64() const {
  if (const int64_t* number = std::get_if<int64_t>(&data_)) return *number;
  const double* number = std::get_if<double>(&data_);
  if (number == nullptr || !(*number >= -kTwo63 && *number < kTwo63) || std::trunc(*number) != *number) {
    return std::nullopt;
  }
  return static_cast<int64_t>(*number);
}

std::optional<uint64_t> JsonValue::as_uint64() const {
  if (const uint64_t* number = std::get_if<uint64_t>(&data_)) return *number;
  if (const int64_t* number = std::get_if<int64_t>(&data_)) {
    return *number >= 0 ? std::optional(static_cast<uint64_t>(*number)) : std::nullopt;
  }
  const double* number = std::get_if<double>(&data_);
  if (number == nullptr || !(*number >= 0 && *number < kTwo64) || std::trunc(*number) != *number) return std::nullopt;
  return static_cast<uint64_t>(*number);
}

std::optional<double> JsonValue::as_double() const {
  if (const double* number = std::get_if<double>(&data_)) return *number;
  if (const int64_t* number = std::get_if<int64_t>(&data_)) return static_cast<double>(*number);
  if (const uint64_t* number = std::get_if<uint64_t>(&data_)) return static_cast<double>(*number);
  return std::nullopt;
}

std::span<const JsonValue> JsonValue::items() const {
  const Array* items = std::get_if<Array>(&data_);
  return items != nullptr ? std::span<const JsonValue>(*items) : std::span<const JsonValue>();
}

std::span<const JsonMember> JsonValue::members() const {
  const Object* members = std::get_if<Object>(&data_);
  return members != nullptr ? std::span<const JsonMember>(*members) : std::span<const JsonMember>();
}

const JsonValue* JsonValue::find(std::string_view key) const {
  for (const JsonMember& member : members()) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

bool JsonValue::operator==(const JsonValue& other) const { return data_ == other.data_; }

Result<JsonValue> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return fail(resource_exhausted("the JSON text has " + std::to_string(text.size()) + " bytes, the limit is " +
                                   std::to_string(limits.max_bytes)));
  }
  if (auto value = parse_json_fast(text, limits)) return *std::move(value);
  return parse_json_plain(text, limits);
}

void write_json(JsonWriter& writer, const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::kNull: writer.null(); return;
    case JsonKind::kBool: writer.value(*value.as_bool()); return;
    case JsonKind::kInt64: writer.value(*value.as_int64()); return;
    case JsonKind::kUint64: writer.value(*value.as_uint64()); return;
    case JsonKind::kString: writer.value(*value.as_string()); return;
    case JsonKind::kDouble: break;
    case JsonKind::kArray:
      writer.begin_array();
      for (const JsonValue& item : value.items()) write_json(writer, item);
      writer.end_array();
      return;
    case JsonKind::kObject:
      writer.begin_object();
      for (const JsonMember& member : value.members()) {
        writer.key(member.key);
        write_json(writer, member.value);
      }
      writer.end_object();
      return;
  }
  const double number = *value.as_double();
  if (!std::isfinite(number)) {
    writer.null();
    return;
  }
  char digits[40];
  char* end = std::to_chars(digits, digits + 32, number).ptr;
  if (std::string_view(digits, static_cast<size_t>(end - digits)).find_first_of(".e") == std::string_view::npos) {
    *end++ = '.';
    *end++ = '0';
  }
  writer.raw({digits, static_cast<size_t>(end - digits)});
}

std::string to_json(const JsonValue& value) {
  std::string out;
  JsonWriter writer(out);
  write_json(writer, value);
  return out;
}

}  // namespace tercet::text
