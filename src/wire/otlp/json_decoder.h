// What the JSON decoders of all signals share: values, attributes, resource and scope. A decoder lives for one body.
#pragma once

#include <string_view>
#include <vector>

#include "model/events/batch.h"
#include "model/events/ids.h"
#include "wire/otlp/attribute_run.h"
#include "wire/otlp/decode.h"
#include "wire/otlp/json_reader.h"

namespace tercet::wire::otlp {

class JsonDecoder {
 protected:
  JsonDecoder(std::string_view text, const DecodeLimits& limits, model::EventBatch& batch)
      : in_(text, limits.max_depth, batch.arena, report_.invalid_utf8), limits_(limits), common_(batch) {}

  bool charge(size_t elements) {
    elements_ += elements;
    return elements_ <= limits_.max_elements || over("max_elements", limits_.max_elements);
  }
  bool over(std::string_view limit, size_t value);
  /// A key of a list or of a message that stands twice is refused: its parts would not be neighbours.
  bool twice() { return in_.fail("stands twice in its object"); }

  bool read_attributes(JsonValue array, model::Range& run);
  bool read_resource(JsonValue object, model::Resource& resource);
  bool read_scope(JsonValue object, model::Scope& scope);
  bool read_value(JsonValue object, size_t depth, model::Value& value);

  /// Hex, or base64 where the length says so. False only when it is no string; a malformed id is invalid.
  /// `well_formed` tells malformed from absent.
  bool read_trace_id(JsonValue text, model::TraceId& id);
  bool read_span_id(JsonValue text, model::SpanId& id, bool& well_formed);

  DecodeReport report_;
  JsonReader in_;
  const DecodeLimits& limits_;

 private:
  bool read_key_value(JsonValue object, size_t depth, model::Attribute& attribute);
  bool read_array(JsonValue object, size_t depth, model::Value& value);
  bool read_map(JsonValue object, size_t depth, model::Value& value);
  bool read_items(JsonValue array, size_t depth, size_t begin);
  bool read_entries(JsonValue array, size_t depth, size_t begin);

  model::EventBatch& common_;
  DuplicateKeys duplicates_;
  size_t elements_ = 0;
  // Stacks: an array under construction is the part above its begin, values of inner ones stand above it.
  std::vector<model::Value> items_;
  std::vector<model::Attribute> entries_;
};

}  // namespace tercet::wire::otlp
