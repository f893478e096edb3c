// What is accepted survives writing and parsing; simdjson and the plain reader accept the same texts and read the same
// values from them, save for what the plain reader alone can hold. (simdjson stays behind json_fast.h: its header
// compiled with other macros than the module's makes another class of the same name.)
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "text/json/json_fast.h"
#include "text/json/json_plain.h"
#include "text/json/json_value.h"

namespace {

using tercet::text::JsonValue;

void check_strings(const JsonValue& value) {
  if (const auto string = value.as_string()) CHECK(tercet::is_valid_utf8(*string));
  for (const JsonValue& item : value.items()) check_strings(item);
  for (const auto& member : value.members()) {
    CHECK(tercet::is_valid_utf8(member.key) && value.find(member.key) == &member.value);
    check_strings(member.value);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = tercet::text::parse_json(text);
  const auto plain = tercet::text::parse_json_plain(text, {});
  const auto fast = tercet::text::parse_json_fast(text, {});
  CHECK(value.has_value() == plain.has_value());
  if (fast) {
    CHECK(plain.has_value());
  } else {
    CHECK(!plain || fast.error() == tercet::text::FastRefusal::kBeyond);
  }
  if (!value) {
    CHECK(value.error().message() == plain.error().message());
    return 0;
  }
  CHECK(*value == *plain);
  check_strings(*value);
  const std::string once = tercet::text::to_json(*value);
  const auto again = tercet::text::parse_json(once);
  CHECK(again && *again == *value);
  CHECK(tercet::text::to_json(*again) == once);
  return 0;
}
