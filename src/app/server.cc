#include "app/server.h"

#include <sys/resource.h>

#include <algorithm>
#include <thread>

#include "api/admin/admin_api.h"
#include "api/tempo/tempo_api.h"
#include "api/web/web_api.h"
#include "app/assets.h"
#include "app/process_metrics.h"
#include "app/version.h"
#include "base/executor.h"
#include "io/posix_file_system.h"
#include "net/http_server.h"
#include "pipeline/core/span_pipeline.h"
#include "pipeline/processors/redact_stage.h"
#include "pipeline/receivers/otlp_http.h"
#include "store/events/event_store.h"

namespace tercet::app {

namespace {

constexpr size_t kWorkerQueue = 4096;
constexpr size_t kConnections = 1024;

// A quarter of the descriptors stays with the journal and the stores, whatever clients do.
size_t connection_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kConnections;
  return std::min<size_t>(kConnections, std::max<size_t>(16, limit.rlim_cur / 4 * 3));
}

bool is_loopback(const std::string& address) { return address.starts_with("127.") || address.starts_with("[::1]:"); }

uint64_t memory_limit_of(const ServerConfig& config) {
  if (config.memory_limit != 0) return config.memory_limit;
  const uint64_t available = available_memory_bytes();
  return available != 0 ? available / 10 * 6 : uint64_t{1} << 30;
}

LogLevel level_of(const std::string& name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "warn") return LogLevel::kWarn;
  return name == "error" ? LogLevel::kError : LogLevel::kInfo;
}

}  // namespace

// Members stand in the order of construction: what stands above is used by what stands below, so that destruction,
// which runs from the bottom, never takes away what is still in use.
struct Server::Impl final : contract::ConfigStatus {
  AppConfig config;
  SystemClock clock;
  SystemRandom random;
  Logger log;
  MemoryAccountant memory;
  MetricRegistry metrics;
  std::unique_ptr<io::PosixFileSystem> files;
  // Requests are short; sealing and merging are long. Each has threads of its own.
  ThreadPool workers;
  ThreadPool background;
  std::unique_ptr<io::Env> env;
  std::unique_ptr<store::EventStore> events;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<pipeline::LossLedger> ledger;
  std::unique_ptr<pipeline::SpanPipeline> spans;
  std::unique_ptr<pipeline::OtlpHttpReceiver> otlp;
  std::unique_ptr<api::TempoApi> tempo;
  std::unique_ptr<api::AdminApi> admin;
  std::unique_ptr<api::WebApi> web;
  std::unique_ptr<net::HttpServer> http;
  std::string http_address;
  std::string otlp_http_address = "off";
  std::string otlp_grpc_address = "off";
  int64_t started_mono_ns = 0;
  bool stopped = false;

  Impl(AppConfig c, Logger::Sink sink)
      : config(std::move(c)),
        log(clock, std::move(sink), level_of(config.server.log_level)),
        memory(memory_limit_of(config.server)),
        workers(clock, "worker", std::max(2u, std::thread::hardware_concurrency()), kWorkerQueue),
        background(clock, "background", 1, kWorkerQueue) {}

  std::string effective_yaml() const override {
    AppConfig copy = config;
    return app::effective_yaml(copy);
  }
  std::string last_reload_error() const override { return {}; }

  Result<> open_data();
  Result<> listen();
  api::ServerStatus status() const;
  net::Router main_router();
  net::Router otlp_router();
  Result<> listen_otlp_http();
  void listen_compat();
  void warn_of_addresses();
};

Result<> Server::Impl::open_data() {
  files = TRY(io::PosixFileSystem::create_root(config.data_path));
  env.reset(new io::Env{clock, random, *files, background, memory, metrics, log});
  // The journal locks the data directory: nothing is touched before.
  journal = TRY(journal::Journal::open(config.journal, *env, "journal"));
  events = TRY(store::EventStore::open(config.events, *env, "events"));
  journal->add_consumer(*events);
  const auto report = TRY_CTX(journal->start(), "journal replay");
  if (report.records > 0) {
    log.info("journal replayed", {{"records", report.records},
                                  {"bytes", report.bytes},
                                  {"damaged_bytes", report.damaged_bytes},
                                  {"duration_ms", report.duration_ns / kMillisecond}});
  }
  events->start_maintenance();
  return {};
}

api::ServerStatus Server::Impl::status() const {
  api::ServerStatus s;
  s.version = version();
  s.profile = config.profile;
  s.http = http_address;
  s.otlp_http = otlp_http_address;
  s.otlp_grpc = otlp_grpc_address;
  s.started_mono_ns = started_mono_ns;
  s.spans_received = ledger->accepted_total(contract::Signal::kTraces);
  for (pipeline::Loss& loss : ledger->losses()) s.lost.push_back({loss.signal, loss.reason, loss.sender, loss.count});
  const journal::JournalStatus j = journal->status();
  if (j.state == journal::State::kDiskFull) s.not_ready = "batches are refused: " + j.reason;
  if (j.state == journal::State::kStopped) s.not_ready = "the journal has stopped, restart tercet: " + j.reason;
  return s;
}

net::Router Server::Impl::main_router() {
  net::Router router;
  admin->mount(router);
  tempo->mount(router, "/tempo");
  web->mount(router);
  return router;
}

net::Router Server::Impl::otlp_router() {
  net::Router router;
  otlp->mount(router);
  return router;
}

Result<> Server::Impl::listen() {
  ledger = std::make_unique<pipeline::LossLedger>(metrics);
  std::vector<std::unique_ptr<pipeline::SpanStage>> stages;
  stages.push_back(std::make_unique<pipeline::RedactStage>(redact::RuleSet{}, metrics));
  spans = std::make_unique<pipeline::SpanPipeline>(*env, *journal, *ledger, std::move(stages));
  otlp = std::make_unique<pipeline::OtlpHttpReceiver>(config.otlp, *spans, *ledger, metrics);
  tempo = std::make_unique<api::TempoApi>(api::TempoConfig{config.server.query_timeout_ns, 1000}, *events, clock,
                                          std::string(version()));
  admin = std::make_unique<api::AdminApi>(
      clock, metrics, [this] { return status(); }, std::vector<contract::StoreAdmin*>{events.get()}, *this);
  web = std::make_unique<api::WebApi>(embedded_assets(), random);

  net::ServerConfig net_config;
  net_config.max_body_bytes = config.server.request_bytes_max;
  net_config.max_wire_body_bytes = config.server.request_bytes_max;
  net_config.body_limit_name = "server.request_bytes_max";
  net_config.max_connections = connection_limit();
  http = TRY(net::HttpServer::create(net_config, clock, workers, metrics, log));
  http_address = TRY_CTX(http->listen("http", config.server.listen, main_router()), "server.listen");
  if (config.server.otlp_http != "off") TRY(listen_otlp_http());
  if (config.server.compat_ports) listen_compat();
  warn_of_addresses();
  http->start();
  return {};
}

// A default port that another program has is a warning; one that was asked for by name is a failed start.
Result<> Server::Impl::listen_otlp_http() {
  auto bound = http->listen("otlp_http", config.server.otlp_http, otlp_router(),
                            net::CorsPolicy::parse(config.server.cors_origins));
  if (bound) {
    otlp_http_address = *bound;
    return {};
  }
  if (config.server.otlp_http_by_name || bound.error().code() != Code::kAlreadyExists)
    return fail(std::move(bound).error().context("server.otlp_http"));
  log.warn("a default port is taken; this listener stays closed",
           {{"listener", "otlp_http"}, {"error", bound.error()}});
  return {};
}

void Server::Impl::warn_of_addresses() {
  const std::string& grpc = config.server.otlp_grpc;
  if (grpc != "off" && grpc != ServerConfig{}.otlp_grpc) {
    log.warn("OTLP over gRPC is not served by this version: nothing listens at this address; send OTLP over HTTP",
             {{"otlp_grpc", grpc}, {"otlp_http", otlp_http_address}});
  }
  for (const std::string& address : {http_address, otlp_http_address}) {
    if (address == "off" || is_loopback(address)) continue;
    log.warn("this address can be reached from other machines, and this version asks nobody who they are",
             {{"address", address}});
  }
}

void Server::Impl::listen_compat() {
  net::Router router;
  tempo->mount(router, "");
  const std::string host = config.server.listen.substr(0, config.server.listen.rfind(':'));
  if (auto bound = http->listen("tempo", host + ":3200", std::move(router)); !bound) {
    log.warn("a compatibility port stays closed", {{"listener", "tempo"}, {"error", bound.error()}});
  }
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() { stop(); }

const std::string& Server::http_address() const { return impl_->http_address; }
const std::string& Server::otlp_http_address() const { return impl_->otlp_http_address; }
const std::string& Server::otlp_grpc_address() const { return impl_->otlp_grpc_address; }

Result<std::unique_ptr<Server>> Server::start(AppConfig config, Logger::Sink log_sink) {
  TRY(config.validate());
  auto impl = std::make_unique<Impl>(std::move(config), std::move(log_sink));
  impl->started_mono_ns = impl->clock.mono_ns();
  register_process_metrics(impl->metrics, impl->clock, impl->memory);
  // Held by a Server from here on: a start that fails half way is stopped like any other.
  std::unique_ptr<Server> server(new Server(std::move(impl)));
  Impl& s = *server->impl_;
  TRY(s.open_data());
  TRY(s.listen());
  s.log.info("tercet is ready", {{"version", version()},
                                 {"profile", s.config.profile},
                                 {"http", s.http_address},
                                 {"otlp_http", s.otlp_http_address},
                                 {"data", s.config.data_path},
                                 {"ready_ms", (s.clock.mono_ns() - s.started_mono_ns) / kMillisecond}});
  return server;
}

void Server::stop() {
  Impl& s = *impl_;
  if (s.stopped) return;
  s.stopped = true;
  s.log.info("tercet is stopping", {});
  if (s.http) s.http->drain(s.config.server.drain_timeout_ns);
  // The journal calls every Done that it still has, so that no answer is left parked when the listeners close.
  if (s.journal) s.journal->close();
  if (s.http) s.http->close();
  s.workers.close();
  if (s.events) s.events->stop_maintenance();
  s.background.close();
}

}  // namespace tercet::app
