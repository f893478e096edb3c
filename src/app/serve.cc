#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <string>

#include "app/commands.h"
#include "app/config_file.h"
#include "app/server.h"

namespace tercet::app {

namespace {

// Flags win over the file.
void apply_flags(const ServeOptions& options, AppConfig& config) {
  const auto set = [](const std::string& flag, std::string& value) {
    if (!flag.empty()) value = flag;
  };
  set(options.data, config.data_path);
  set(options.listen, config.server.listen);
  set(options.otlp_http, config.server.otlp_http);
  config.server.otlp_http_by_name |= !options.otlp_http.empty();
  set(options.otlp_grpc, config.server.otlp_grpc);
}

// Blocks the signals in every thread that is made from here on; wait_for_signal() takes them.
sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, number);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

// The soft limit of 1024 is there for programs that use select(); connections, segments and parts share these.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int serve(const ServeOptions& options) {
  AppConfig config;
  if (!options.config_file.empty()) {
    const auto errors = load_config_file(options.config_file, config);
    for (const std::string& error : errors) std::fprintf(stderr, "%s\n", error.c_str());
    if (!errors.empty()) return 1;
  }
  apply_flags(options, config);
  raise_descriptor_limit();
  const sigset_t signals = block_signals();
  auto server = Server::start(std::move(config), fd_sink(2));
  if (!server) {
    std::fprintf(stderr, "tercet: %s\n", server.error().message().c_str());
    return 1;
  }
  std::printf("ready http=%s otlp_grpc=%s otlp_http=%s\n", (*server)->http_address().c_str(),
              (*server)->otlp_grpc_address().c_str(), (*server)->otlp_http_address().c_str());
  std::fflush(stdout);
  for (;;) {
    int number = 0;
    if (sigwait(&signals, &number) != 0) continue;
    if (number == SIGHUP) {
      std::fprintf(stderr, "tercet: SIGHUP: no reloadable configuration in this version\n");
      continue;
    }
    // Who presses Ctrl-C again does not want to wait for the drain; what was acknowledged is in the journal.
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    pthread_sigmask(SIG_UNBLOCK, &interrupt, nullptr);
    (*server)->stop();
    return 0;
  }
}

}  // namespace tercet::app
