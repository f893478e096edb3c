// The real server as a child process, fed with OTLP over loopback: CPU a million spans from the first byte until
// sealing and merging are quiescent, disk a span, memory, time until ready. README.md says what is measured and how.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "bench/otlp/sdk_payload.h"
#include "net/http_client.h"
#include "wire/otlp/encode.h"

extern char** environ;

namespace tercet::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr uint64_t kSeed = 20'260'902;
constexpr size_t kSenders = 4;
constexpr size_t kSpansARequest = 512;

struct Child {
  pid_t pid = 0;
  std::string http;
  std::string otlp;
  double ready_ms = 0;
};

// Starts the server with an early seal, so that the work of sealing and merging falls into the measurement.
Child start(const std::string& binary, const fs::path& data) {
  const fs::path config = data.string() + ".yaml";
  std::ofstream(config) << "storage:\n  events:\n    head_bytes_max: 16MiB\n    seal_after: 5s\n";
  int out[2];
  if (pipe(out) != 0) return {};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_addclose(&actions, out[0]);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  std::vector<std::string> words = {binary,        "serve",       "--config",    config.string(),
                                    "--data",      data.string(), "--listen",    "127.0.0.1:0",
                                    "--otlp-http", "127.0.0.1:0", "--otlp-grpc", "127.0.0.1:0"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  Child child;
  const auto began = Clock::now();
  if (posix_spawn(&child.pid, binary.c_str(), &actions, nullptr, arguments.data(), environ) != 0) return {};
  close(out[1]);
  std::string line;
  char c;
  while (read(out[0], &c, 1) == 1 && c != '\n') line.push_back(c);
  close(out[0]);
  child.ready_ms = std::chrono::duration<double, std::milli>(Clock::now() - began).count();
  std::istringstream words_in(line);
  for (std::string word; words_in >> word;) {
    if (word.starts_with("http=")) child.http = "http://" + word.substr(5);
    if (word.starts_with("otlp_http=")) child.otlp = "http://" + word.substr(10);
  }
  return child;
}

double cpu_seconds(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  std::istringstream in(text.substr(text.rfind(')') + 2));
  std::string word;
  double ticks = 0;
  for (int i = 3; i <= 15 && in >> word; ++i) {
    if (i == 14 || i == 15) ticks += std::stod(word);
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double status_mib(pid_t pid, std::string_view field) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(field)) return std::stod(line.substr(field.size() + 1)) / 1024;
  }
  return 0;
}

double disk_bytes(const fs::path& folder) {
  double total = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) total += static_cast<double>(entry.file_size());
  }
  return total;
}

// CPU stands still over three seconds: nothing is sealed or merged any more.
void wait_quiescent(pid_t pid) {
  double last = cpu_seconds(pid);
  for (int still = 0; still < 12;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const double now = cpu_seconds(pid);
    still = now - last < 0.02 ? still + 1 : 0;
    last = now;
  }
}

struct Run {
  double ready_ms = 0, idle_mib = 0, cpu_per_million = 0, spans_per_second = 0, bytes_per_span = 0, peak_mib = 0;
};

bool measure(const std::string& binary, const fs::path& folder, const std::vector<std::string>& bodies, size_t requests,
             Run& run) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  const Child child = start(binary, folder / "data");
  if (child.otlp.empty()) {
    std::fprintf(stderr, "bench_ingest: %s did not start\n", binary.c_str());
    return false;
  }
  run.ready_ms = child.ready_ms;
  run.idle_mib = status_mib(child.pid, "VmRSS:");
  const double cpu_before = cpu_seconds(child.pid);
  const auto began = Clock::now();
  std::atomic<size_t> next{0};
  std::atomic<size_t> failed{0};
  std::vector<std::thread> senders;
  for (size_t s = 0; s < kSenders; ++s) {
    senders.emplace_back([&] {
      net::HttpClient client;
      for (size_t i; (i = next.fetch_add(1)) < requests;) {
        net::ClientRequest request;
        request.method = "POST";
        request.url = child.otlp + "/v1/traces";
        request.headers.set("Content-Type", "application/x-protobuf");
        request.body = bodies[i % bodies.size()];
        const auto answer = client.fetch(request, {});
        if (!answer || answer->status != 200) ++failed;
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  const double spans = static_cast<double>(requests * kSpansARequest);
  run.spans_per_second = spans / std::chrono::duration<double>(Clock::now() - began).count();
  wait_quiescent(child.pid);
  run.cpu_per_million = (cpu_seconds(child.pid) - cpu_before) / spans * 1e6;
  run.peak_mib = status_mib(child.pid, "VmHWM:");
  run.bytes_per_span = disk_bytes(folder / "data" / "events") / spans;
  kill(child.pid, SIGTERM);
  int status = 0;
  waitpid(child.pid, &status, 0);
  fs::remove_all(folder);
  if (failed != 0) std::fprintf(stderr, "bench_ingest: %zu requests were not answered 200\n", failed.load());
  return failed == 0;
}

void print(const char* name, const char* unit, const char* better, std::vector<double> values, const char* suffix,
           double goal) {
  std::sort(values.begin(), values.end());
  const double median = values[values.size() / 2];
  const double spread = median > 0 ? (values.back() - values.front()) / median : 0;
  std::printf("%-36s %12.2f %-10s (%.2f to %.2f)\n", name, median, unit, values.front(), values.back());
  std::printf(
      "{\"figure\":\"%s%s\",\"unit\":\"%s\",\"better\":\"%s\",\"tercet\":%.4g,\"peers\":{},\"missing_peers\":["
      "\"tempo\",\"jaeger\"],\"goal\":%.4g,\"runs\":%zu,\"spread\":%.2f,\"input\":\"sdk_payload seed %llu\"}\n",
      name, suffix, unit, better, median, goal, values.size(), spread, static_cast<unsigned long long>(kSeed));
}

int main_with(int argc, char** argv) {
  bool quick = false;
  bool full = false;
  std::string binary = (fs::path(argv[0]).parent_path() / "tercet").string();
  std::string folder = (fs::temp_directory_path() / ("tercet-bench-" + std::to_string(getpid()))).string();
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--quick") == 0) quick = true;
    if (std::strcmp(argv[i], "--full") == 0) full = true;
    if (std::strcmp(argv[i], "--dir") == 0 && i + 1 < argc) folder = std::string(argv[++i]) + "/tercet-bench";
    if (std::strcmp(argv[i], "--server") == 0 && i + 1 < argc) binary = argv[++i];
  }
  const size_t runs = quick ? 1 : 5;
  const size_t requests = quick ? 400 : full ? 20'000 : 2'000;
  // Different requests in number enough that a store does not win by seeing the same bytes again.
  std::vector<std::string> bodies;
  for (const model::SpanBatch& batch : sdk_batches(std::min<size_t>(requests, 2'000), kSeed))
    wire::otlp::encode_traces_proto(batch, bodies.emplace_back());
  std::vector<double> ready, idle, cpu, rate, disk, peak;
  for (size_t r = 0; r < runs; ++r) {
    Run run;
    if (!measure(binary, folder, bodies, requests, run)) return 1;
    ready.push_back(run.ready_ms);
    idle.push_back(run.idle_mib);
    cpu.push_back(run.cpu_per_million);
    rate.push_back(run.spans_per_second);
    disk.push_back(run.bytes_per_span);
    peak.push_back(run.peak_mib);
  }
  const char* suffix = quick ? "@quick" : full ? "@full" : "";
  print("ready_ms_empty_directory", "ms", "lower", ready, suffix, 200);
  print("idle_rss_mib", "MiB", "lower", idle, suffix, 40);
  print("span_ingest_cpu_s_per_million", "s", "lower", cpu, suffix, 0);
  print("span_ingest_per_second", "spans/s", "higher", rate, suffix, 0);
  print("span_disk_bytes", "B/span", "lower", disk, suffix, 0);
  print("ingest_peak_rss_mib", "MiB", "lower", peak, suffix, 0);
  return 0;
}

}  // namespace
}  // namespace tercet::bench

int main(int argc, char** argv) { return tercet::bench::main_with(argc, argv); }
