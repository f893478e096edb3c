#include "api/tempo/search_params.h"

#include <charconv>

#include "base/clock.h"
#include "text/gofmt/duration.h"
#include "text/gofmt/logfmt.h"

namespace tercet::api {

namespace {

Result<int64_t> parse_integer(std::string_view name, std::string_view text, int64_t min, int64_t max) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < min || value > max) {
    return fail(invalid_argument("parameter " + std::string(name) + ": \"" + std::string(text) +
                                 "\" is no whole number from " + std::to_string(min) + " to " + std::to_string(max)));
  }
  return value;
}

Result<uint64_t> parse_positive_duration(std::string_view name, std::string_view text) {
  const auto ns = text::parse_go_duration(text);
  if (!ns || *ns < 0)
    return fail(invalid_argument("parameter " + std::string(name) + ": \"" + std::string(text) +
                                 "\" is no duration like 100ms, 1.5s or 2m"));
  return static_cast<uint64_t>(*ns);
}

constexpr int64_t kMaxSeconds = 9'000'000'000;  // nanoseconds fit 64 bits

}  // namespace

Result<contract::TimeRange> parse_time_range(const net::Request& request) {
  contract::TimeRange range;
  if (const auto start = request.query.get("start"); start && !start->empty()) {
    range.min_ns = TRY(parse_integer("start", *start, 0, kMaxSeconds)) * kSecond;
  }
  if (const auto end = request.query.get("end"); end && !end->empty()) {
    // The last second counts whole.
    range.max_ns = TRY(parse_integer("end", *end, 0, kMaxSeconds)) * kSecond + kSecond - 1;
  }
  if (range.min_ns > range.max_ns) return fail(invalid_argument("start lies behind end"));
  return range;
}

Result<query::TraceSearch> parse_search(const net::Request& request, int64_t limit_max) {
  query::TraceSearch search;
  search.time = TRY(parse_time_range(request));
  if (const auto tags = request.query.get("tags"); tags && !tags->empty()) {
    search.tags = TRY_CTX(text::parse_logfmt(*tags), "parameter tags");
  }
  if (const auto min = request.query.get("minDuration"); min && !min->empty())
    search.min_duration_ns = TRY(parse_positive_duration("minDuration", *min));
  if (const auto max = request.query.get("maxDuration"); max && !max->empty())
    search.max_duration_ns = TRY(parse_positive_duration("maxDuration", *max));
  if (search.min_duration_ns > search.max_duration_ns)
    return fail(invalid_argument("minDuration is longer than maxDuration"));
  if (const auto limit = request.query.get("limit"); limit && !limit->empty()) {
    search.limit = static_cast<size_t>(TRY(parse_integer("limit", *limit, 1, limit_max)));
  }
  if (const auto spss = request.query.get("spss"); spss && !spss->empty())
    search.spans_per_trace = static_cast<size_t>(TRY(parse_integer("spss", *spss, 0, 100)));
  return search;
}

contract::Field parse_tag(std::string_view tag) {
  using contract::FieldScope;
  const auto scoped = [&](std::string_view prefix, FieldScope scope) -> contract::Field {
    return {scope, contract::Intrinsic::kName, std::string(tag.substr(prefix.size()))};
  };
  if (tag.starts_with("resource.")) return scoped("resource.", FieldScope::kResource);
  if (tag.starts_with("span.") && tag != "span.kind") return scoped("span.", FieldScope::kRecord);
  if (tag.starts_with(".")) return scoped(".", FieldScope::kAny);
  return query::tag_predicate(std::string(tag), "").field;
}

}  // namespace tercet::api
