#include <cstdio>

#include "app/commands.h"
#include "app/config_file.h"

namespace tercet::app {

int check_config(const std::string& file) {
  AppConfig config;
  const auto errors = load_config_file(file, config);
  for (const std::string& error : errors) std::fprintf(stderr, "%s\n", error.c_str());
  if (!errors.empty()) return 1;
  std::printf("%s: accepted\n", file.c_str());
  return 0;
}

}  // namespace tercet::app
