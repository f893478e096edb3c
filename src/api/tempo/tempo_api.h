// Tempo's HTTP API over any event source: traces by id, search by tags and durations, tag names and values.
// JSON is protobuf's mapping with base64 ids, as Tempo answers; errors are text.
#pragma once

#include <string>

#include "base/clock.h"
#include "contract/event_source.h"
#include "net/router.h"

namespace tercet::api {

struct TempoConfig {
  /// A query that takes longer is answered 504.
  int64_t query_timeout_ns = 30 * kSecond;
  /// A search may ask for this many traces; more is 400.
  int64_t search_limit_max = 1000;
};

class TempoApi {
 public:
  /// Borrows source and clock, which outlive it. `version` is what buildinfo says.
  TempoApi(TempoConfig config, contract::EventSource& source, Clock& clock, std::string version);

  /// Adds Tempo's paths below `prefix` ("/tempo", or "" on a port of its own).
  void mount(net::Router& router, const std::string& prefix);

 private:
  contract::Context context_for(net::Responder& responder) const;
  void trace_by_id(net::Request&& request, net::Responder responder, bool v2);
  void search(net::Request&& request, net::Responder responder);
  void tag_names(net::Request&& request, net::Responder responder, bool v2);
  void tag_values(net::Request&& request, net::Responder responder, bool v2);

  const TempoConfig config_;
  contract::EventSource& source_;
  Clock& clock_;
  const std::string version_;
};

}  // namespace tercet::api
