// Field numbers: opentelemetry-proto 1.9, trace.proto. A message is walked twice where something that stands late in it
// is needed early (a resource may follow its scopes): the first walk only hops over lengths.
#include <algorithm>

#include "wire/otlp/decode.h"
#include "wire/otlp/decode_traces.h"
#include "wire/otlp/proto_decoder.h"

namespace tercet::wire::otlp {

using model::Span;
using model::SpanEvent;
using model::SpanId;
using model::SpanLink;
using model::TraceId;

namespace {

/// Nothing for a wrong length; all zero is returned as such, which is invalid too.
TraceId trace_id(std::string_view bytes) { return bytes.size() == 16 ? TraceId::from_bytes(bytes.data()) : TraceId{}; }
SpanId span_id(std::string_view bytes) { return bytes.size() == 8 ? SpanId::from_bytes(bytes.data()) : SpanId{}; }

/// Numbers that later versions add are kept as long as they fit.
template <typename E>
E enum_of(uint32_t number) {
  return static_cast<E>(number <= UINT8_MAX ? number : 0);
}

class TraceDecoder : ProtoDecoder {
 public:
  TraceDecoder(std::string_view body, const DecodeLimits& limits, model::SpanBatch& batch)
      : ProtoDecoder(body, limits, batch), body_(body), batch_(batch) {}

  Result<DecodeReport> run() {
    // An attribute of an SDK takes 30 to 50 bytes on the wire.
    reserve_more(batch_.attributes, body_.size() / 48);
    ProtoReader in(body_, "TracesData", failure_);
    while (in.next()) {
      if (in.tag() == length(1) && !read_resource_spans(in.bytes())) break;
    }
    if (failure_.failed()) return fail(invalid_argument("malformed OTLP traces: " + failure_.text()));
    rejected_.write_to(report_);
    return std::move(report_);
  }

 private:
  bool read_resource_spans(std::string_view bytes) {
    model::Resource resource;
    const uint32_t run = begin_run();
    ProtoReader head(bytes, "ResourceSpans", failure_);
    while (head.next()) {
      if (head.tag() == length(1) && !read_resource(head.bytes(), run, resource)) return false;
      if (head.tag() == length(3)) resource.schema_url = text(head.bytes());
    }
    if (failure_.failed() || !end_run(head.where(), run, resource.attributes)) return false;
    batch_.resources.push_back(resource);
    const size_t scopes = batch_.scopes.size();
    ProtoReader in(bytes, "ResourceSpans", failure_);
    while (in.next()) {
      if (in.tag() == length(2) && !read_scope_spans(in.bytes())) return false;
    }
    if (batch_.scopes.size() == scopes) {
      batch_.resources.pop_back();
      batch_.attributes.resize(run);
    }
    return true;
  }

  bool read_scope_spans(std::string_view bytes) {
    model::Scope scope;
    scope.resource = static_cast<uint32_t>(batch_.resources.size() - 1);
    const uint32_t run = begin_run();
    size_t count = 0;
    ProtoReader head(bytes, "ScopeSpans", failure_);
    while (head.next()) {
      switch (head.tag()) {
        case length(1):
          if (!read_scope(head.bytes(), run, scope)) return false;
          break;
        case length(2): ++count; break;
        case length(3): scope.schema_url = text(head.bytes()); break;
      }
    }
    if (failure_.failed() || !end_run(head.where(), run, scope.attributes)) return false;
    batch_.scopes.push_back(scope);
    const size_t spans = batch_.spans.size();
    reserve_more(batch_.spans, std::min(count, limits_.max_spans));
    ProtoReader in(bytes, "ScopeSpans", failure_);
    while (in.next()) {
      if (in.tag() == length(2) && !read_span(in.bytes(), in.where())) return false;
    }
    if (batch_.spans.size() == spans) {
      batch_.scopes.pop_back();
      batch_.attributes.resize(run);
    }
    return true;
  }

  bool read_span(std::string_view bytes, Where where) {
    if (spans_++ >= limits_.max_spans) return over(where, "max_spans", limits_.max_spans);
    Span span;
    span.scope = static_cast<uint32_t>(batch_.scopes.size() - 1);
    const uint32_t run = begin_run();
    events_.clear();
    links_.clear();
    if (!read_span_fields(bytes, run, span)) return false;
    if (rejected_.reject(span)) {
      batch_.attributes.resize(run);
      return true;
    }
    if (!end_run(where, run, span.attributes) || !charge(1 + events_.size() + links_.size(), where)) return false;
    span.events = {static_cast<uint32_t>(batch_.events.size()), static_cast<uint32_t>(events_.size())};
    span.links = {static_cast<uint32_t>(batch_.links.size()), static_cast<uint32_t>(links_.size())};
    batch_.spans.push_back(span);
    for (const std::string_view event : events_) {
      if (!read_event(event)) return false;
    }
    for (const std::string_view link : links_) {
      if (!read_link(link)) return false;
    }
    return true;
  }

  /// Events and links are only noted: their attributes must not stand between those of the span.
  bool read_span_fields(std::string_view bytes, uint32_t run, Span& span) {
    ProtoReader in(bytes, "Span", failure_);
    while (in.next()) {
      switch (in.tag()) {
        case length(1): span.trace_id = trace_id(in.bytes()); break;
        case length(2): span.span_id = span_id(in.bytes()); break;
        case length(3): span.trace_state = text(in.bytes()); break;
        case length(4):
          span.parent_span_id = span_id(in.bytes());
          if (in.bytes().size() % 8 != 0 || in.bytes().size() > 8) ++report_.invalid_parent_ids;
          break;
        case length(5): span.name = text(in.bytes()); break;
        case varint(6): span.kind = enum_of<model::SpanKind>(in.u32()); break;
        case fixed64(7): span.start_ns = in.scalar(); break;
        case fixed64(8): span.end_ns = in.scalar(); break;
        case length(9):
          if (!append_attribute(in.bytes(), in.where(), run)) return false;
          break;
        case varint(10): span.dropped_attributes = in.u32(); break;
        case length(11):
          if (events_.size() >= limits_.max_events) return over(in.where(), "max_events", limits_.max_events);
          events_.push_back(in.bytes());
          break;
        case varint(12): span.dropped_events = in.u32(); break;
        case length(13):
          if (links_.size() >= limits_.max_links) return over(in.where(), "max_links", limits_.max_links);
          links_.push_back(in.bytes());
          break;
        case varint(14): span.dropped_links = in.u32(); break;
        case length(15):
          if (!read_status(in.bytes(), span)) return false;
          break;
        case fixed32(16): span.flags = in.u32(); break;
      }
    }
    return !failure_.failed();
  }

  bool read_status(std::string_view bytes, Span& span) {
    ProtoReader in(bytes, "Status", failure_);
    while (in.next()) {
      switch (in.tag()) {
        case length(2): span.status_message = text(in.bytes()); break;
        case varint(3): span.status = enum_of<model::StatusCode>(in.u32()); break;
      }
    }
    return !failure_.failed();
  }

  bool read_event(std::string_view bytes) {
    SpanEvent event;
    const uint32_t run = begin_run();
    ProtoReader in(bytes, "Span.Event", failure_);
    while (in.next()) {
      switch (in.tag()) {
        case fixed64(1): event.time_ns = in.scalar(); break;
        case length(2): event.name = text(in.bytes()); break;
        case length(3):
          if (!append_attribute(in.bytes(), in.where(), run)) return false;
          break;
        case varint(4): event.dropped_attributes = in.u32(); break;
      }
    }
    if (failure_.failed() || !end_run(in.where(), run, event.attributes)) return false;
    batch_.events.push_back(event);
    return true;
  }

  bool read_link(std::string_view bytes) {
    SpanLink link;
    const uint32_t run = begin_run();
    ProtoReader in(bytes, "Span.Link", failure_);
    while (in.next()) {
      switch (in.tag()) {
        case length(1): link.trace_id = trace_id(in.bytes()); break;
        case length(2): link.span_id = span_id(in.bytes()); break;
        case length(3): link.trace_state = text(in.bytes()); break;
        case length(4):
          if (!append_attribute(in.bytes(), in.where(), run)) return false;
          break;
        case varint(5): link.dropped_attributes = in.u32(); break;
        case fixed32(6): link.flags = in.u32(); break;
      }
    }
    if (failure_.failed() || !end_run(in.where(), run, link.attributes)) return false;
    report_.invalid_link_ids += !link.trace_id.valid() + !link.span_id.valid();
    batch_.links.push_back(link);
    return true;
  }

  std::string_view body_;
  model::SpanBatch& batch_;
  RejectedSpans rejected_;
  size_t spans_ = 0;
  // The events and links of the span being read.
  std::vector<std::string_view> events_;
  std::vector<std::string_view> links_;
};

}  // namespace

Result<DecodeReport> decode_traces_proto(std::string body, const DecodeLimits& limits, model::SpanBatch& out) {
  // Positions and sizes in a batch are 32 bits wide.
  if (body.size() > UINT32_MAX) return fail(invalid_argument("malformed OTLP traces: a body of 4 GiB or more"));
  const BatchMark mark(out);
  auto report = TraceDecoder(out.keep(std::move(body)), limits, out).run();
  if (!report) {
    mark.restore(out);
    out.buffers.pop_back();
  }
  return report;
}

}  // namespace tercet::wire::otlp
