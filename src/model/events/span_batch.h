// Spans as OTLP means them (opentelemetry-proto 1.9 trace.proto), in flat columns: a span's attributes, events and
// links are runs in the batch's columns, so that decoding a request is appends and nothing else.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/events/batch.h"
#include "model/events/ids.h"

namespace tercet::model {

/// Numbers as on the wire.
enum class SpanKind : uint8_t {
  kUnspecified = 0,
  kInternal = 1,
  kServer = 2,
  kClient = 3,
  kProducer = 4,
  kConsumer = 5
};
enum class StatusCode : uint8_t { kUnset = 0, kOk = 1, kError = 2 };

struct Span {
  TraceId trace_id;
  SpanId span_id;
  SpanId parent_span_id;  // invalid() = root
  uint32_t scope = 0;     // index into scopes
  uint32_t flags = 0;     // low byte W3C trace flags, bits 8 and 9 "is remote"
  std::string_view name;
  std::string_view trace_state;
  std::string_view status_message;
  uint64_t start_ns = 0;  // since 1970
  uint64_t end_ns = 0;
  SpanKind kind = SpanKind::kUnspecified;
  StatusCode status = StatusCode::kUnset;
  Range attributes;
  Range events;
  Range links;
  uint32_t dropped_attributes = 0;
  uint32_t dropped_events = 0;
  uint32_t dropped_links = 0;

  /// Zero when the end lies before the start (a sender's clock stepped).
  uint64_t duration_ns() const { return end_ns > start_ns ? end_ns - start_ns : 0; }
};

struct SpanEvent {
  uint64_t time_ns = 0;
  std::string_view name;
  Range attributes;
  uint32_t dropped_attributes = 0;
};

struct SpanLink {
  TraceId trace_id;
  SpanId span_id;
  std::string_view trace_state;
  Range attributes;
  uint32_t dropped_attributes = 0;
  uint32_t flags = 0;
};

struct SpanBatch : EventBatch {
  std::vector<Span> spans;
  std::vector<SpanEvent> events;
  std::vector<SpanLink> links;

  size_t footprint() const {
    return EventBatch::footprint() + spans.capacity() * sizeof(Span) + events.capacity() * sizeof(SpanEvent) +
           links.capacity() * sizeof(SpanLink);
  }
};

/// Appends a copy of row `row` of `from`, with its own resource, scope, attributes, events and links, to `to`. Strings
/// are copied to `to`'s arena. `last_scope` remembers (from's scope → to's scope) between calls; start with kNoScope.
struct ScopeCopy {
  static constexpr uint32_t kNone = UINT32_MAX;
  uint32_t from = kNone;
  uint32_t to = kNone;
};
void append_copy(SpanBatch& to, const SpanBatch& from, uint32_t row, ScopeCopy& last_scope);

}  // namespace tercet::model
