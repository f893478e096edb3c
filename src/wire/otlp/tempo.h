// Tempo's answers that hold a trace (tempopb, Tempo 3): Trace{1: repeated ResourceSpans} and
// TraceByIDResponse{1: Trace, 2: TraceByIDMetrics{1: inspectedBytes}, 3: PartialStatus, 4: message}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/events/span_batch.h"

namespace tercet::wire::otlp {

struct TraceByIdInfo {
  uint64_t inspected_bytes = 0;
  bool partial = false;  // PARTIAL: the trace is larger than the limit, or a part of the store did not answer
  std::string_view message;
};

/// Trace: the answer of /api/traces/{id} with Accept: application/protobuf. Appends.
void encode_tempo_trace_proto(const model::SpanBatch& batch, std::string& out);

/// TraceByIDResponse: the answer of /api/v2/traces/{id}, protobuf and JSON (protobuf JSON with base64 ids, top key
/// "trace"). Both append.
void encode_trace_by_id_proto(const model::SpanBatch& batch, const TraceByIdInfo& info, std::string& out);
void encode_trace_by_id_json(const model::SpanBatch& batch, const TraceByIdInfo& info, std::string& out);

}  // namespace tercet::wire::otlp
