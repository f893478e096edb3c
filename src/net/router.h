// Routes by method and path. Patterns: "/a/b", "/a/{id}/c" (a name takes one segment, decoded into Request::params).
// Unknown paths go to the fallback, else 404; known paths with another method get 405 with Allow; HEAD is answered by
// GET.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/responder.h"

namespace tercet::net {

class Router {
 public:
  void add(std::string_view method, std::string pattern, Handler handler);
  void add_fallback(Handler handler) { fallback_ = std::move(handler); }

  struct Match {
    const Handler* handler = nullptr;  // nullptr: answer `refusal`
    std::string_view label;            // the pattern, for metrics: bounded
    Response refusal;
  };
  /// Fills request.params.
  Match match(Request& request) const;

 private:
  struct Route {
    std::string pattern;
    std::vector<std::string> segments;
    std::map<std::string, Handler, std::less<>> methods;
  };
  static bool fits(const Route& route, const std::vector<std::string_view>& segments, Params& params);

  std::vector<Route> routes_;
  std::map<std::string, size_t, std::less<>> literal_;  // patterns without names
  Handler fallback_;
};

}  // namespace tercet::net
