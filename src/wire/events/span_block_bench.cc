// Encoding and reading of span blocks, ns a span. Spans as an SDK sends them: 20 attributes, 18 of them repeating.
#include <benchmark/benchmark.h>

#include <numeric>

#include "base/random.h"
#include "wire/events/span_block.h"

namespace tercet::wire {
namespace {

model::SpanBatch make_batch(size_t spans) {
  SeededRandom random(1);
  model::SpanBatch b;
  b.attributes.push_back({"service.name", model::Value::string("router")});
  b.resources.push_back({{0, 1}, 0, {}});
  b.scopes.push_back({0, "lib", "1", {}, 0, {}});
  std::vector<std::string_view> keys;
  for (int k = 0; k < 20; ++k) keys.push_back(b.keep("attribute.number." + std::to_string(k)));
  for (size_t i = 0; i < spans; ++i) {
    model::Span s;
    s.trace_id = {random.next(), i / 8 + 1};
    s.span_id = {random.next() | 1};
    s.name = b.keep("operation " + std::to_string(random.below(20)));
    s.start_ns = 1'700'000'000'000'000'000 + i * 1'000'003;
    s.end_ns = s.start_ns + random.below(50'000'000);
    s.attributes = {static_cast<uint32_t>(b.attributes.size()), 20};
    for (int k = 0; k < 20; ++k) {
      const uint64_t distinct = k < 12 ? 100 : k < 18 ? 10'000 : 1'000'000;
      b.attributes.push_back({keys[static_cast<size_t>(k)],
                              model::Value::string(b.keep("value-" + std::to_string(random.below(distinct))))});
    }
    b.spans.push_back(s);
  }
  return b;
}

void encode(benchmark::State& state) {
  const auto batch = make_batch(512);
  const bool sealed = state.range(0) != 0;
  size_t bytes = 0;
  for (auto _ : state) bytes = encode_spans(batch, {}, {sealed, 1}).size();
  state.SetItemsProcessed(state.iterations() * 512);
  state.counters["bytes_per_span"] = static_cast<double>(bytes) / 512;
}
BENCHMARK(encode)->Arg(0)->Arg(1);

void read_rows(benchmark::State& state) {
  const std::string bytes = encode_spans(make_batch(512), {}, {true, 1});
  std::vector<uint32_t> rows(512);
  std::iota(rows.begin(), rows.end(), 0);
  for (auto _ : state) {
    auto block = SpanBlock::open(bytes);
    model::SpanBatch out;
    benchmark::DoNotOptimize(block->append_rows(rows, out, false));
  }
  state.SetItemsProcessed(state.iterations() * 512);
}
BENCHMARK(read_rows);

}  // namespace
}  // namespace tercet::wire
