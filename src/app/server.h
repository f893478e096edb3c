// One server: everything wired together, from sockets to stores. Two of them can live in one process.
#pragma once

#include <memory>
#include <string>

#include "app/config.h"
#include "base/log.h"
#include "base/result.h"

namespace tercet::app {

class Server {
 public:
  /// Opens the data directory, replays the journal, listens. Ready when it returns.
  static Result<std::unique_ptr<Server>> start(AppConfig config, Logger::Sink log_sink);
  ~Server();

  /// host:port of the listeners, "off" where there is none.
  const std::string& http_address() const;
  const std::string& otlp_http_address() const;
  const std::string& otlp_grpc_address() const;

  /// Stops taking requests, finishes those in flight, closes the journal. Idempotent.
  void stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tercet::app
