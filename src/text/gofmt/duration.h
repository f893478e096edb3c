// Durations as two dialects spell them: Go's time.Duration ("1h30m", "-1.5h", "100ms") and Prometheus' model.Duration
// ("1d", "1h30m", "2w"). Both in nanoseconds. The error texts are the originals', which APIs hand to their users.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tercet::text {

/// time.ParseDuration: a sign, then number-unit pairs in any order, each number with an optional fraction; units ns, us
/// (also µs, μs), ms, s, m, h; "0" needs no unit. kInvalidArgument when malformed or beyond ±292 years.
Result<int64_t> parse_go_duration(std::string_view text);
/// time.Duration's String: "1h30m0s", "1.5s", "100ms", "1.5µs", "0s". Round trips.
std::string format_go_duration(int64_t ns);

/// model.ParseDuration: whole numbers with units y w d h m s ms, each at most once and in this order; "0" needs no
/// unit. A day has 24 hours, a week 7 days, a year 365 days. kInvalidArgument when malformed, negative or beyond 292
/// years.
Result<int64_t> parse_prometheus_duration(std::string_view text);
/// model.Duration's String: "1h30m", "2w", "90d"; years and weeks only when nothing remains below them. What is finer
/// than a millisecond is cut off, as Prometheus does.
std::string format_prometheus_duration(int64_t ns);

}  // namespace tercet::text
