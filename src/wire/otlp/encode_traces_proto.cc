// Field numbers: opentelemetry-proto 1.9, trace.proto. Backwards throughout (proto_writer.h).
#include <ranges>

#include "wire/otlp/encode.h"
#include "wire/otlp/encode_traces.h"
#include "wire/otlp/proto_encoder.h"

namespace tercet::wire::otlp {

namespace {

void write_event(ProtoWriter& out, const model::SpanBatch& batch, const model::SpanEvent& event) {
  write_varint(out, 4, event.dropped_attributes);
  write_attributes(out, 3, batch.attrs(event.attributes));
  write_text(out, 2, event.name);
  write_fixed64(out, 1, event.time_ns);
}

void write_link(ProtoWriter& out, const model::SpanBatch& batch, const model::SpanLink& link) {
  write_fixed32(out, 6, link.flags);
  write_varint(out, 5, link.dropped_attributes);
  write_attributes(out, 4, batch.attrs(link.attributes));
  write_text(out, 3, link.trace_state);
  write_span_id(out, 2, link.span_id);
  write_trace_id(out, 1, link.trace_id);
}

void write_status(ProtoWriter& out, const model::Span& span) {
  const size_t end = out.size();
  write_varint(out, 3, static_cast<uint64_t>(span.status));
  write_text(out, 2, span.status_message);
  if (out.size() != end) out.message_field(15, end);
}

void write_span(ProtoWriter& out, const model::SpanBatch& batch, const model::Span& span) {
  write_fixed32(out, 16, span.flags);
  write_status(out, span);
  write_varint(out, 14, span.dropped_links);
  for (const model::SpanLink& link : std::views::reverse(links_of(batch, span))) {
    const size_t end = out.size();
    write_link(out, batch, link);
    out.message_field(13, end);
  }
  write_varint(out, 12, span.dropped_events);
  for (const model::SpanEvent& event : std::views::reverse(events_of(batch, span))) {
    const size_t end = out.size();
    write_event(out, batch, event);
    out.message_field(11, end);
  }
  write_varint(out, 10, span.dropped_attributes);
  write_attributes(out, 9, batch.attrs(span.attributes));
  write_fixed64(out, 8, span.end_ns);
  write_fixed64(out, 7, span.start_ns);
  write_varint(out, 6, static_cast<uint64_t>(span.kind));
  write_text(out, 5, span.name);
  write_span_id(out, 4, span.parent_span_id);
  write_text(out, 3, span.trace_state);
  write_span_id(out, 2, span.span_id);
  write_trace_id(out, 1, span.trace_id);
}

void write_scope_spans(ProtoWriter& out, const model::SpanBatch& batch, const ScopeGroup& group) {
  const model::Scope& scope = batch.scopes[group.scope];
  write_text(out, 3, scope.schema_url);
  for (const uint32_t row : std::views::reverse(group.rows)) {
    const size_t end = out.size();
    write_span(out, batch, batch.spans[row]);
    out.message_field(2, end);
  }
  const size_t end = out.size();
  write_scope(out, batch, scope);
  out.message_field(1, end);
}

}  // namespace

std::vector<ResourceGroup> group_spans(const model::SpanBatch& batch) {
  std::vector<uint32_t> scopes(batch.spans.size());
  for (size_t row = 0; row < scopes.size(); ++row) scopes[row] = batch.spans[row].scope;
  return group_rows(batch, scopes);
}

void write_traces(ProtoWriter& out, const model::SpanBatch& batch) {
  for (const ResourceGroup& group : std::views::reverse(group_spans(batch))) {
    const size_t resource_spans_end = out.size();
    const model::Resource& resource = batch.resources[group.resource];
    write_text(out, 3, resource.schema_url);
    for (const ScopeGroup& scope : std::views::reverse(group.scopes)) {
      const size_t end = out.size();
      write_scope_spans(out, batch, scope);
      out.message_field(2, end);
    }
    const size_t end = out.size();
    write_resource(out, batch, resource);
    out.message_field(1, end);
    out.message_field(1, resource_spans_end);
  }
}

void encode_traces_proto(const model::SpanBatch& batch, std::string& out) {
  ProtoWriter writer(expected_bytes(batch));
  write_traces(writer, batch);
  out.append(writer.bytes());
}

}  // namespace tercet::wire::otlp
