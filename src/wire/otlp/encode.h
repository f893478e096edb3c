// Batches to OTLP bytes. Spans are grouped by resource and scope again; resources and scopes of equal content become
// one, also when the batch has them several times (rows gathered from several blocks). Groups stand in the order in
// which their first span stands in the batch, spans of a group in batch order. All functions append to `out`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/events/span_batch.h"

namespace tercet::wire::otlp {

/// The bytes of ExportTraceServiceRequest, TracesData and Tempo's Trace, which are the same.
void encode_traces_proto(const model::SpanBatch& batch, std::string& out);

enum class JsonDialect : uint8_t {
  kOtlp,          // OTLP/JSON: hex ids, enums as numbers
  kProtobufJson,  // plain protobuf JSON, what Tempo answers: base64 ids, enums by name
};

/// {"<top_key>":[…]}. 64-bit integers are strings, default values are left out, doubles are the shortest text that
/// reads back the same, NaN and the infinities are strings. `top_key` is "resourceSpans", or "batches" for Tempo's
/// first API.
void encode_traces_json(const model::SpanBatch& batch, JsonDialect dialect, std::string& out,
                        std::string_view top_key = "resourceSpans");

}  // namespace tercet::wire::otlp
