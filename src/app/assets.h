// The pages, as the build embedded them (tools/embed_assets).
#pragma once

#include <span>

#include "api/web/web_api.h"

namespace tercet::app {

std::span<const api::Asset> embedded_assets();

}  // namespace tercet::app
