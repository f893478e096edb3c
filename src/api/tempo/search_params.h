// The parameters of Tempo's search and tag requests.
#pragma once

#include "base/result.h"
#include "net/http_types.h"
#include "query/core/trace_search.h"

namespace tercet::api {

/// `start` and `end` in seconds since 1970; without them everything. Errors name the parameter.
Result<contract::TimeRange> parse_time_range(const net::Request& request);

/// tags (logfmt), minDuration, maxDuration, start, end, limit, spss.
Result<query::TraceSearch> parse_search(const net::Request& request, int64_t limit_max);

/// A tag's name as Tempo's API has it: `service.name`, `.x`, `resource.x`, `span.x`, or an intrinsic.
contract::Field parse_tag(std::string_view tag);

}  // namespace tercet::api
