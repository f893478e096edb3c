#include "wire/otlp/json_encoder.h"

#include "base/bytes.h"

namespace tercet::wire::otlp {

using model::Attribute;
using model::Value;
using model::ValueType;

namespace {

constexpr char kHex[] = "0123456789abcdef";

void write_value(text::JsonWriter& out, const Value& value);

void write_list(text::JsonWriter& out, std::span<const Attribute> attributes) {
  out.begin_array();
  for (const Attribute& attribute : attributes) {
    out.begin_object();
    write_text(out, "key", attribute.key);
    out.key("value");
    write_value(out, attribute.value);
    out.end_object();
  }
  out.end_array();
}

void write_values(text::JsonWriter& out, std::span<const Value> items) {
  out.begin_object();
  if (!items.empty()) {
    out.key("values");
    out.begin_array();
    for (const Value& item : items) write_value(out, item);
    out.end_array();
  }
  out.end_object();
}

void write_entries(text::JsonWriter& out, std::span<const Attribute> entries) {
  out.begin_object();
  if (!entries.empty()) {
    out.key("values");
    write_list(out, entries);
  }
  out.end_object();
}

void write_value(text::JsonWriter& out, const Value& value) {
  out.begin_object();
  switch (value.type()) {
    case ValueType::kEmpty: break;
    case ValueType::kString:
      out.key("stringValue");
      out.value(value.text());
      break;
    case ValueType::kBool:
      out.key("boolValue");
      out.value(value.as_bool());
      break;
    case ValueType::kInt:
      out.key("intValue");
      out.quoted_int(value.as_int());
      break;
    case ValueType::kDouble:
      out.key("doubleValue");
      out.proto_double(value.as_double());
      break;
    case ValueType::kBytes:
      out.key("bytesValue");
      out.value(base64_encode(value.text()));
      break;
    case ValueType::kArray:
      out.key("arrayValue");
      write_values(out, value.items());
      break;
    case ValueType::kMap:
      out.key("kvlistValue");
      write_entries(out, value.entries());
      break;
  }
  out.end_object();
}

template <size_t bytes, typename Id>
void write_any_id(text::JsonWriter& out, JsonDialect dialect, std::string_view key, const Id& id) {
  if (!id.valid()) return;
  char raw[bytes];
  id.to_bytes(raw);
  out.key(key);
  if (dialect == JsonDialect::kProtobufJson) {
    out.value(base64_encode({raw, bytes}));
    return;
  }
  char hex[2 * bytes];
  for (size_t i = 0; i < bytes; ++i) {
    hex[2 * i] = kHex[static_cast<uint8_t>(raw[i]) >> 4];
    hex[2 * i + 1] = kHex[raw[i] & 15];
  }
  out.value(std::string_view(hex, sizeof hex));
}

}  // namespace

void write_attributes(text::JsonWriter& out, std::span<const Attribute> attributes, uint32_t dropped) {
  if (!attributes.empty()) {
    out.key("attributes");
    write_list(out, attributes);
  }
  write_u32(out, "droppedAttributesCount", dropped);
}

void write_id(text::JsonWriter& out, JsonDialect dialect, std::string_view key, const model::TraceId& id) {
  write_any_id<16>(out, dialect, key, id);
}

void write_id(text::JsonWriter& out, JsonDialect dialect, std::string_view key, const model::SpanId& id) {
  write_any_id<8>(out, dialect, key, id);
}

void write_resource(text::JsonWriter& out, const model::EventBatch& batch, const model::Resource& resource) {
  out.key("resource");
  out.begin_object();
  write_attributes(out, batch.attrs(resource.attributes), resource.dropped_attributes);
  out.end_object();
}

void write_scope(text::JsonWriter& out, const model::EventBatch& batch, const model::Scope& scope) {
  out.key("scope");
  out.begin_object();
  write_text(out, "name", scope.name);
  write_text(out, "version", scope.version);
  write_attributes(out, batch.attrs(scope.attributes), scope.dropped_attributes);
  out.end_object();
}

}  // namespace tercet::wire::otlp
