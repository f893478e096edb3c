// What the protobuf decoders of all signals share: values, attributes, resource and scope. A decoder lives for one
// body.
//
// Messages merge as protobuf says: a singular message that stands several times is the sum of its occurrences, a oneof
// keeps its last member, and when that is an array or a map again, its items are appended.
#pragma once

#include <string_view>
#include <vector>

#include "model/events/batch.h"
#include "wire/otlp/attribute_run.h"
#include "wire/otlp/decode.h"
#include "wire/otlp/proto_reader.h"

namespace tercet::wire::otlp {

class ProtoDecoder {
 protected:
  ProtoDecoder(std::string_view body, const DecodeLimits& limits, model::EventBatch& batch)
      : failure_(body), limits_(limits), common_(batch) {}

  std::string_view text(std::string_view bytes) { return checked_utf8(bytes, common_.arena, report_.invalid_utf8); }

  /// Counts against max_elements.
  bool charge(size_t elements, Where where) {
    elements_ += elements;
    return elements_ <= limits_.max_elements || over(where, "max_elements", limits_.max_elements);
  }
  bool over(Where where, std::string_view limit, size_t value);

  /// A run of attributes in the batch's column: open with begin_run(), append, close.
  uint32_t begin_run() const { return static_cast<uint32_t>(common_.attributes.size()); }
  bool append_attribute(std::string_view bytes, Where where, uint32_t run_begin);
  bool end_run(Where where, uint32_t run_begin, model::Range& run);

  /// Merge one occurrence; attributes go to the open run.
  bool read_resource(std::string_view bytes, uint32_t run_begin, model::Resource& resource);
  bool read_scope(std::string_view bytes, uint32_t run_begin, model::Scope& scope);

  bool read_value(std::string_view bytes, size_t depth, model::Value& value);

  ProtoFailure failure_;
  const DecodeLimits& limits_;
  DecodeReport report_;

 private:
  bool read_key_value(std::string_view bytes, size_t depth, model::Attribute& attribute);
  bool read_array(std::string_view bytes, size_t depth, model::Value& value);
  bool read_map(std::string_view bytes, size_t depth, model::Value& value);

  model::EventBatch& common_;
  DuplicateKeys duplicates_;
  size_t elements_ = 0;
  // Stacks: an array under construction is the part above its begin, values of inner ones stand above it.
  std::vector<model::Value> items_;
  std::vector<model::Attribute> entries_;
};

}  // namespace tercet::wire::otlp
