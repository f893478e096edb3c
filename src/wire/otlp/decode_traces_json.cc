// Keys may come in any order, so a resource or scope takes its place in the batch when its object opens and is filled
// in when it closes. Every attribute list is read in one go, which makes it one run wherever it stands.
#include <simdjson.h>

#include "base/bytes.h"
#include "wire/otlp/decode.h"
#include "wire/otlp/decode_traces.h"
#include "wire/otlp/json_decoder.h"
#include "wire/otlp/trace_enums.h"

namespace tercet::wire::otlp {

namespace {

class TraceJsonDecoder : JsonDecoder {
 public:
  TraceJsonDecoder(std::string_view text, const DecodeLimits& limits, model::SpanBatch& batch)
      : JsonDecoder(text, limits, batch), batch_(batch) {}

  Result<DecodeReport> run(bool mended) {
    if (mended) ++report_.invalid_utf8;
    const bool ok = in_.document([&](std::string_view key, JsonValue member) {
      if (key != "resourceSpans" && key != "batches") return in_.skip(member);
      return in_.elements(member, [&](JsonValue element) { return read_resource_spans(element); });
    });
    if (!ok) return fail(invalid_argument("malformed OTLP traces: " + in_.failure()));
    rejected_.write_to(report_);
    return std::move(report_);
  }

 private:
  bool read_resource_spans(JsonValue object) {
    const BatchMark mark(batch_);
    const size_t spans = batch_.spans.size();
    const size_t place = batch_.resources.size();
    batch_.resources.emplace_back();
    model::Resource resource;
    const bool ok = in_.members(object, [&](std::string_view key, JsonValue member) {
      if (key == "resource") return read_resource(member, resource);
      if (key == "schemaUrl") return in_.read_text(member, resource.schema_url);
      if (key != "scopeSpans") return in_.skip(member);
      return in_.elements(member, [&](JsonValue element) { return read_scope_spans(element, place); });
    });
    if (batch_.spans.size() == spans) {
      mark.restore(batch_);
    } else {
      batch_.resources[place] = resource;
    }
    return ok;
  }

  bool read_scope_spans(JsonValue object, size_t resource) {
    const BatchMark mark(batch_);
    const size_t spans = batch_.spans.size();
    const size_t place = batch_.scopes.size();
    batch_.scopes.emplace_back();
    model::Scope scope;
    scope.resource = static_cast<uint32_t>(resource);
    const bool ok = in_.members(object, [&](std::string_view key, JsonValue member) {
      if (key == "scope") return read_scope(member, scope);
      if (key == "schemaUrl") return in_.read_text(member, scope.schema_url);
      if (key != "spans") return in_.skip(member);
      return in_.elements(member, [&](JsonValue element) { return read_span(element, place); });
    });
    if (batch_.spans.size() == spans) {
      mark.restore(batch_);
    } else {
      batch_.scopes[place] = scope;
    }
    return ok;
  }

  bool read_span(JsonValue object, size_t scope) {
    if (spans_++ >= limits_.max_spans) return over("max_spans", limits_.max_spans);
    const BatchMark mark(batch_);
    model::Span span;
    span.scope = static_cast<uint32_t>(scope);
    if (!in_.members(object,
                     [&](std::string_view key, JsonValue member) { return read_span_member(key, member, span); }))
      return false;
    if (rejected_.reject(span)) {
      mark.restore(batch_);
      return true;
    }
    batch_.spans.push_back(span);
    return charge(1);
  }

  bool read_span_member(std::string_view key, JsonValue value, model::Span& span) {
    if (key == "traceId") return read_trace_id(value, span.trace_id);
    bool well_formed = true;
    if (key == "spanId") return read_span_id(value, span.span_id, well_formed);
    if (key == "parentSpanId") {
      if (!read_span_id(value, span.parent_span_id, well_formed)) return false;
      report_.invalid_parent_ids += !well_formed;
      return true;
    }
    if (key == "name") return in_.read_text(value, span.name);
    if (key == "kind") return read_kind(value, span);
    if (key == "startTimeUnixNano") return in_.read_u64(value, span.start_ns);
    if (key == "endTimeUnixNano") return in_.read_u64(value, span.end_ns);
    if (key == "attributes") return read_attributes(value, span.attributes);
    if (key == "events") return read_events(value, span);
    if (key == "links") return read_links(value, span);
    if (key == "status") return read_status(value, span);
    if (key == "flags") return in_.read_u32(value, span.flags);
    if (key == "traceState") return in_.read_text(value, span.trace_state);
    if (key == "droppedAttributesCount") return in_.read_u32(value, span.dropped_attributes);
    if (key == "droppedEventsCount") return in_.read_u32(value, span.dropped_events);
    if (key == "droppedLinksCount") return in_.read_u32(value, span.dropped_links);
    return in_.skip(value);
  }

  bool read_kind(JsonValue value, model::Span& span) {
    uint8_t number;
    if (!in_.read_enum(value, kSpanKindNames, number)) return false;
    span.kind = static_cast<model::SpanKind>(number);
    return true;
  }

  bool read_status(JsonValue object, model::Span& span) {
    return in_.members(object, [&](std::string_view key, JsonValue member) {
      if (key == "message") return in_.read_text(member, span.status_message);
      if (key != "code") return in_.skip(member);
      uint8_t number;
      if (!in_.read_enum(member, kStatusCodeNames, number)) return false;
      span.status = static_cast<model::StatusCode>(number);
      return true;
    });
  }

  bool read_events(JsonValue array, model::Span& span) {
    if (span.events.count != 0) return twice();
    span.events.begin = static_cast<uint32_t>(batch_.events.size());
    return in_.elements(array, [&](JsonValue element) {
      if (span.events.count++ >= limits_.max_events) return over("max_events", limits_.max_events);
      model::SpanEvent event;
      const bool ok = in_.members(element, [&](std::string_view key, JsonValue member) {
        if (key == "timeUnixNano") return in_.read_u64(member, event.time_ns);
        if (key == "name") return in_.read_text(member, event.name);
        if (key == "attributes") return read_attributes(member, event.attributes);
        if (key == "droppedAttributesCount") return in_.read_u32(member, event.dropped_attributes);
        return in_.skip(member);
      });
      batch_.events.push_back(event);
      return ok && charge(1);
    });
  }

  bool read_links(JsonValue array, model::Span& span) {
    if (span.links.count != 0) return twice();
    span.links.begin = static_cast<uint32_t>(batch_.links.size());
    return in_.elements(array, [&](JsonValue element) {
      if (span.links.count++ >= limits_.max_links) return over("max_links", limits_.max_links);
      model::SpanLink link;
      bool well_formed = true;
      const bool ok = in_.members(element, [&](std::string_view key, JsonValue member) {
        if (key == "traceId") return read_trace_id(member, link.trace_id);
        if (key == "spanId") return read_span_id(member, link.span_id, well_formed);
        if (key == "traceState") return in_.read_text(member, link.trace_state);
        if (key == "attributes") return read_attributes(member, link.attributes);
        if (key == "droppedAttributesCount") return in_.read_u32(member, link.dropped_attributes);
        if (key == "flags") return in_.read_u32(member, link.flags);
        return in_.skip(member);
      });
      report_.invalid_link_ids += !link.trace_id.valid() + !link.span_id.valid();
      batch_.links.push_back(link);
      return ok && charge(1);
    });
  }

  model::SpanBatch& batch_;
  RejectedSpans rejected_;
  size_t spans_ = 0;
};

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

Result<DecodeReport> decode_traces_json(std::string body, const DecodeLimits& limits, model::SpanBatch& out) {
  if (is_blank(body)) return DecodeReport{};
  // Ill-formed bytes are never JSON's own characters, so mending the whole body keeps its structure.
  const bool mended = !simdjson::validate_utf8(body);
  if (mended) {
    std::string copy;
    append_utf8_lossy(copy, body);
    body = std::move(copy);
  }
  // Positions and sizes in a batch are 32 bits wide.
  if (body.size() >= UINT32_MAX - JsonReader::padding())
    return fail(invalid_argument("malformed OTLP traces: a body of 4 GiB or more"));
  const size_t size = body.size();
  body.append(JsonReader::padding(), ' ');
  const BatchMark mark(out);
  const std::string_view text = out.keep(std::move(body)).substr(0, size);
  auto report = TraceJsonDecoder(text, limits, out).run(mended);
  if (!report) {
    mark.restore(out);
    out.buffers.pop_back();
  }
  return report;
}

}  // namespace tercet::wire::otlp
