// Micro benchmarks: our cursor against protozero's over the same bytes, and the decoders on top of them.
// The figures that count are those of bench/otlp.
#include <benchmark/benchmark.h>

#include <string>

#include <protozero/pbf_reader.hpp>

#include "base/random.h"
#include "model/events/span_batch.h"
#include "wire/otlp/decode.h"
#include "wire/otlp/encode.h"
#include "wire/otlp/proto_reader.h"

namespace tercet::wire::otlp {
namespace {

/// Twenty short attributes a span, as SDKs send.
std::string payload() {
  SeededRandom random(1);
  model::SpanBatch batch;
  batch.resources.emplace_back();
  batch.scopes.emplace_back();
  for (uint64_t i = 1; i <= 512; ++i) {
    model::Span s;
    s.trace_id = {i, i};
    s.span_id = {i};
    s.name = "operation";
    s.start_ns = s.end_ns = i;
    s.attributes = {static_cast<uint32_t>(batch.attributes.size()), 20};
    for (int a = 0; a < 20; ++a) {
      const std::string_view key = batch.arena.copy("some.attribute." + std::to_string(a));
      const std::string_view text = batch.arena.copy("value-" + std::to_string(random.below(10'000)));
      batch.attributes.push_back({key, a % 5 == 0 ? model::Value::integer(a) : model::Value::string(text)});
    }
    batch.spans.push_back(s);
  }
  std::string out;
  encode_traces_proto(batch, out);
  return out;
}

/// Which fields are messages, by depth: TracesData, ResourceSpans, ScopeSpans, Span, KeyValue, AnyValue.
constexpr uint32_t kMessageField[] = {1, 2, 2, 9, 2, 0};

size_t walk_ours(std::string_view bytes, size_t level, ProtoFailure& failure) {
  size_t fields = 0;
  ProtoReader in(bytes, "message", failure);
  while (in.next()) {
    ++fields;
    if (in.tag() == length(kMessageField[level])) {
      fields += walk_ours(in.bytes(), level + 1, failure);
    } else {
      benchmark::DoNotOptimize(in.scalar());
    }
  }
  return fields;
}

size_t walk_protozero(protozero::data_view bytes, size_t level) {
  size_t fields = 0;
  protozero::pbf_reader in(bytes);
  while (in.next()) {
    ++fields;
    if (in.tag() == kMessageField[level] && in.wire_type() == protozero::pbf_wire_type::length_delimited) {
      fields += walk_protozero(in.get_view(), level + 1);
      continue;
    }
    switch (in.wire_type()) {
      case protozero::pbf_wire_type::varint: benchmark::DoNotOptimize(in.get_uint64()); break;
      case protozero::pbf_wire_type::fixed64: benchmark::DoNotOptimize(in.get_fixed64()); break;
      case protozero::pbf_wire_type::length_delimited: benchmark::DoNotOptimize(in.get_view()); break;
      default: in.skip();
    }
  }
  return fields;
}

void walk_with_ours(benchmark::State& state) {
  const std::string body = payload();
  ProtoFailure failure(body);
  for (auto _ : state) benchmark::DoNotOptimize(walk_ours(body, 0, failure));
  state.SetBytesProcessed(static_cast<int64_t>(body.size()) * state.iterations());
}
BENCHMARK(walk_with_ours);

void walk_with_protozero(benchmark::State& state) {
  const std::string body = payload();
  for (auto _ : state) benchmark::DoNotOptimize(walk_protozero({body.data(), body.size()}, 0));
  state.SetBytesProcessed(static_cast<int64_t>(body.size()) * state.iterations());
}
BENCHMARK(walk_with_protozero);

void decode_body(benchmark::State& state, Encoding encoding, const std::string& body) {
  for (auto _ : state) {
    model::SpanBatch batch;
    benchmark::DoNotOptimize(decode_traces(encoding, body, {}, batch));
  }
  state.SetBytesProcessed(static_cast<int64_t>(body.size()) * state.iterations());
}

void decode_proto(benchmark::State& state) { decode_body(state, Encoding::kProto, payload()); }
BENCHMARK(decode_proto);

void decode_json(benchmark::State& state) {
  model::SpanBatch batch;
  std::string text;
  if (decode_traces_proto(payload(), {}, batch)) encode_traces_json(batch, JsonDialect::kOtlp, text);
  decode_body(state, Encoding::kJson, text);
}
BENCHMARK(decode_json);

}  // namespace
}  // namespace tercet::wire::otlp
