// The two encodings against each other: what protobuf gives survives JSON, in both dialects, and a random batch
// survives everything. An input of at most eight bytes that is no request seeds the generator.
#include <cstdint>
#include <cstring>
#include <string>

#include "base/check.h"
#include "wire/otlp/compare.h"
#include "wire/otlp/decode.h"
#include "wire/otlp/encode.h"
#include "wire/otlp/random_batch.h"

namespace {

namespace otlp = tercet::wire::otlp;

void check_json(const tercet::model::SpanBatch& batch, otlp::JsonDialect dialect) {
  std::string text;
  otlp::encode_traces_json(batch, dialect, text);
  tercet::model::SpanBatch from_json;
  CHECK(otlp::decode_traces_json(text, {}, from_json));
  CHECK(otlp::first_difference(batch, from_json).empty());
  std::string bytes;
  otlp::encode_traces_proto(from_json, bytes);
  tercet::model::SpanBatch from_proto;
  CHECK(otlp::decode_traces_proto(bytes, {}, from_proto));
  CHECK(otlp::first_difference(batch, from_proto).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  otlp::DecodeLimits limits;
  limits.max_elements = 10'000;
  tercet::model::SpanBatch batch;
  if (!otlp::decode_traces_proto(std::string(reinterpret_cast<const char*>(data), size), limits, batch)) {
    uint64_t seed = 0;
    if (size == 0 || size > sizeof seed) return 0;
    std::memcpy(&seed, data, size);
    batch = otlp::RandomBatch(seed).make();
  }
  check_json(batch, otlp::JsonDialect::kOtlp);
  check_json(batch, otlp::JsonDialect::kProtobufJson);
  return 0;
}
