// What net's tests share: a raw connection, and a server with a few routes. For tests alone.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "net/http_server.h"

namespace tercet::net {

// A raw connection: tests speak bytes, as hostile clients do.
class Connection {
 public:
  Connection(const Connection&) = delete;
  explicit Connection(const std::string& address) {
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    const timeval limit{20, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  ~Connection() { ::close(fd_); }
  /// Leaves with a reset, as a crashed program's kernel does.
  void abort() {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(std::exchange(fd_, -1));
  }
  bool connected() const { return connected_; }
  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return;
      bytes.remove_prefix(static_cast<size_t>(n));
    }
  }
  /// Everything until the server closes.
  std::string read_all() const {
    std::string out;
    char buffer[4096];
    for (ssize_t n; (n = ::recv(fd_, buffer, sizeof buffer, 0)) > 0;) out.append(buffer, static_cast<size_t>(n));
    return out;
  }
  /// Until `text` was seen.
  std::string read_until(std::string_view text) const {
    std::string out;
    char c;
    while (out.find(text) == std::string::npos && ::recv(fd_, &c, 1, 0) == 1) out.push_back(c);
    return out;
  }
  /// The server's end of the stream, or a reset, within `ms`.
  bool ends_within(int ms) const {
    pollfd p{fd_, POLLIN, 0};
    char byte;
    return ::poll(&p, 1, ms) > 0 && ::recv(fd_, &byte, 1, MSG_PEEK) <= 0;
  }

 private:
  int fd_ = -1;
  bool connected_ = false;
};

class NetRig {
 public:
  void start(ServerConfig config = {}, size_t queue = 100) {
    workers_ = std::make_unique<ThreadPool>(clock_, "w", 2, queue);
    server_ = *HttpServer::create(config, clock_, *workers_, metrics_, log_);
    Router router;
    router.add("GET", "/hello", [](Request&&, Responder r) { r.send(text_response(200, "hello\n")); });
    router.add("POST", "/echo", [](Request&& q, Responder r) { r.send(text_response(200, q.body)); });
    router.add("GET", "/item/{id}/part", [](Request&& q, Responder r) {
      r.send(
          text_response(200, std::string(*q.params.get("id")) + "|" + std::string(q.query.get("x").value_or("none"))));
    });
    router.add("GET", "/large", [](Request&&, Responder r) { r.send(text_response(200, std::string(200'000, 'l'))); });
    router.add("GET", "/dropped", [](Request&&, Responder) {});
    router.add("GET", "/huge", [](Request&&, Responder r) { r.send(text_response(200, std::string(64u << 20, 'h'))); });
    router.add("GET", "/nothing", [](Request&&, Responder r) { r.send(text_response(204, "a body that may not be")); });
    router.add("GET", "/inject", [](Request&&, Responder r) {
      Response response = text_response(200, "ok\n");
      response.headers.set("X-Note", "one\r\nSet-Cookie: two");
      response.headers.set("X-Long", std::string(100'000, 'v'));
      r.send(std::move(response));
    });
    router.add("GET", "/parked", [this](Request&&, Responder r) {
      const std::lock_guard lock(mutex_);
      parked_.push_back(std::make_unique<Responder>(std::move(r)));
      changed_.notify_all();
    });
    address_ = *server_->listen("test", "127.0.0.1:0", std::move(router), CorsPolicy::parse("https://app.example"));
    server_->start();
  }
  void stop() {
    parked_.clear();
    if (server_) server_->close();
    if (workers_) workers_->close();
  }
  std::string ask(std::string_view request) {
    Connection c(address_);
    c.send(request);
    return c.read_all();
  }
  /// Until `condition` holds, at most ten seconds.
  bool comes(const std::function<bool()>& condition) {
    const int64_t give_up = clock_.mono_ns() + 10 * kSecond;
    while (!condition() && clock_.mono_ns() < give_up) std::this_thread::yield();
    return condition();
  }
  void wait_parked(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return parked_.size() >= count; });
  }
  uint64_t refused(std::string_view reason) {
    uint64_t total = 0;
    for (const auto& [labels, value] : metrics_.read_counters("tercet_http_refused_total")) {
      for (const auto& [name, text] : labels) total += name == "reason" && text == reason ? value : 0;
    }
    return total;
  }

  SystemClock clock_;
  MetricRegistry metrics_;
  Logger log_{clock_, [](std::string_view) {}};
  std::unique_ptr<ThreadPool> workers_;
  std::unique_ptr<HttpServer> server_;
  std::string address_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Responder>> parked_;
};

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace tercet::net
