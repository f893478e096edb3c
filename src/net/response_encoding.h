// Compresses an answer where the client takes it and it pays.
#pragma once

#include <string_view>

#include "net/http_types.h"

namespace tercet::net {

/// Chooses by Accept-Encoding (gzip, zstd), size and type; sets Content-Encoding and Vary. Static gzip bodies are
/// handed out as they are, or inflated.
void encode_response(std::string_view accept_encoding, Response& response);

}  // namespace tercet::net
