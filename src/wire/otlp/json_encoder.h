// What the JSON encoders of all signals share. Default values are left out, messages that a reader expects are not.
#pragma once

#include <string>

#include "model/events/batch.h"
#include "model/events/ids.h"
#include "text/json/json_writer.h"
#include "wire/otlp/encode.h"

namespace tercet::wire::otlp {

/// "attributes":[…] and "droppedAttributesCount".
void write_attributes(text::JsonWriter& out, std::span<const model::Attribute> attributes, uint32_t dropped);

inline void write_text(text::JsonWriter& out, std::string_view key, std::string_view text) {
  if (text.empty()) return;
  out.key(key);
  out.value(text);
}
inline void write_u32(text::JsonWriter& out, std::string_view key, uint32_t value) {
  if (value == 0) return;
  out.key(key);
  out.value(value);
}
inline void write_u64(text::JsonWriter& out, std::string_view key, uint64_t value) {
  if (value == 0) return;
  out.key(key);
  out.quoted_int(value);
}
void write_id(text::JsonWriter& out, JsonDialect dialect, std::string_view key, const model::TraceId& id);
void write_id(text::JsonWriter& out, JsonDialect dialect, std::string_view key, const model::SpanId& id);

/// "resource":{…}, "scope":{…}.
void write_resource(text::JsonWriter& out, const model::EventBatch& batch, const model::Resource& resource);
void write_scope(text::JsonWriter& out, const model::EventBatch& batch, const model::Scope& scope);

}  // namespace tercet::wire::otlp
