#include "app/version.h"

namespace tercet::app {

std::string_view version() { return TERCET_VERSION; }

}  // namespace tercet::app
