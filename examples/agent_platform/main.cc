// agent_platform: sends the traces of an imaginary agent platform over OTLP/HTTP, so that a fresh server has something
// to show. Runs until it is told to stop.
#include <signal.h>
#include <time.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "examples/agent_platform/platform_traces.h"
#include "net/http_client.h"
#include "wire/otlp/encode.h"

int main(int argc, char** argv) {
  CLI::App app{"Sends the traces of an imaginary agent platform over OTLP/HTTP"};
  std::string endpoint = "http://127.0.0.1:4318";
  double rate = 5;
  uint64_t seed = 0;
  uint64_t count = 0;
  app.add_option("--endpoint", endpoint, "OTLP/HTTP address")->capture_default_str();
  app.add_option("--rate", rate, "tasks a second")->capture_default_str()->check(CLI::Range(0.01, 10'000.0));
  app.add_option("--seed", seed, "of the random traces; 0 = another one each time");
  app.add_option("--count", count, "stop after so many tasks; 0 = never");
  CLI11_PARSE(app, argc, argv);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);

  tercet::SystemClock clock;
  tercet::SystemRandom entropy;
  tercet::SeededRandom random(seed != 0 ? seed : entropy.next());
  tercet::net::HttpClient client;
  bool complained = false;
  bool stop = false;
  for (uint64_t sent = 0; !stop && (count == 0 || sent < count);) {
    tercet::model::SpanBatch batch;
    // At high rates several tasks share a request, as an SDK's batch processor would have it.
    const uint64_t tasks = std::max<uint64_t>(1, static_cast<uint64_t>(rate / 20));
    for (uint64_t i = 0; i < tasks; ++i) tercet::example::append_task(random, clock.wall_ns(), batch);
    tercet::net::ClientRequest request;
    request.method = "POST";
    request.url = endpoint + "/v1/traces";
    request.headers.set("Content-Type", "application/x-protobuf");
    tercet::wire::otlp::encode_traces_proto(batch, request.body);
    const auto response = client.fetch(request, {});
    const bool ok = response && response->status == 200;
    if (!ok && !complained) {
      std::fprintf(
          stderr, "agent_platform: %s; trying on\n",
          response ? ("status " + std::to_string(response->status)).c_str() : response.error().message().c_str());
    }
    complained = !ok;
    sent += tasks;
    const auto pause_ns = static_cast<int64_t>(static_cast<double>(tasks) / rate * 1e9);
    const timespec pause{pause_ns / tercet::kSecond, pause_ns % tercet::kSecond};
    // Sleeps, and ends at once when told to stop.
    stop = sigtimedwait(&signals, nullptr, &pause) > 0;
  }
  return 0;
}
