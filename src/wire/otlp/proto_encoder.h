// What the protobuf encoders of all signals share. Everything is written backwards (proto_writer.h), default values are
// left out, and unlike fields the members of a oneof are written whatever their value.
#pragma once

#include "model/events/batch.h"
#include "model/events/ids.h"
#include "wire/otlp/proto_writer.h"

namespace tercet::wire::otlp {

void write_attributes(ProtoWriter& out, uint32_t field, std::span<const model::Attribute> attributes);

inline void write_text(ProtoWriter& out, uint32_t field, std::string_view text) {
  if (!text.empty()) out.bytes_field(field, text);
}
inline void write_varint(ProtoWriter& out, uint32_t field, uint64_t value) {
  if (value != 0) out.varint_field(field, value);
}
inline void write_fixed64(ProtoWriter& out, uint32_t field, uint64_t value) {
  if (value != 0) out.fixed64_field(field, value);
}
inline void write_fixed32(ProtoWriter& out, uint32_t field, uint32_t value) {
  if (value != 0) out.fixed32_field(field, value);
}
inline void write_trace_id(ProtoWriter& out, uint32_t field, const model::TraceId& id) {
  char raw[16];
  id.to_bytes(raw);
  if (id.valid()) out.bytes_field(field, {raw, sizeof raw});
}
inline void write_span_id(ProtoWriter& out, uint32_t field, const model::SpanId& id) {
  char raw[8];
  id.to_bytes(raw);
  if (id.valid()) out.bytes_field(field, {raw, sizeof raw});
}

/// The fields of Resource and InstrumentationScope, without schema_url, which stands one level up.
void write_resource(ProtoWriter& out, const model::EventBatch& batch, const model::Resource& resource);
void write_scope(ProtoWriter& out, const model::EventBatch& batch, const model::Scope& scope);

}  // namespace tercet::wire::otlp
