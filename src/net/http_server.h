// An HTTP/1.1 server. One event-loop thread reads and writes; handlers run on the executor that is handed in and answer
// when they like. Every limit has a name, and its error says it.
//
// Bodies are inflated (gzip, zstd, deflate) by the worker, under the decoded limit. Answers are compressed where the
// client takes it and it pays. TLS and HTTP/2 (gRPC) come with a later listener kind.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/executor.h"
#include "base/log.h"
#include "base/metrics.h"
#include "net/cors.h"
#include "net/router.h"

namespace tercet::net {

struct ServerConfig {
  uint32_t max_header_bytes = 64 * 1024;              // 431; also of chunk extensions and trailers, 400
  uint32_t max_target_bytes = 8 * 1024;               // 414
  uint64_t max_body_bytes = uint64_t{64} << 20;       // decoded, 413
  uint64_t max_wire_body_bytes = uint64_t{64} << 20;  // as sent, 413
  std::string body_limit_name = "max_body_bytes";     // of both, as the operator knows it
  uint64_t max_inflight_bytes = uint64_t{256} << 20;  // bodies of all requests, 503
  int64_t header_timeout_ns = 10 * kSecond;           // from a request's first byte; closed without an answer
  int64_t body_timeout_ns = 60 * kSecond;             // head and body; 408, or closed when nothing came for ten seconds
  uint64_t min_body_bytes_per_second = 1024;          // after the first ten seconds, 408
  int64_t idle_timeout_ns = 60 * kSecond;
  int64_t write_timeout_ns = 30 * kSecond;  // of one whole answer
  int64_t linger_timeout_ns = 2 * kSecond;  // how long what a refused client still sends is read and thrown away
  size_t max_connections = 1024;            // of all listeners; then the longest idle one goes, else 503
};

class HttpServer {
 public:
  static Result<std::unique_ptr<HttpServer>> create(const ServerConfig& config, Clock& clock, Executor& workers,
                                                    MetricRegistry& metrics, Logger& log);
  ~HttpServer();

  /// Binds "host:port" (port 0 picks one) and returns the address bound to. `name` is the listener's in metrics. A port
  /// that is taken is kAlreadyExists and names it.
  Result<std::string> listen(const std::string& name, const std::string& address, Router router, CorsPolicy cors = {});
  /// Accepts from now on.
  void start();
  /// Stops accepting, closes idle connections, waits for requests whose head was read, at most `timeout_ns`.
  void drain(int64_t timeout_ns);
  /// Closes everything and joins. Idempotent. Responders may outlive it, and the server: their answers are dropped.
  void close();

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tercet::net
