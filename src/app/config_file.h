// tercet.yaml: found, read, checked.
#pragma once

#include <string>
#include <vector>

#include "app/config.h"

namespace tercet::app {

/// load_config() on a file's text; a file that cannot be read is one error.
std::vector<std::string> load_config_file(const std::string& file, AppConfig& config);

}  // namespace tercet::app
