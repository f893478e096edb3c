#include "app/config.h"

#include <algorithm>

namespace tercet::app {

ConfigFields ServerConfig::fields() {
  return {
      string_field("listen", listen, "Address of the pages and of all APIs."),
      string_field("otlp_http", otlp_http, "Address for OTLP over HTTP; \"off\" closes it."),
      string_field("otlp_grpc", otlp_grpc, "Address for OTLP over gRPC; not served by this version yet."),
      bool_field("compat_ports", compat_ports,
                 "Also open the originals' own ports with their APIs at the root (Tempo: 3200)."),
      bytes_field(
          "memory_limit", memory_limit, 0, uint64_t{1} << 50,
          "Memory that Tercet accounts for; at the limit work is refused. 0 = 60 % of the machine's or cgroup's."),
      duration_field("query_timeout", query_timeout_ns, 100 * kMillisecond, kHour,
                     "Queries that take longer are answered 504."),
      duration_field("drain_timeout", drain_timeout_ns, 0, kHour,
                     "How long a stopping server waits for requests in flight."),
      bytes_field("request_bytes_max", request_bytes_max, 1024, uint64_t{1} << 30,
                  "Decoded size of one request; larger ones are answered 413."),
      string_field("cors_origins", cors_origins,
                   "Origins of browsers that may send OTLP: \"*\", or a comma-separated list."),
      string_field("log_level", log_level, "debug, info, warn or error."),
  };
}

Result<> AppConfig::apply_profile(std::string_view name) {
  if (name != "dev" && name != "staging" && name != "prod")
    return fail(invalid_argument("profile \"" + std::string(name) + "\": allowed are dev, staging, prod"));
  profile = name;
  // DESIGN section 6: 7 days in dev, 30 in staging, and in prod 90 / 30 / 180 for metrics / traces / logs.
  events.traces_retention_ns = name == "dev" ? 7 * kDay : 30 * kDay;
  return {};
}

Result<> AppConfig::validate() const {
  TRY_CTX(journal.validate(), "storage.journal");
  TRY_CTX(events.validate(), "storage.events");
  static constexpr std::string_view kLevels[] = {"debug", "info", "warn", "error"};
  if (std::find(std::begin(kLevels), std::end(kLevels), server.log_level) == std::end(kLevels)) {
    return fail(
        invalid_argument("server.log_level \"" + server.log_level + "\": allowed are debug, info, warn, error"));
  }
  if (data_path.empty()) return fail(invalid_argument("storage.path must not be empty"));
  return {};
}

std::vector<ConfigSection> config_sections(AppConfig& config) {
  return {
      {"", {string_field("profile", config.profile, "dev, staging or prod: defaults of the retention.")}},
      {"server", config.server.fields()},
      {"server.otlp", config.otlp.fields()},
      {"storage", {string_field("path", config.data_path, "Data directory; made when it does not exist.")}},
      {"storage.journal", config.journal.fields()},
      {"storage.events", config.events.fields()},
  };
}

std::string_view reserved_key(std::string_view path) {
  static constexpr std::string_view kLater[] = {"tenants", "llm",       "slos",       "redaction",
                                                "audit",   "collector", "prometheus", "alertmanager"};
  return std::find(std::begin(kLater), std::end(kLater), path) == std::end(kLater)
             ? ""
             : "is not supported by this version yet; remove it";
}

std::string effective_yaml(AppConfig& config) {
  std::string out;
  for (const ConfigSection& section : config_sections(config)) {
    // Sections stand in the order of the table; a nested one follows its parent.
    const auto depth =
        static_cast<size_t>(std::count(section.path.begin(), section.path.end(), '.')) + (section.path.empty() ? 0 : 1);
    if (!section.path.empty())
      out += std::string(2 * (depth - 1), ' ') + section.path.substr(section.path.rfind('.') + 1) + ":\n";
    for (const ConfigField& field : section.fields) {
      const bool quoted = field.kind == FieldKind::kString;
      out += std::string(2 * depth, ' ') + std::string(field.name) + ": " +
             (quoted ? "\"" + field.get() + "\"" : field.get()) + "\n";
    }
  }
  return out;
}

}  // namespace tercet::app
