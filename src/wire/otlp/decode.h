// OTLP bytes to batches: the body of an ExportTraceServiceRequest (which has the bytes of TracesData, and of Tempo's
// Trace) in protobuf or JSON, opentelemetry-proto 1.9, OTLP specification 1.11.
//
// A decoder takes the body over and the batch's strings are views into it: nothing is copied but what has to be
// mended or unescaped. It appends to the batch, so several bodies can fill one. After an error the batch's columns are
// as they were before (its arena and buffers may have grown); errors are invalid_argument: the sender must not retry.
//
// What a sender may do wrong without losing the batch, each counted in DecodeReport: spans with a trace or span id of
// wrong length or all zero are dropped; wrong parent ids make a root; links keep their place with a blank id; duplicate
// attribute keys keep the first one's place and the last one's value; ill-formed UTF-8 becomes U+FFFD.
// Unknown fields, unknown keys and unknown enum numbers are never an error. Resources and scopes that end up without a
// span are left out. Functions hold no state: any thread, any number at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "model/events/span_batch.h"
#include "wire/otlp/encoding.h"

namespace tercet::wire::otlp {

/// Guards against requests that are small on the wire and large in memory. At a limit the whole request is refused and
/// the error names the limit; the body's own size is the transport's business (it inflates under a cap).
struct DecodeLimits {
  /// Nested arrays and maps of an attribute's value; the value itself is depth 1. JSON: also objects and arrays below
  /// an unknown key. A level takes some hundred bytes of stack (JSON: about a kilobyte).
  size_t max_depth = 64;
  size_t max_spans = 1'000'000;
  /// Of one resource, scope, span, event or link, and entries of one nested array or map.
  size_t max_attributes = 10'000;
  size_t max_events = 100'000;  // of one span
  size_t max_links = 100'000;   // of one span
  /// Spans, events, links, attributes, array items and map entries of a request together. An empty one takes two bytes
  /// on the wire and up to 56 in memory, so this bounds a batch to about 230 MB beyond its body.
  size_t max_elements = 4'000'000;
};

struct DecodeReport {
  uint64_t rejected_spans = 0;
  /// Why spans were rejected: "2 spans with an invalid trace id, 1 span with an invalid span id". Empty when none was.
  std::string message;

  // What was mended or blanked, in what was accepted.
  uint64_t invalid_parent_ids = 0;
  uint64_t invalid_link_ids = 0;  // trace and span ids of links, each counted
  uint64_t duplicate_keys = 0;
  uint64_t invalid_utf8 = 0;  // strings; JSON: a whole body counts once, and each string with a lone surrogate
};

/// An empty body is an empty batch. Errors carry the byte offset and the message and field being read.
Result<DecodeReport> decode_traces_proto(std::string body, const DecodeLimits& limits, model::SpanBatch& out);

/// Protobuf's JSON mapping with OTLP's exceptions: hex ids, any case. Also taken: ids of 24 / 12 characters as base64
/// and the top key `batches` (Tempo's dialect), enums by name, 32-bit integers as strings. Numbers of 64 bits are
/// exact, integral exponents included (1e3); fractions and out-of-range are refused. null is absent. A value of the
/// wrong JSON type is an error that names its path: "resourceSpans[0].scopeSpans[0].spans[2].name: …".
Result<DecodeReport> decode_traces_json(std::string body, const DecodeLimits& limits, model::SpanBatch& out);

inline Result<DecodeReport> decode_traces(Encoding encoding, std::string body, const DecodeLimits& limits,
                                          model::SpanBatch& out) {
  return encoding == Encoding::kProto ? decode_traces_proto(std::move(body), limits, out)
                                      : decode_traces_json(std::move(body), limits, out);
}

}  // namespace tercet::wire::otlp
