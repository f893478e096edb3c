// Cross-origin requests: browsers' SDKs send OTLP from other origins and ask first.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/http_types.h"

namespace tercet::net {

struct CorsPolicy {
  std::vector<std::string> origins;  // exact, or "*"; empty = no CORS
  std::string methods = "POST, OPTIONS";
  std::string headers =
      "Accept, Authorization, Content-Type, Content-Encoding, Origin, traceparent, tracestate, baggage, X-Scope-OrgID";
  int max_age_seconds = 7200;

  /// "*" or "https://a, https://b".
  static CorsPolicy parse(std::string_view origins);
};

/// True when `request` is a preflight that this policy answers; `response` is then the answer.
bool answer_preflight(const CorsPolicy& policy, const Request& request, Response& response);
/// Adds the headers that let the page read the answer.
void apply_cors(const CorsPolicy& policy, std::string_view origin, Response& response);

}  // namespace tercet::net
