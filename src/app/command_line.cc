#include <CLI/CLI.hpp>
#include <string>

#include "app/commands.h"
#include "app/version.h"

namespace tercet::app {

int run_command_line(int argc, char** argv) {
  CLI::App app{"Tercet: metrics, traces and logs of a platform in one program"};
  app.set_version_flag("--version", "tercet " + std::string(version()));
  app.require_subcommand(1);
  int exit_code = 0;

  ServeOptions serve_options;
  CLI::App* serve_command = app.add_subcommand("serve", "Receive, keep and answer (the server)");
  serve_command->add_option("--config", serve_options.config_file, "tercet.yaml; runs without one, too");
  serve_command->add_option("--data", serve_options.data, "data directory [./data]");
  serve_command->add_option("--listen", serve_options.listen,
                            "pages and APIs [127.0.0.1:4319]; port 0 picks a free one");
  serve_command->add_option("--otlp-http", serve_options.otlp_http, "OTLP over HTTP [127.0.0.1:4318]");
  serve_command->add_option("--otlp-grpc", serve_options.otlp_grpc,
                            "OTLP over gRPC [127.0.0.1:4317] (not served by this version yet)");
  serve_command->callback([&] { exit_code = serve(serve_options); });

  TraceOptions trace_options;
  CLI::App* trace_command = app.add_subcommand("trace", "Print a trace as a tree");
  trace_command->add_option("ID", trace_options.id, "trace id, 1 to 32 hex digits")->required();
  trace_command->add_option("--server", trace_options.server, "address of a running server")
      ->default_val("http://127.0.0.1:4319");
  trace_command->add_flag("--json", trace_options.json, "print the server's JSON");
  trace_command->callback([&] { exit_code = show_trace(trace_options); });

  std::string file;
  CLI::App* check_command =
      app.add_subcommand("check", "Check a file: exit 0 accepted, 1 refused with file, line and reason");
  check_command->require_subcommand(1);
  CLI::App* check_config_command = check_command->add_subcommand("config", "Check a tercet.yaml");
  check_config_command->add_option("FILE", file, "the file")->required();
  check_config_command->callback([&] { exit_code = check_config(file); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : 2;
  }
  return exit_code;
}

}  // namespace tercet::app
