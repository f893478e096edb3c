#include "net/http_server.h"

#include <boost/asio.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "net/listener.h"
#include "net/session.h"

namespace tercet::net {

namespace asio = boost::asio;
using asio::ip::tcp;

struct HttpServer::Impl {
  asio::io_context loop{1};
  std::shared_ptr<ServerContext> context;
  asio::executor_work_guard<asio::io_context::executor_type> guard{loop.get_executor()};
  std::vector<std::shared_ptr<Listener>> listeners;
  std::thread thread;
  bool closed = false;

  Impl(const ServerConfig& config, Clock& clock, Executor& workers, MetricRegistry& metrics, Logger& log)
      : context(std::make_shared<ServerContext>(config, clock, workers, metrics, log, loop)) {
    metrics.callback("tercet_http_connections", "Open connections; the limit is max_connections.", false, {},
                     [c = context] { return static_cast<double>(c->connections.load()); });
    metrics.callback("tercet_http_inflight_bytes",
                     "Bytes of request bodies in flight; the limit is max_inflight_bytes.", false, {},
                     [c = context] { return static_cast<double>(c->inflight_bytes.load()); });
  }

  void run_on_loop(std::function<void()> work) {
    if (!thread.joinable()) return work();
    std::mutex mutex;
    std::condition_variable done_signal;
    bool done = false;
    asio::post(loop, [&] {
      work();
      const std::lock_guard lock(mutex);
      done = true;
      done_signal.notify_one();
    });
    std::unique_lock lock(mutex);
    done_signal.wait(lock, [&] { return done; });
  }
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() { close(); }

Result<std::unique_ptr<HttpServer>> HttpServer::create(const ServerConfig& config, Clock& clock, Executor& workers,
                                                       MetricRegistry& metrics, Logger& log) {
  return std::unique_ptr<HttpServer>(new HttpServer(std::make_unique<Impl>(config, clock, workers, metrics, log)));
}

namespace {

Result<tcp::endpoint> parse_address(const std::string& address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) return fail(invalid_argument("address \"" + address + "\": write host:port"));
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  if (host.empty()) host = "0.0.0.0";
  int port = -1;
  try {
    size_t used = 0;
    port = std::stoi(address.substr(colon + 1), &used);
    if (used != address.size() - colon - 1) port = -1;
  } catch (const std::exception&) {
    port = -1;
  }
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(host, error);
  if (error || port < 0 || port > 65535)
    return fail(invalid_argument("address \"" + address + "\": write an IP address and a port from 0 to 65535"));
  return tcp::endpoint(ip, static_cast<unsigned short>(port));
}

std::string to_text(const tcp::endpoint& endpoint) {
  const std::string host =
      endpoint.address().is_v6() ? "[" + endpoint.address().to_string() + "]" : endpoint.address().to_string();
  return host + ":" + std::to_string(endpoint.port());
}

}  // namespace

Result<std::string> HttpServer::listen(const std::string& name, const std::string& address, Router router,
                                       CorsPolicy cors) {
  const tcp::endpoint endpoint = TRY(parse_address(address));
  boost::system::error_code error;
  tcp::acceptor acceptor(impl_->loop);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error == asio::error::address_in_use)
    return fail(Error(Code::kAlreadyExists,
                      "cannot listen on " + address + ": another program has that port; stop it or choose another"));
  if (error) return fail(Error(Code::kUnavailable, "cannot listen on " + address + ": " + error.message()));
  const tcp::endpoint bound = acceptor.local_endpoint(error);
  auto shared = std::make_shared<Endpoint>(impl_->context->metrics, name, std::move(router), std::move(cors));
  impl_->listeners.push_back(std::make_shared<Listener>(impl_->context, std::move(acceptor), std::move(shared)));
  return to_text(bound);
}

void HttpServer::start() {
  for (const auto& listener : impl_->listeners) listener->start();
  impl_->thread = std::thread([this] { impl_->loop.run(); });
}

void HttpServer::drain(int64_t timeout_ns) {
  if (impl_->closed || !impl_->thread.joinable()) return;
  ServerContext& context = *impl_->context;
  context.draining = true;
  impl_->run_on_loop([this, &context] {
    for (const auto& listener : impl_->listeners) listener->stop();
    const auto sessions = context.sessions;  // a session that closes takes itself out
    for (const auto& session : sessions) {
      if (session->idle()) session->close();
    }
  });
  std::unique_lock lock(context.requests_mutex);
  context.requests_done.wait_for(lock, std::chrono::nanoseconds(timeout_ns), [&] { return context.requests == 0; });
}

void HttpServer::close() {
  if (impl_->closed) return;
  impl_->closed = true;
  impl_->context->draining = true;
  impl_->run_on_loop([this] {
    for (const auto& listener : impl_->listeners) listener->stop();
    const auto sessions = impl_->context->sessions;
    for (const auto& session : sessions) session->close();
  });
  impl_->context->gate.shut();
  impl_->guard.reset();
  impl_->loop.stop();
  if (impl_->thread.joinable()) impl_->thread.join();
}

}  // namespace tercet::net
