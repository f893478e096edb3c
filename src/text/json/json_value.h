// A small immutable tree for JSON that is configuration or an API's body. Not for hot paths: every string is copied;
// decoders of telemetry read the text themselves.
//
// Strict RFC 8259: no comments, no trailing commas, UTF-8 only. A lone surrogate escape becomes U+FFFD, as in Go.
// Integers within 64 bits are kept exactly, all other numbers as the nearest double. Object members keep their order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "text/json/json_writer.h"

namespace tercet::text {

struct JsonMember;

enum class JsonKind : uint8_t { kNull, kBool, kInt64, kUint64, kDouble, kString, kArray, kObject };

/// "null", "true or false", "a number", "a string", "an array", "an object": for messages about what was expected.
std::string_view describe(JsonKind kind);

class JsonValue {
 public:
  using Array = std::vector<JsonValue>;
  using Object = std::vector<JsonMember>;

  JsonValue();
  JsonValue(const JsonValue&);
  JsonValue(JsonValue&&) noexcept;
  JsonValue& operator=(const JsonValue&);
  JsonValue& operator=(JsonValue&&) noexcept;
  ~JsonValue();
  explicit JsonValue(bool truth);
  explicit JsonValue(int64_t number);
  /// kInt64 when the number fits one, so that equal numbers have one kind.
  explicit JsonValue(uint64_t number);
  explicit JsonValue(int number);
  explicit JsonValue(double number);
  explicit JsonValue(std::string text);
  explicit JsonValue(const char* text);
  explicit JsonValue(Array items);
  explicit JsonValue(Object members);

  JsonKind kind() const;
  bool is_null() const { return kind() == JsonKind::kNull; }

  /// Nothing when the value is of another kind.
  std::optional<bool> as_bool() const;
  std::optional<std::string_view> as_string() const;
  /// Any number that is a whole one of the range, so 3, 3.0 and 3e0 alike; nothing when it is not.
  std::optional<int64_t> as_int64() const;
  std::optional<uint64_t> as_uint64() const;
  /// Any number; integers beyond 2^53 are rounded.
  std::optional<double> as_double() const;

  /// Empty when this is no array, no object.
  std::span<const JsonValue> items() const;
  std::span<const JsonMember> members() const;
  /// The member of that name, null when there is none or this is no object. Linear.
  const JsonValue* find(std::string_view key) const;

  /// Same kinds, same values, members in the same order.
  bool operator==(const JsonValue& other) const;

 private:
  std::variant<std::monostate, bool, int64_t, uint64_t, double, std::string, Array, Object> data_;
};

struct JsonMember {
  std::string key;
  JsonValue value;
  bool operator==(const JsonMember&) const = default;
};

struct JsonLimits {
  size_t max_depth = 64;                // arrays and objects inside one another
  size_t max_bytes = 16 * 1024 * 1024;  // of the text
};

/// The one value that `text` holds. Errors say where and what was expected: "line 3, column 7: expected ',' or '}',
/// found a number". kInvalidArgument when malformed or when a key stands twice in an object (both places are named),
/// kResourceExhausted past a limit. Lines and columns count from 1, columns in characters.
Result<JsonValue> parse_json(std::string_view text, const JsonLimits& limits = {});

/// One value into a writer; doubles keep a fraction or an exponent ("2.0"), so that parsing gives the same kind again.
void write_json(JsonWriter& writer, const JsonValue& value);
std::string to_json(const JsonValue& value);

}  // namespace tercet::text
