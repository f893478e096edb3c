// The version, as CMakeLists.txt of the whole project has it.
#pragma once

#include <string_view>

namespace tercet::app {

std::string_view version();

}  // namespace tercet::app
