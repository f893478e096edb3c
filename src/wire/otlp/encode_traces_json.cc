#include <span>

#include "wire/otlp/encode.h"
#include "wire/otlp/encode_traces.h"
#include "wire/otlp/json_encoder.h"
#include "wire/otlp/trace_enums.h"

namespace tercet::wire::otlp {

namespace {

/// Names exist for the numbers that the specification has; others stay numbers.
void write_enum(text::JsonWriter& out, JsonDialect dialect, std::string_view key,
                std::span<const std::string_view> names, uint8_t number) {
  if (number == 0) return;
  out.key(key);
  if (dialect == JsonDialect::kProtobufJson && number < names.size()) {
    out.value(names[number]);
  } else {
    out.value(number);
  }
}

void write_event(text::JsonWriter& out, const model::SpanBatch& batch, const model::SpanEvent& event) {
  out.begin_object();
  write_u64(out, "timeUnixNano", event.time_ns);
  write_text(out, "name", event.name);
  write_attributes(out, batch.attrs(event.attributes), event.dropped_attributes);
  out.end_object();
}

void write_link(text::JsonWriter& out, JsonDialect dialect, const model::SpanBatch& batch,
                const model::SpanLink& link) {
  out.begin_object();
  write_id(out, dialect, "traceId", link.trace_id);
  write_id(out, dialect, "spanId", link.span_id);
  write_text(out, "traceState", link.trace_state);
  write_attributes(out, batch.attrs(link.attributes), link.dropped_attributes);
  write_u32(out, "flags", link.flags);
  out.end_object();
}

void write_lists(text::JsonWriter& out, JsonDialect dialect, const model::SpanBatch& batch, const model::Span& span) {
  if (span.events.count != 0) {
    out.key("events");
    out.begin_array();
    for (const model::SpanEvent& event : events_of(batch, span)) write_event(out, batch, event);
    out.end_array();
  }
  write_u32(out, "droppedEventsCount", span.dropped_events);
  if (span.links.count != 0) {
    out.key("links");
    out.begin_array();
    for (const model::SpanLink& link : links_of(batch, span)) write_link(out, dialect, batch, link);
    out.end_array();
  }
  write_u32(out, "droppedLinksCount", span.dropped_links);
}

void write_span(text::JsonWriter& out, JsonDialect dialect, const model::SpanBatch& batch, const model::Span& span) {
  out.begin_object();
  write_id(out, dialect, "traceId", span.trace_id);
  write_id(out, dialect, "spanId", span.span_id);
  write_text(out, "traceState", span.trace_state);
  write_id(out, dialect, "parentSpanId", span.parent_span_id);
  write_u32(out, "flags", span.flags);
  write_text(out, "name", span.name);
  write_enum(out, dialect, "kind", kSpanKindNames, static_cast<uint8_t>(span.kind));
  write_u64(out, "startTimeUnixNano", span.start_ns);
  write_u64(out, "endTimeUnixNano", span.end_ns);
  write_attributes(out, batch.attrs(span.attributes), span.dropped_attributes);
  write_lists(out, dialect, batch, span);
  out.key("status");
  out.begin_object();
  write_text(out, "message", span.status_message);
  write_enum(out, dialect, "code", kStatusCodeNames, static_cast<uint8_t>(span.status));
  out.end_object();
  out.end_object();
}

void write_schema(text::JsonWriter& out, std::string_view url) { write_text(out, "schemaUrl", url); }

}  // namespace

void write_traces(text::JsonWriter& out, const model::SpanBatch& batch, JsonDialect dialect, std::string_view top_key) {
  out.begin_object();
  out.key(top_key);
  out.begin_array();
  for (const ResourceGroup& resources : group_spans(batch)) {
    const model::Resource& resource = batch.resources[resources.resource];
    out.begin_object();
    write_resource(out, batch, resource);
    out.key("scopeSpans");
    out.begin_array();
    for (const ScopeGroup& scopes : resources.scopes) {
      out.begin_object();
      write_scope(out, batch, batch.scopes[scopes.scope]);
      out.key("spans");
      out.begin_array();
      for (const uint32_t row : scopes.rows) write_span(out, dialect, batch, batch.spans[row]);
      out.end_array();
      write_schema(out, batch.scopes[scopes.scope].schema_url);
      out.end_object();
    }
    out.end_array();
    write_schema(out, resource.schema_url);
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

void encode_traces_json(const model::SpanBatch& batch, JsonDialect dialect, std::string& out,
                        std::string_view top_key) {
  std::string text;
  text.reserve(3 * expected_bytes(batch));
  text::JsonWriter json(text);
  write_traces(json, batch, dialect, top_key);
  if (out.empty()) {
    out = std::move(text);
  } else {
    out += text;
  }
}

}  // namespace tercet::wire::otlp
