// Garbage never crashes the JSON decoder, and what it accepts is stable in both dialects.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "wire/otlp/compare.h"
#include "wire/otlp/decode.h"
#include "wire/otlp/encode.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace otlp = tercet::wire::otlp;
  otlp::DecodeLimits limits;
  limits.max_depth = 20;
  tercet::model::SpanBatch batch;
  if (!otlp::decode_traces_json(std::string(reinterpret_cast<const char*>(data), size), limits, batch)) {
    CHECK(batch.spans.empty() && batch.attributes.empty() && batch.buffers.empty());
    return 0;
  }
  for (const auto dialect : {otlp::JsonDialect::kOtlp, otlp::JsonDialect::kProtobufJson}) {
    std::string text;
    otlp::encode_traces_json(batch, dialect, text);
    tercet::model::SpanBatch again;
    const auto report = otlp::decode_traces_json(text, {}, again);
    CHECK(report && report->rejected_spans == 0 && report->duplicate_keys == 0 && report->invalid_utf8 == 0);
    CHECK(otlp::first_difference(batch, again).empty());
    std::string twice;
    otlp::encode_traces_json(again, dialect, twice);
    CHECK(twice == text);
  }
  return 0;
}
