// JSON out: a streaming writer that appends to the caller's string. No tree, no allocation per value; commas and quotes
// are the writer's. Not thread-safe.
//
// The output is always well-formed UTF-8: ill-formed bytes in strings become U+FFFD.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tercet::text {

/// What must be escaped in strings besides what JSON asks for.
enum class JsonEscape : uint8_t {
  kJson,  // nothing
  kHtml,  // also < > & and U+2028, U+2029: the text may stand inside a <script> element
};

/// One JSON text. The methods come in the order of the text; what would not be JSON (a value without its key, an end
/// that closes nothing, a second top-level value) is a bug of the caller and a DCHECK. Borrows `out`.
///
///   JsonWriter w(out);
///   w.begin_object().key("traces").begin_array().end_array().end_object();
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out, JsonEscape escape = JsonEscape::kJson) : out_(out), escape_(escape) {}
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  JsonWriter& begin_object() { return begin('{', kObject); }
  JsonWriter& end_object() { return end('}', kObject); }
  JsonWriter& begin_array() { return begin('[', kArray); }
  JsonWriter& end_array() { return end(']', kArray); }
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(bool truth);
  JsonWriter& value(long number);
  JsonWriter& value(unsigned long number);
  JsonWriter& value(int number) { return value(static_cast<long>(number)); }
  JsonWriter& value(unsigned number) { return value(static_cast<unsigned long>(number)); }
  JsonWriter& value(long long number) { return value(static_cast<long>(number)); }
  JsonWriter& value(unsigned long long number) { return value(static_cast<unsigned long>(number)); }
  /// The shortest text that reads back as the same number; null for NaN and the infinities, which JSON cannot write.
  JsonWriter& value(double number);
  JsonWriter& null();
  /// A value that already is JSON, taken as it is.
  JsonWriter& raw(std::string_view json);

  /// A number as protobuf's JSON mapping writes it: NaN and the infinities are the strings "NaN", "Infinity",
  /// "-Infinity".
  JsonWriter& proto_double(double number);
  /// A 64-bit integer in quotes, as protobuf's JSON mapping writes int64, uint64 and the fixed ones.
  JsonWriter& quoted_int(int64_t number);
  JsonWriter& quoted_int(uint64_t number);

  /// True when one whole value has been written.
  bool complete() const { return levels_.empty() && after_value_; }

 private:
  static constexpr char kObject = 'o';
  static constexpr char kArray = 'a';

  JsonWriter& begin(char bracket, char level);
  JsonWriter& end(char bracket, char level);
  void before_value();

  std::string& out_;
  std::string levels_;  // open objects and arrays; a string, as it holds 15 without an allocation
  JsonEscape escape_;
  bool after_value_ = false;  // a comma must come before what follows on this level
  bool after_key_ = false;
};

/// Appends `text` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text, JsonEscape escape = JsonEscape::kJson);

}  // namespace tercet::text
