#include "text/gofmt/duration.h"

#include <array>
#include <limits>
#include <optional>

#include "base/clock.h"

namespace tercet::text {

namespace {

constexpr uint64_t kMaxNs = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
// |INT64_MIN|: a negative Go duration reaches one further than a positive one.
constexpr uint64_t kMinMagnitude = kMaxNs + 1;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// As Go's package time quotes in its errors: everything but printable ASCII as \xNN, byte by byte.
std::string quote(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte < ' ' || byte >= 0x80) {
      out += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + "\"";
}

std::optional<uint64_t> go_unit(std::string_view unit) {
  if (unit == "ns") return 1;
  if (unit == "us" || unit == "\u00B5s" || unit == "\u03BCs") return kMicrosecond;  // micro sign, Greek mu
  if (unit == "ms") return kMillisecond;
  if (unit == "s") return kSecond;
  if (unit == "m") return kMinute;
  if (unit == "h") return kHour;
  return std::nullopt;
}

/// Takes leading digits off `rest`; nothing when they pass |INT64_MIN|.
std::optional<uint64_t> take_whole(std::string_view& rest) {
  uint64_t value = 0;
  while (!rest.empty() && is_digit(rest.front())) {
    if (value > kMinMagnitude / 10) return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(rest.front() - '0');
    if (value > kMinMagnitude) return std::nullopt;
    rest.remove_prefix(1);
  }
  return value;
}

struct Fraction {
  uint64_t digits = 0;
  double scale = 1;
};

/// Takes the digits behind a point off `rest`. Those beyond what 63 bits hold are dropped: they are far below 1 ns.
Fraction take_fraction(std::string_view& rest) {
  Fraction fraction;
  bool full = false;
  while (!rest.empty() && is_digit(rest.front())) {
    const auto digit = static_cast<uint64_t>(rest.front() - '0');
    rest.remove_prefix(1);
    if (full) continue;
    if (fraction.digits > kMaxNs / 10 || fraction.digits * 10 + digit > kMinMagnitude) {
      full = true;
      continue;
    }
    fraction.digits = fraction.digits * 10 + digit;
    fraction.scale *= 10;
  }
  return fraction;
}

/// One number-unit pair off `rest`, in nanoseconds; `whole_text` is for the errors.
Result<uint64_t> take_go_term(std::string_view& rest, std::string_view whole_text) {
  const auto invalid = [&] { return fail(invalid_argument("time: invalid duration " + quote(whole_text))); };
  if (rest.front() != '.' && !is_digit(rest.front())) return invalid();
  const size_t before = rest.size();
  const auto whole = take_whole(rest);
  if (!whole) return invalid();
  bool any_digit = rest.size() != before;
  Fraction fraction;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    const size_t before_fraction = rest.size();
    fraction = take_fraction(rest);
    any_digit |= rest.size() != before_fraction;
  }
  if (!any_digit) return invalid();

  size_t unit_size = 0;
  while (unit_size < rest.size() && rest[unit_size] != '.' && !is_digit(rest[unit_size])) ++unit_size;
  if (unit_size == 0) return fail(invalid_argument("time: missing unit in duration " + quote(whole_text)));
  const std::string_view unit_text = rest.substr(0, unit_size);
  rest.remove_prefix(unit_size);
  const auto unit = go_unit(unit_text);
  if (!unit) {
    return fail(invalid_argument("time: unknown unit " + quote(unit_text) + " in duration " + quote(whole_text)));
  }
  if (*whole > kMinMagnitude / *unit) return invalid();
  uint64_t ns = *whole * *unit;
  if (fraction.digits > 0) {
    // The same floating-point expression as Go's, so that both round alike.
    ns += static_cast<uint64_t>(static_cast<double>(fraction.digits) * (static_cast<double>(*unit) / fraction.scale));
    if (ns > kMinMagnitude) return invalid();
  }
  return ns;
}

/// Appends `value` / 10^`places` without trailing zeros.
void append_decimal(std::string& out, uint64_t value, unsigned places) {
  uint64_t scale = 1;
  for (unsigned i = 0; i < places; ++i) scale *= 10;
  out += std::to_string(value / scale);
  uint64_t fraction = value % scale;
  if (fraction == 0) return;
  out += '.';
  for (scale /= 10; fraction > 0; scale /= 10) {
    out += static_cast<char>('0' + fraction / scale);
    fraction %= scale;
  }
}

struct PrometheusUnit {
  std::string_view name;
  uint64_t ms;
  bool only_whole;  // printed only when nothing remains below it: "90d" reads better than "12w6d"
};

constexpr std::array<PrometheusUnit, 7> kPrometheusUnits = {{
    {"y", 365ULL * 24 * 60 * 60 * 1000, true},
    {"w", 7ULL * 24 * 60 * 60 * 1000, true},
    {"d", 24ULL * 60 * 60 * 1000, false},
    {"h", 60ULL * 60 * 1000, false},
    {"m", 60ULL * 1000, false},
    {"s", 1000, false},
    {"ms", 1, false},
}};

}  // namespace

Result<int64_t> parse_go_duration(std::string_view text) {
  std::string_view rest = text;
  bool negative = false;
  if (rest.starts_with('-') || rest.starts_with('+')) {
    negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  if (rest == "0") return 0;
  const auto invalid = [&] { return fail(invalid_argument("time: invalid duration " + quote(text))); };
  if (rest.empty()) return invalid();
  uint64_t total = 0;
  while (!rest.empty()) {
    total += TRY(take_go_term(rest, text));
    if (total > kMinMagnitude) return invalid();
  }
  if (negative) return static_cast<int64_t>(0 - total);
  if (total > kMaxNs) return invalid();
  return static_cast<int64_t>(total);
}

std::string format_go_duration(int64_t ns) {
  uint64_t rest = ns < 0 ? 0 - static_cast<uint64_t>(ns) : static_cast<uint64_t>(ns);
  std::string out = ns < 0 ? "-" : "";
  if (rest == 0) return "0s";
  if (rest < kMicrosecond) return out + std::to_string(rest) + "ns";
  if (rest < kMillisecond) {
    append_decimal(out, rest, 3);
    return out + "\u00B5s";
  }
  if (rest < kSecond) {
    append_decimal(out, rest, 6);
    return out + "ms";
  }
  const uint64_t minutes = rest / kMinute;
  if (minutes >= 60) out += std::to_string(minutes / 60) + "h";
  if (minutes > 0) out += std::to_string(minutes % 60) + "m";
  append_decimal(out, rest % kMinute, 9);
  return out + "s";
}

Result<int64_t> parse_prometheus_duration(std::string_view text) {
  if (text == "0") return 0;
  if (text.empty()) return fail(invalid_argument("empty duration string"));
  const auto malformed = [&] { return fail(invalid_argument("not a valid duration string: " + quote(text))); };
  constexpr uint64_t kMaxMs = kMaxNs / static_cast<uint64_t>(kMillisecond);
  uint64_t total_ms = 0;
  bool out_of_range = false;  // reported only when the whole text is well-formed, as the original's regexp does
  size_t next_unit = 0;
  for (std::string_view rest = text; !rest.empty();) {
    uint64_t number = 0;
    size_t digits = 0;
    for (; digits < rest.size() && is_digit(rest[digits]); ++digits) {
      if (number <= kMaxMs) number = number * 10 + static_cast<uint64_t>(rest[digits] - '0');
    }
    if (digits == 0) return malformed();
    rest.remove_prefix(digits);
    size_t unit_size = 0;
    while (unit_size < rest.size() && !is_digit(rest[unit_size])) ++unit_size;
    while (next_unit < kPrometheusUnits.size() && kPrometheusUnits[next_unit].name != rest.substr(0, unit_size)) {
      ++next_unit;
    }
    if (next_unit == kPrometheusUnits.size()) return malformed();
    rest.remove_prefix(unit_size);
    const uint64_t unit_ms = kPrometheusUnits[next_unit++].ms;
    if (number > (kMaxMs - total_ms) / unit_ms) {
      out_of_range = true;
    } else {
      total_ms += number * unit_ms;
    }
  }
  if (out_of_range) return fail(invalid_argument("duration out of range"));
  return static_cast<int64_t>(total_ms * static_cast<uint64_t>(kMillisecond));
}

std::string format_prometheus_duration(int64_t ns) {
  const uint64_t magnitude = ns < 0 ? 0 - static_cast<uint64_t>(ns) : static_cast<uint64_t>(ns);
  uint64_t ms = magnitude / static_cast<uint64_t>(kMillisecond);
  if (ms == 0) return "0s";
  std::string out = ns < 0 ? "-" : "";
  for (const PrometheusUnit& unit : kPrometheusUnits) {
    if (unit.only_whole && ms % unit.ms != 0) continue;
    if (const uint64_t count = ms / unit.ms; count > 0) {
      out += std::to_string(count);
      out += unit.name;
      ms %= unit.ms;
    }
  }
  return out;
}

}  // namespace tercet::text
