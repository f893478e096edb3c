// Decoding and encoding of OTLP traces in CPU time; README.md says what is measured and on which payload.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <time.h>

#include "bench/otlp/sdk_payload.h"
#include "wire/otlp/decode.h"
#include "wire/otlp/encode.h"

namespace tercet::bench {
namespace {

namespace otlp = wire::otlp;

constexpr size_t kRequests = 64;
constexpr uint64_t kSeed = 20'260'901;

struct Size {
  const char* suffix;
  size_t runs;
  double seconds;  // of CPU, a figure and run
};

double cpu_seconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

uint64_t fnv1a(uint64_t hash, std::string_view bytes) {
  for (const char c : bytes) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001B3u;
  return hash;
}

/// Bytes handled and CPU seconds spent, over rounds of all requests.
struct Measured {
  double bytes = 0;
  double seconds = 0;
};

struct Figure {
  const char* name;
  double goal;  // MB/s; 0 = none
  std::function<bool(Measured&)> round;
  std::vector<double> mb_per_s;
};

bool decode_round(otlp::Encoding encoding, const std::vector<std::string>& bodies, Measured& out) {
  std::vector<std::string> copies = bodies;
  // A receiver reads into a buffer of its own choice: the padding that JSON wants is there.
  for (std::string& copy : copies) copy.reserve(copy.size() + 256);
  const double begin = cpu_seconds();
  for (std::string& copy : copies) {
    out.bytes += static_cast<double>(copy.size());
    model::SpanBatch batch;
    const auto report = otlp::decode_traces(encoding, std::move(copy), {}, batch);
    if (!report || batch.spans.size() != 512) return false;
  }
  out.seconds += cpu_seconds() - begin;
  return true;
}

bool encode_round(otlp::Encoding encoding, const std::vector<model::SpanBatch>& batches, Measured& out) {
  const double begin = cpu_seconds();
  for (const model::SpanBatch& batch : batches) {
    std::string bytes;
    if (encoding == otlp::Encoding::kProto) {
      otlp::encode_traces_proto(batch, bytes);
    } else {
      otlp::encode_traces_json(batch, otlp::JsonDialect::kOtlp, bytes);
    }
    out.bytes += static_cast<double>(bytes.size());
  }
  out.seconds += cpu_seconds() - begin;
  return true;
}

bool run_once(Figure& figure, double seconds) {
  Measured measured;
  while (measured.seconds < seconds) {
    if (!figure.round(measured)) return false;
  }
  figure.mb_per_s.push_back(measured.bytes / measured.seconds / 1e6);
  return true;
}

void print(Figure& figure, const Size& size, double bytes_per_span, uint64_t input) {
  std::sort(figure.mb_per_s.begin(), figure.mb_per_s.end());
  const double median = figure.mb_per_s[figure.mb_per_s.size() / 2];
  const double spread = (figure.mb_per_s.back() - figure.mb_per_s.front()) / median;
  std::printf("%-24s %8.0f MB/s a core  %6.0f ns a span  spread %.2f\n", figure.name, median,
              bytes_per_span / median * 1e3, spread);
  std::string goals;
  if (figure.goal > 0)
    goals = "\"milestone\":" + std::to_string(static_cast<int>(figure.goal)) +
            ",\"goal\":" + std::to_string(static_cast<int>(figure.goal)) + ",";
  std::printf(
      "{\"figure\":\"%s%s\",\"unit\":\"MB/s/"
      "core\",\"better\":\"higher\",\"tercet\":%.1f,\"peers\":{},%s\"runs\":%zu,\"spread\":%.3f,\"input\":\"%016llx\"}"
      "\n",
      figure.name, size.suffix, median, goals.c_str(), figure.mb_per_s.size(), spread,
      static_cast<unsigned long long>(input));
}

int run(const Size& size) {
  const std::vector<model::SpanBatch> batches = sdk_batches(kRequests, kSeed);
  std::vector<std::string> protos(kRequests), jsons(kRequests);
  uint64_t input = 0xCBF29CE484222325u;
  double proto_bytes = 0, json_bytes = 0, spans = 0;
  for (size_t i = 0; i < kRequests; ++i) {
    otlp::encode_traces_proto(batches[i], protos[i]);
    otlp::encode_traces_json(batches[i], otlp::JsonDialect::kOtlp, jsons[i]);
    input = fnv1a(fnv1a(input, protos[i]), jsons[i]);
    proto_bytes += static_cast<double>(protos[i].size());
    json_bytes += static_cast<double>(jsons[i].size());
    spans += static_cast<double>(batches[i].spans.size());
  }
  using otlp::Encoding;
  std::vector<Figure> figures = {
      {"otlp_proto_decode", 500, [&](Measured& m) { return decode_round(Encoding::kProto, protos, m); }, {}},
      {"otlp_json_decode", 0, [&](Measured& m) { return decode_round(Encoding::kJson, jsons, m); }, {}},
      {"otlp_proto_encode", 0, [&](Measured& m) { return encode_round(Encoding::kProto, batches, m); }, {}},
      {"otlp_json_encode", 0, [&](Measured& m) { return encode_round(Encoding::kJson, batches, m); }, {}},
  };
  std::printf("%.0f spans in %zu requests; a span takes %.0f bytes in protobuf, %.0f in JSON\n", spans, kRequests,
              proto_bytes / spans, json_bytes / spans);
  for (size_t r = 0; r < size.runs; ++r) {
    for (Figure& figure : figures) {
      if (!run_once(figure, size.seconds)) {
        std::fprintf(stderr, "bench_otlp: %s: a payload was not decoded\n", figure.name);
        return 1;
      }
    }
  }
  for (Figure& figure : figures) {
    const bool json = std::strstr(figure.name, "json") != nullptr;
    print(figure, size, (json ? json_bytes : proto_bytes) / spans, input);
  }
  return 0;
}

}  // namespace
}  // namespace tercet::bench

int main(int argc, char** argv) {
  tercet::bench::Size size{"", 5, 2.0};
  if (argc == 2 && std::strcmp(argv[1], "--quick") == 0) {
    size = {"@quick", 1, 1.0};
  } else if (argc == 2 && std::strcmp(argv[1], "--full") == 0) {
    size = {"@full", 15, 4.0};
  } else if (argc != 1) {
    std::fprintf(stderr, "usage: bench_otlp [--quick|--full]\n");
    return 2;
  }
  return tercet::bench::run(size);
}
