// The command line: tercet serve | trace | check. Exit codes: 0 done, 1 refused or not found, 2 wrong usage.
#pragma once

#include <string>

namespace tercet::app {

int run_command_line(int argc, char** argv);

struct ServeOptions {
  std::string config_file;
  std::string data;
  std::string listen;
  std::string otlp_http;
  std::string otlp_grpc;
};
int serve(const ServeOptions& options);

struct TraceOptions {
  std::string id;
  std::string server;
  bool json = false;
};
int show_trace(const TraceOptions& options);

int check_config(const std::string& file);

}  // namespace tercet::app
