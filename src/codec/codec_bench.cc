// What the crafts cost. Bytes a second are of the raw side: the numbers or text, not what they are packed into.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "base/random.h"
#include "codec/bitstream.h"
#include "codec/compress.h"
#include "codec/crc32c.h"
#include "codec/filter.h"
#include "codec/hash.h"
#include "codec/int_pack.h"
#include "codec/varint.h"

namespace tercet::codec {
namespace {

constexpr size_t kRows = 8192;

std::string random_bytes(size_t length) {
  SeededRandom random(1);
  std::string out(length, 0);
  for (char& c : out) c = static_cast<char>(random.next());
  return out;
}

std::string log_text(size_t length) {
  SeededRandom random(2);
  std::string out;
  while (out.size() < length) {
    out += R"({"level":"info","service":"router","message":"selected model","duration_ms":)" +
           std::to_string(random.below(5000)) + R"(,"task_id":")" + std::to_string(random.next()) + "\"}\n";
  }
  out.resize(length);
  return out;
}

void count_items(benchmark::State& state, size_t items, size_t bytes_each) {
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * items));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * items * bytes_each));
}

void count_bytes(benchmark::State& state, size_t bytes) {
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * bytes));
}

/// Numbers of at most `bits` bits.
std::vector<uint64_t> numbers(unsigned bits) {
  SeededRandom random(bits);
  std::vector<uint64_t> out(kRows);
  for (uint64_t& v : out) v = random.next() >> (64 - bits);
  return out;
}

// ---- varint and bits
// -------------------------------------------------------------------------------------------------

void BM_VarintAppend(benchmark::State& state) {
  const auto values = numbers(static_cast<unsigned>(state.range(0)));
  std::string out;
  for (auto _ : state) {
    out.clear();
    for (const uint64_t v : values) append_varint(out, v);
    benchmark::DoNotOptimize(out.data());
  }
  count_items(state, kRows, 8);
}
BENCHMARK(BM_VarintAppend)->Arg(7)->Arg(20)->Arg(64);

void BM_VarintTake(benchmark::State& state) {
  std::string bytes;
  for (const uint64_t v : numbers(static_cast<unsigned>(state.range(0)))) append_varint(bytes, v);
  for (auto _ : state) {
    std::string_view in = bytes;
    uint64_t value = 0;
    uint64_t sum = 0;
    while (take_varint(in, value)) sum += value;
    benchmark::DoNotOptimize(sum);
  }
  count_items(state, kRows, 8);
}
BENCHMARK(BM_VarintTake)->Arg(7)->Arg(20)->Arg(64);

void BM_BitsPut(benchmark::State& state) {
  const auto values = numbers(static_cast<unsigned>(state.range(0)));
  const auto width = static_cast<unsigned>(state.range(0));
  BitWriter writer;
  for (auto _ : state) {
    writer.clear();
    for (const uint64_t v : values) writer.put(v, width);
    benchmark::DoNotOptimize(writer.bit_count());
  }
  count_items(state, kRows, 8);
}
BENCHMARK(BM_BitsPut)->Arg(1)->Arg(13)->Arg(64);

void BM_BitsGet(benchmark::State& state) {
  const auto width = static_cast<unsigned>(state.range(0));
  BitWriter writer;
  for (const uint64_t v : numbers(width)) writer.put(v, width);
  std::string bytes;
  writer.append_to(bytes);
  for (auto _ : state) {
    BitReader reader(bytes);
    uint64_t sum = 0;
    for (size_t i = 0; i < kRows; ++i) sum += reader.get(width);
    benchmark::DoNotOptimize(sum);
  }
  count_items(state, kRows, 8);
}
BENCHMARK(BM_BitsGet)->Arg(1)->Arg(13)->Arg(64);

// ---- checksums, hashes, filters
// --------------------------------------------------------------------------------------

void BM_Crc32c(benchmark::State& state) {
  const std::string bytes = random_bytes(static_cast<size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(crc32c(bytes));
  count_bytes(state, bytes.size());
}
BENCHMARK(BM_Crc32c)->Arg(64)->Arg(1024)->Arg(65536)->Arg(1 << 20);

void BM_Crc32cPlain(benchmark::State& state) {
  const std::string bytes = random_bytes(65536);
  for (auto _ : state) benchmark::DoNotOptimize(crc32c_extend_plain(0, bytes));
  count_bytes(state, bytes.size());
}
BENCHMARK(BM_Crc32cPlain);

void BM_Hash64(benchmark::State& state) {
  const std::string bytes = random_bytes(static_cast<size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(hash64(bytes));
  count_bytes(state, bytes.size());
}
BENCHMARK(BM_Hash64)->Arg(16)->Arg(100)->Arg(65536);

void BM_Hash128(benchmark::State& state) {
  const std::string bytes = random_bytes(static_cast<size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(hash128(bytes));
  count_bytes(state, bytes.size());
}
BENCHMARK(BM_Hash128)->Arg(16)->Arg(100)->Arg(65536);

void BM_FilterBuild(benchmark::State& state) {
  const auto hashes = numbers(64);
  for (auto _ : state) benchmark::DoNotOptimize(build_filter(hashes));
  count_items(state, kRows, 8);
}
BENCHMARK(BM_FilterBuild);

void BM_FilterAsk(benchmark::State& state) {
  const std::string filter = build_filter(numbers(64));
  const auto asked = numbers(63);
  for (auto _ : state) {
    size_t hits = 0;
    for (const uint64_t hash : asked) hits += may_contain(filter, hash << 1) ? 1 : 0;
    benchmark::DoNotOptimize(hits);
  }
  count_items(state, kRows, 8);
}
BENCHMARK(BM_FilterAsk);

// ---- integer columns
// -------------------------------------------------------------------------------------------------

enum Shape : int64_t { kSmall, kMillis, kSortedTimes, kRegularTimes, kRuns, kWide, kShapes };
constexpr const char* kShapeNames[] = {"12 bits", "ms, outliers", "sorted ns", "regular ns", "runs", "64 bits"};

std::vector<uint64_t> column(int64_t shape) {
  SeededRandom random(static_cast<uint64_t>(shape) + 1);
  std::vector<uint64_t> out(kRows);
  uint64_t at = 1'700'000'000'000'000'000;
  for (size_t i = 0; i < kRows; ++i) {
    switch (shape) {
      case kSmall: out[i] = random.below(4096); break;
      case kMillis: out[i] = random.below(1000) == 0 ? random.below(1'000'000) : random.below(500); break;
      case kSortedTimes: out[i] = at += random.below(2'000'000); break;
      case kRegularTimes: out[i] = at += 15'000'000'000; break;
      case kRuns: out[i] = random.below(100) == 0 ? at = random.below(1'000'000) : at; break;
      default: out[i] = random.next(); break;
    }
  }
  return out;
}

void BM_PackU64(benchmark::State& state) {
  const auto values = column(state.range(0));
  std::string out;
  for (auto _ : state) {
    out.clear();
    pack_u64(values, out);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetLabel(kShapeNames[state.range(0)]);
  state.counters["bits_each"] = static_cast<double>(out.size()) * 8 / kRows;
  count_items(state, kRows, 8);
}
BENCHMARK(BM_PackU64)->DenseRange(0, kShapes - 1);

void BM_UnpackU64(benchmark::State& state) {
  std::string bytes;
  pack_u64(column(state.range(0)), bytes);
  std::vector<uint64_t> out;
  for (auto _ : state) {
    std::string_view in = bytes;
    benchmark::DoNotOptimize(unpack_u64(in, kRows, out));
  }
  state.SetLabel(kShapeNames[state.range(0)]);
  count_items(state, kRows, 8);
}
BENCHMARK(BM_UnpackU64)->DenseRange(0, kShapes - 1);

// ---- compressors
// -----------------------------------------------------------------------------------------------------

void BM_Compress(benchmark::State& state) {
  const auto codec = static_cast<Codec>(state.range(0));
  const std::string raw = log_text(static_cast<size_t>(state.range(1)));
  std::string out;
  for (auto _ : state) {
    out.clear();
    benchmark::DoNotOptimize(compress(codec, 1, raw, out));
  }
  state.SetLabel(std::string(codec_name(codec)));
  state.counters["ratio"] = static_cast<double>(raw.size()) / static_cast<double>(out.size());
  count_bytes(state, raw.size());
}
BENCHMARK(BM_Compress)->ArgsProduct({{1, 2, 3, 4}, {2000, 262144}});

void BM_Decompress(benchmark::State& state) {
  const auto codec = static_cast<Codec>(state.range(0));
  const std::string raw = log_text(static_cast<size_t>(state.range(1)));
  std::string bytes;
  if (!compress(codec, 1, raw, bytes)) return state.SkipWithError("does not compress");
  std::string out;
  for (auto _ : state) {
    out.clear();
    benchmark::DoNotOptimize(codec == Codec::kLz4 ? decompress_lz4(bytes, raw.size(), out)
                                                  : decompress(codec, bytes, raw.size(), out));
  }
  state.SetLabel(std::string(codec_name(codec)));
  count_bytes(state, raw.size());
}
BENCHMARK(BM_Decompress)->ArgsProduct({{1, 2, 3, 4}, {2000, 262144}});

}  // namespace
}  // namespace tercet::codec
