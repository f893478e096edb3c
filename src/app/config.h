// The whole server's configuration: the modules' Config structs under the names that tercet.yaml has for them.
// One table of sections drives the reader, `tercet check config`, the page that shows what is in force, and the docs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/config_field.h"
#include "base/result.h"
#include "journal/config.h"
#include "pipeline/receivers/otlp_http.h"
#include "store/events/config.h"

namespace tercet::app {

struct ServerConfig {
  std::string listen = "127.0.0.1:4319";
  std::string otlp_http = "127.0.0.1:4318";
  bool otlp_http_by_name = false;  // by the file or a flag: then a port that is taken is a failed start
  std::string otlp_grpc = "127.0.0.1:4317";
  bool compat_ports = false;
  uint64_t memory_limit = 0;  // 0 = 60 % of what the machine or its cgroup has
  int64_t query_timeout_ns = 30 * kSecond;
  int64_t drain_timeout_ns = 20 * kSecond;
  uint64_t request_bytes_max = 64u << 20;
  std::string cors_origins = "*";
  std::string log_level = "info";

  ConfigFields fields();
};

struct AppConfig {
  std::string profile = "dev";
  ServerConfig server;
  std::string data_path = "data";
  journal::Config journal;
  store::EventsConfig events;
  pipeline::OtlpHttpConfig otlp;

  /// Applied before the file's own values, so that a value in the file wins.
  Result<> apply_profile(std::string_view name);
  Result<> validate() const;
};

/// A mapping of the file: "server", "storage.journal", … with the fields bound to one AppConfig.
struct ConfigSection {
  std::string path;  // "" = top level
  ConfigFields fields;
};
std::vector<ConfigSection> config_sections(AppConfig& config);

/// Keys that the design has and this version does not: refused with these words rather than as unknown.
std::string_view reserved_key(std::string_view path);

/// Everything wrong with the text, each as "file:line:column: message"; empty = it is in `config`.
std::vector<std::string> load_config(std::string_view text, std::string_view file, AppConfig& config);

/// What is in force, as the file would say it.
std::string effective_yaml(AppConfig& config);

}  // namespace tercet::app
