#include "net/router.h"

#include <algorithm>

namespace tercet::net {

namespace {

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const size_t end = path.find('/');
    segments.push_back(path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view{} : path.substr(end);
  }
  return segments;
}

}  // namespace

void Router::add(std::string_view method, std::string pattern, Handler handler) {
  auto it = std::find_if(routes_.begin(), routes_.end(), [&](const Route& r) { return r.pattern == pattern; });
  if (it == routes_.end()) {
    Route route;
    for (const std::string_view segment : split(pattern)) route.segments.emplace_back(segment);
    if (pattern.find('{') == std::string::npos) literal_[pattern] = routes_.size();
    route.pattern = std::move(pattern);
    it = routes_.insert(routes_.end(), std::move(route));
  }
  it->methods[std::string(method)] = std::move(handler);
}

bool Router::fits(const Route& route, const std::vector<std::string_view>& segments, Params& params) {
  if (route.segments.size() != segments.size()) return false;
  Params found;
  for (size_t i = 0; i < segments.size(); ++i) {
    const std::string& wanted = route.segments[i];
    if (!wanted.starts_with('{')) {
      if (wanted != segments[i]) return false;
      continue;
    }
    auto value = percent_decode(segments[i]);
    if (!value || value->empty()) return false;
    found.add(wanted.substr(1, wanted.size() - 2), std::move(*value));
  }
  params = std::move(found);
  return true;
}

Router::Match Router::match(Request& request) const {
  const Route* route = nullptr;
  if (const auto it = literal_.find(request.raw_path); it != literal_.end()) {
    route = &routes_[it->second];
  } else {
    const auto segments = split(request.raw_path);
    for (const Route& candidate : routes_) {
      if (candidate.pattern.find('{') != std::string::npos && fits(candidate, segments, request.params)) {
        route = &candidate;
        break;
      }
    }
  }
  if (route == nullptr) {
    if (fallback_) return {&fallback_, "fallback", {}};
    return {nullptr, "none", text_response(404, "there is nothing at " + request.path + "\n")};
  }
  auto method = route->methods.find(request.method);
  if (method == route->methods.end() && request.method == "HEAD") method = route->methods.find("GET");
  if (method != route->methods.end()) return {&method->second, route->pattern, {}};
  Response refusal = text_response(405, request.method + " is not allowed here\n");
  std::string allow;
  for (const auto& [name, handler] : route->methods) allow += (allow.empty() ? "" : ", ") + name;
  refusal.headers.set("Allow", allow);
  return {nullptr, route->pattern, std::move(refusal)};
}

}  // namespace tercet::net
