// What an OTLP receiver answers: the export response of success, and google.rpc.Status for everything else, in the
// request's encoding. Over gRPC the status bytes travel as the trailer grpc-status-details-bin.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/otlp/encoding.h"

namespace tercet::wire::otlp {

/// ExportTraceServiceResponse. partial_success is left out when nothing was rejected and there is no message (zero
/// bytes,
/// `{}`); a message with nothing rejected is a warning.
std::string encode_trace_response(Encoding encoding, uint64_t rejected_spans, std::string_view message);

/// google.rpc.Status. A `retry_delay` above zero adds a RetryInfo detail, in JSON too (as protobuf JSON has details).
std::string encode_status(Encoding encoding, Code code, std::string_view message,
                          std::chrono::milliseconds retry_delay = std::chrono::milliseconds{0});

/// The status of an error, with its retry hint.
inline std::string encode_status(Encoding encoding, const Error& error) {
  return encode_status(encoding, error.code(), error.message(), error.retry_after());
}

struct TraceResponse {
  uint64_t rejected_spans = 0;
  std::string message;
};

/// For clients: what encode_trace_response wrote, or any other server's.
Result<TraceResponse> decode_trace_response_proto(std::string_view body);

struct RpcStatus {
  Code code = Code::kOk;  // numbers outside the canonical set are kUnknown
  std::string message;
  std::chrono::milliseconds retry_delay{0};  // zero = no RetryInfo
};

/// google.rpc.Status with its RetryInfo detail, from an HTTP body or from grpc-status-details-bin.
Result<RpcStatus> decode_status_proto(std::string_view body);

}  // namespace tercet::wire::otlp
