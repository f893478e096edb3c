#include "net/response_encoding.h"

#include <algorithm>

#include "codec/compress.h"

namespace tercet::net {

namespace {

constexpr size_t kMinBytes = 1024;
constexpr size_t kMaxStaticBytes = 64u << 20;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// "q=0", "q=0.000": not acceptable. Any other weight, or none, is.
bool weight_is_zero(std::string_view parameters) {
  const std::string_view one = trimmed(parameters.substr(0, parameters.find(';')));
  if (!one.starts_with("q=") && !one.starts_with("Q=")) return false;
  return one.size() > 2 && one.find_first_not_of("0.", 2) == std::string_view::npos;
}

bool accepts(std::string_view header, std::string_view coding) {
  while (!header.empty()) {
    const size_t comma = header.find(',');
    const std::string_view one = trimmed(header.substr(0, comma));
    header = comma == std::string_view::npos ? std::string_view{} : header.substr(comma + 1);
    const size_t semicolon = one.find(';');
    if (trimmed(one.substr(0, semicolon)) != coding) continue;
    return semicolon == std::string_view::npos || !weight_is_zero(one.substr(semicolon + 1));
  }
  return false;
}

bool compresses_well(std::string_view type) {
  return type.starts_with("text/") || type.starts_with("application/json") || type.starts_with("application/yaml") ||
         type.find("protobuf") != std::string_view::npos;
}

void apply(codec::Codec kind, int level, std::string_view name, Response& response) {
  std::string packed;
  if (!codec::compress(kind, level, response.body, packed) || packed.size() >= response.body.size()) return;
  response.body = std::move(packed);
  response.headers.set("Content-Encoding", name);
}

}  // namespace

void encode_response(std::string_view accept_encoding, Response& response) {
  if (!response.static_gzip.empty()) {
    response.headers.add("Vary", "Accept-Encoding");
    if (accepts(accept_encoding, "gzip")) {
      response.body = response.static_gzip;
      response.headers.set("Content-Encoding", "gzip");
    } else if (!codec::decompress(codec::Codec::kGzip, response.static_gzip, kMaxStaticBytes, response.body)) {
      response = text_response(500, "a page of this binary is damaged\n");
    }
    response.static_gzip = {};
    return;
  }
  if (response.body.size() < kMinBytes || response.headers.has("Content-Encoding") ||
      !compresses_well(response.headers.get("Content-Type")))
    return;
  response.headers.add("Vary", "Accept-Encoding");
  if (accepts(accept_encoding, "gzip")) return apply(codec::Codec::kGzip, 1, "gzip", response);
  if (accepts(accept_encoding, "zstd")) return apply(codec::Codec::kZstd, 1, "zstd", response);
}

}  // namespace tercet::net
