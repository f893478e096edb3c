#include "net/cors.h"

#include <algorithm>

namespace tercet::net {

namespace {

// The value of Allow-Origin, empty when the origin may not.
std::string allowed(const CorsPolicy& policy, std::string_view origin) {
  if (origin.empty()) return {};
  for (const std::string& one : policy.origins) {
    if (one == "*" || one == origin) return one == "*" ? "*" : std::string(origin);
  }
  return {};
}

}  // namespace

CorsPolicy CorsPolicy::parse(std::string_view origins) {
  CorsPolicy policy;
  while (!origins.empty()) {
    const size_t comma = origins.find(',');
    std::string_view one = origins.substr(0, comma);
    while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
    while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
    if (!one.empty()) policy.origins.emplace_back(one);
    origins = comma == std::string_view::npos ? std::string_view{} : origins.substr(comma + 1);
  }
  return policy;
}

void apply_cors(const CorsPolicy& policy, std::string_view origin, Response& response) {
  const std::string allow = allowed(policy, origin);
  if (allow.empty()) return;
  response.headers.set("Access-Control-Allow-Origin", allow);
  response.headers.set("Access-Control-Expose-Headers", "Date, Retry-After");
  if (allow != "*") response.headers.add("Vary", "Origin");
}

bool answer_preflight(const CorsPolicy& policy, const Request& request, Response& response) {
  if (request.method != "OPTIONS" || !request.headers.has("Access-Control-Request-Method")) return false;
  if (allowed(policy, request.headers.get("Origin")).empty()) return false;
  response = {};
  response.status = 204;
  response.headers.set("Access-Control-Allow-Methods", policy.methods);
  // Custom headers of an SDK are named by the browser; they carry no right of their own here.
  const std::string_view asked = request.headers.get("Access-Control-Request-Headers");
  response.headers.set("Access-Control-Allow-Headers",
                       asked.empty() || asked.size() > 1024 ? std::string_view(policy.headers) : asked);
  response.headers.set("Access-Control-Max-Age", std::to_string(policy.max_age_seconds));
  apply_cors(policy, request.headers.get("Origin"), response);
  return true;
}

}  // namespace tercet::net
