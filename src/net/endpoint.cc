#include "net/endpoint.h"

namespace tercet::net {

Endpoint::Endpoint(MetricRegistry& metrics, std::string name, Router router, CorsPolicy cors)
    : metrics_(metrics), name_(std::move(name)), router_(std::move(router)), cors_(std::move(cors)) {}

void Endpoint::refused(std::string_view reason) {
  metrics_
      .counter("tercet_http_refused_total", "Connections and requests refused by the HTTP server.",
               {{"listener", name_}, {"reason", std::string(reason)}})
      .add();
}

void Endpoint::answered(std::string_view route, int status, int64_t duration_ns) {
  auto it = routes_.find(route);
  if (it == routes_.end()) it = routes_.emplace(std::string(route), RouteMetrics()).first;
  RouteMetrics& cached = it->second;
  if (cached.duration == nullptr) {
    cached.duration = &metrics_.histogram(
        "tercet_http_request_duration_seconds", "From the first byte of a request to the last of its answer.",
        {0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10}, {{"listener", name_}, {"route", std::string(route)}});
  }
  Counter*& counter = cached.by_status[status];
  if (counter == nullptr) {
    counter = &metrics_.counter("tercet_http_requests_total", "HTTP requests answered.",
                                {{"listener", name_}, {"route", std::string(route)}, {"code", std::to_string(status)}});
  }
  counter->add();
  cached.duration->observe(static_cast<double>(duration_ns) / 1e9);
}

}  // namespace tercet::net
