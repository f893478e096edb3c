// Garbage never crashes the protobuf decoder, and what it accepts is stable: decode, encode, decode gives the same.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "wire/otlp/compare.h"
#include "wire/otlp/decode.h"
#include "wire/otlp/encode.h"
#include "wire/otlp/response.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace otlp = tercet::wire::otlp;
  const std::string body(reinterpret_cast<const char*>(data), size);
  (void)otlp::decode_trace_response_proto(body);
  (void)otlp::decode_status_proto(body);
  otlp::DecodeLimits limits;
  limits.max_depth = 20;
  limits.max_elements = 10'000;
  tercet::model::SpanBatch batch;
  if (!otlp::decode_traces_proto(body, limits, batch)) {
    CHECK(batch.spans.empty() && batch.attributes.empty() && batch.buffers.empty());
    return 0;
  }
  std::string bytes;
  otlp::encode_traces_proto(batch, bytes);
  tercet::model::SpanBatch again;
  const auto report = otlp::decode_traces_proto(bytes, {}, again);
  CHECK(report && report->rejected_spans == 0 && report->duplicate_keys == 0 && report->invalid_utf8 == 0);
  CHECK(otlp::first_difference(batch, again).empty());
  std::string twice;
  otlp::encode_traces_proto(again, twice);
  CHECK(twice == bytes);
  return 0;
}
