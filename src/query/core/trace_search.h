// Search for traces by tags and duration, newest first: what Tempo's tag search asks. Tags may be met by different
// spans of a trace, as Tempo has it; durations are the whole trace's.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "contract/event_source.h"

namespace tercet::query {

struct TraceSearch {
  /// (key, text). Keys name attributes of a span or its resource; `name`, `status`, `kind` and `service` the intrinsic.
  std::vector<std::pair<std::string, std::string>> tags;
  uint64_t min_duration_ns = 0;
  uint64_t max_duration_ns = UINT64_MAX;
  contract::TimeRange time;
  size_t limit = 20;
  size_t spans_per_trace = 3;
};

struct MatchedSpan {
  model::SpanId id;
  std::string name;
  uint64_t start_ns = 0;
  uint64_t duration_ns = 0;
};

struct ServiceStats {
  uint64_t spans = 0;
  uint64_t errors = 0;
};

struct TraceSummary {
  model::TraceId id;
  /// Of the earliest span without a parent; of the earliest span where every span has one.
  std::string root_service;
  std::string root_name;
  bool root_found = false;
  uint64_t start_ns = 0;
  uint64_t end_ns = 0;
  std::map<std::string, ServiceStats> services;
  /// Spans that met every tag (or, where none did, at least one), oldest first, at most spans_per_trace.
  std::vector<MatchedSpan> matched;
  uint64_t matched_total = 0;

  uint64_t duration_ns() const { return end_ns > start_ns ? end_ns - start_ns : 0; }
};

struct TraceSearchResult {
  std::vector<TraceSummary> traces;  // newest start first
  contract::Completeness completeness;
};

/// A tag as a predicate over spans.
contract::Predicate tag_predicate(const std::string& key, const std::string& text);

Result<TraceSearchResult> search_traces(contract::EventSource& source, const contract::Context& context,
                                        const TraceSearch& search);

}  // namespace tercet::query
