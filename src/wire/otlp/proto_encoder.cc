#include "wire/otlp/proto_encoder.h"

#include <bit>

namespace tercet::wire::otlp {

using model::Attribute;
using model::Value;
using model::ValueType;

namespace {

void write_value(ProtoWriter& out, const Value& value) {
  switch (value.type()) {
    case ValueType::kEmpty: return;
    case ValueType::kString: return out.bytes_field(1, value.text());
    case ValueType::kBool: return out.varint_field(2, value.as_bool() ? 1 : 0);
    case ValueType::kInt: return out.varint_field(3, static_cast<uint64_t>(value.as_int()));
    case ValueType::kDouble: return out.fixed64_field(4, std::bit_cast<uint64_t>(value.as_double()));
    case ValueType::kBytes: return out.bytes_field(7, value.text());
    case ValueType::kArray: {
      const size_t end = out.size();
      for (size_t i = value.items().size(); i > 0; --i) {
        const size_t item_end = out.size();
        write_value(out, value.items()[i - 1]);
        out.message_field(1, item_end);
      }
      return out.message_field(5, end);
    }
    case ValueType::kMap: {
      const size_t end = out.size();
      write_attributes(out, 1, value.entries());
      return out.message_field(6, end);
    }
  }
}

}  // namespace

void write_attributes(ProtoWriter& out, uint32_t field, std::span<const Attribute> attributes) {
  for (size_t i = attributes.size(); i > 0; --i) {
    const Attribute& attribute = attributes[i - 1];
    const size_t end = out.size();
    write_value(out, attribute.value);
    out.message_field(2, end);
    write_text(out, 1, attribute.key);
    out.message_field(field, end);
  }
}

void write_resource(ProtoWriter& out, const model::EventBatch& batch, const model::Resource& resource) {
  write_varint(out, 2, resource.dropped_attributes);
  write_attributes(out, 1, batch.attrs(resource.attributes));
}

void write_scope(ProtoWriter& out, const model::EventBatch& batch, const model::Scope& scope) {
  write_varint(out, 4, scope.dropped_attributes);
  write_attributes(out, 3, batch.attrs(scope.attributes));
  write_text(out, 2, scope.version);
  write_text(out, 1, scope.name);
}

}  // namespace tercet::wire::otlp
