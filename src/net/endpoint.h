// What the sessions of one listener share: its name in metrics, its routes, its CORS policy. A request that is still
// worked on keeps it alive. Private to net.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/metrics.h"
#include "net/cors.h"
#include "net/router.h"

namespace tercet::net {

class Endpoint {
 public:
  Endpoint(MetricRegistry& metrics, std::string name, Router router, CorsPolicy cors);

  const std::string& name() const { return name_; }
  const Router& router() const { return router_; }
  const CorsPolicy& cors() const { return cors_; }

  /// Counts a connection or request that was turned away. Any thread.
  void refused(std::string_view reason);
  /// Counts an answer. The loop thread only: handles are cached without a lock.
  void answered(std::string_view route, int status, int64_t duration_ns);

 private:
  struct RouteMetrics {
    Histogram* duration = nullptr;
    std::map<int, Counter*> by_status;
  };

  MetricRegistry& metrics_;
  const std::string name_;
  const Router router_;
  const CorsPolicy cors_;
  std::map<std::string, RouteMetrics, std::less<>> routes_;  // by pattern: bounded
};

}  // namespace tercet::net
