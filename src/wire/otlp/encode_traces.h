// What the trace encoders share.
#pragma once

#include <span>
#include <vector>

#include "model/events/span_batch.h"
#include "text/json/json_writer.h"
#include "wire/otlp/encode.h"
#include "wire/otlp/groups.h"
#include "wire/otlp/proto_writer.h"

namespace tercet::wire::otlp {

std::vector<ResourceGroup> group_spans(const model::SpanBatch& batch);

inline std::span<const model::SpanEvent> events_of(const model::SpanBatch& batch, const model::Span& span) {
  return {batch.events.data() + span.events.begin, span.events.count};
}
inline std::span<const model::SpanLink> links_of(const model::SpanBatch& batch, const model::Span& span) {
  return {batch.links.data() + span.links.begin, span.links.count};
}

/// A first size for the buffer of an encoded batch; it grows when this is too small.
inline size_t expected_bytes(const model::SpanBatch& batch) {
  return 256 + 96 * batch.spans.size() + 48 * batch.attributes.size() + 32 * (batch.events.size() + batch.links.size());
}

/// The fields of TracesData.
void write_traces(ProtoWriter& out, const model::SpanBatch& batch);
/// The same as a JSON object.
void write_traces(text::JsonWriter& out, const model::SpanBatch& batch, JsonDialect dialect, std::string_view top_key);

}  // namespace tercet::wire::otlp
