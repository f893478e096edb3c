// Health, readiness, own metrics, and the status that the pages show.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "contract/admin.h"
#include "net/router.h"

namespace tercet::api {

/// What app knows and the status page shows; read at each request.
struct ServerStatus {
  std::string version;
  std::string profile;
  std::string http;       // host:port of the pages and APIs
  std::string otlp_http;  // host:port, "off" when not listening
  std::string otlp_grpc;
  int64_t started_mono_ns = 0;
  uint64_t spans_received = 0;
  struct Lost {
    std::string signal;
    std::string reason;
    std::string sender;
    uint64_t count = 0;
  };
  std::vector<Lost> lost;
  /// Empty while batches are taken; else why not, for people and for /-/ready.
  std::string not_ready;
};

class AdminApi {
 public:
  /// Borrows all; they outlive it. `stores` may be empty.
  AdminApi(Clock& clock, MetricRegistry& registry, std::function<ServerStatus()> status,
           std::vector<contract::StoreAdmin*> stores, const contract::ConfigStatus& config);

  /// /-/healthy, /-/ready, /metrics, /tercet/api/status, /tercet/api/config.
  void mount(net::Router& router);

 private:
  std::string status_json() const;

  Clock& clock_;
  MetricRegistry& registry_;
  std::function<ServerStatus()> status_;
  std::vector<contract::StoreAdmin*> stores_;
  const contract::ConfigStatus& config_;
};

}  // namespace tercet::api
