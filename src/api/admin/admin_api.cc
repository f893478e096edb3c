#include "api/admin/admin_api.h"

#include "text/json/json_writer.h"

namespace tercet::api {

using net::Request;
using net::Responder;
using net::Response;

AdminApi::AdminApi(Clock& clock, MetricRegistry& registry, std::function<ServerStatus()> status,
                   std::vector<contract::StoreAdmin*> stores, const contract::ConfigStatus& config)
    : clock_(clock), registry_(registry), status_(std::move(status)), stores_(std::move(stores)), config_(config) {}

void AdminApi::mount(net::Router& router) {
  router.add("GET", "/-/healthy",
             [](Request&&, Responder r) { r.send(net::text_response(200, "tercet is healthy\n")); });
  router.add("GET", "/-/ready", [this](Request&&, Responder r) {
    const ServerStatus status = status_();
    if (!status.not_ready.empty()) return r.send(net::text_response(503, status.not_ready + "\n"));
    r.send(net::text_response(200, "tercet is ready\n"));
  });
  router.add("GET", "/metrics", [this](Request&&, Responder r) {
    Response response;
    response.status = 200;
    response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.body = registry_.render();
    r.send(std::move(response));
  });
  router.add("GET", "/tercet/api/status", [this](Request&&, Responder r) {
    Response response;
    response.status = 200;
    response.headers.set("Content-Type", "application/json");
    response.headers.set("Cache-Control", "no-store");
    response.body = status_json();
    r.send(std::move(response));
  });
  router.add("GET", "/tercet/api/config", [this](Request&&, Responder r) {
    Response response = net::text_response(200, config_.effective_yaml());
    response.headers.set("Content-Type", "application/yaml");
    r.send(std::move(response));
  });
}

std::string AdminApi::status_json() const {
  const ServerStatus s = status_();
  std::string out;
  text::JsonWriter w(out);
  const auto field = [&](std::string_view key, const auto& value) {
    w.key(key);
    w.value(value);
  };
  w.begin_object();
  field("version", s.version);
  field("profile", s.profile);
  field("uptime_seconds", static_cast<double>((clock_.mono_ns() - s.started_mono_ns) / kMillisecond) / 1000.0);
  field("http", s.http);
  field("otlp_http", s.otlp_http);
  field("otlp_grpc", s.otlp_grpc);
  field("spans_received", s.spans_received);
  field("not_ready", s.not_ready);
  w.key("lost");
  w.begin_array();
  for (const auto& lost : s.lost) {
    w.begin_object();
    field("signal", lost.signal);
    field("reason", lost.reason);
    field("sender", lost.sender);
    field("count", lost.count);
    w.end_object();
  }
  w.end_array();
  w.key("stores");
  w.begin_array();
  for (const contract::StoreAdmin* store : stores_) {
    const contract::StoreStatus status = store->status();
    w.begin_object();
    field("name", status.name);
    field("head_rows", status.head_rows);
    field("head_bytes", status.head_bytes);
    field("part_rows", status.part_rows);
    field("part_bytes", status.part_bytes);
    field("parts", status.parts);
    field("quarantined_parts", status.quarantined_parts);
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return out;
}

}  // namespace tercet::api
