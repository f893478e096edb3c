#include "base/config_field.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "base/clock.h"

namespace tercet {

namespace {

// 128 bits hold the product of any 64-bit number and any unit.
__extension__ using Wide = __int128;

struct Unit {
  std::string_view name;
  int64_t size;
};

constexpr int64_t kKilo = 1000;
constexpr int64_t kKibi = 1024;

// Largest first: format_bytes takes the first that divides.
constexpr std::array kByteUnits = {
    Unit{"EiB", kKibi* kKibi* kKibi* kKibi* kKibi* kKibi},
    Unit{"EB", kKilo* kKilo* kKilo* kKilo* kKilo* kKilo},
    Unit{"PiB", kKibi* kKibi* kKibi* kKibi* kKibi},
    Unit{"PB", kKilo* kKilo* kKilo* kKilo* kKilo},
    Unit{"TiB", kKibi* kKibi* kKibi* kKibi},
    Unit{"TB", kKilo* kKilo* kKilo* kKilo},
    Unit{"GiB", kKibi* kKibi* kKibi},
    Unit{"GB", kKilo* kKilo* kKilo},
    Unit{"MiB", kKibi* kKibi},
    Unit{"MB", kKilo* kKilo},
    Unit{"KiB", kKibi},
    Unit{"KB", kKilo},
    Unit{"B", 1},
};

// Units of format_duration, largest first; parse_duration takes those below too.
constexpr std::array kDurationUnits = {
    Unit{"d", kDay},          Unit{"h", kHour},         Unit{"m", kMinute}, Unit{"s", kSecond},
    Unit{"ms", kMillisecond}, Unit{"us", kMicrosecond}, Unit{"ns", 1},
};
constexpr std::array kMoreDurationUnits = {
    Unit{"w", 7 * kDay}, Unit{"y", 365 * kDay}, Unit{"\xC2\xB5s", kMicrosecond},  // micro sign
    Unit{"\xCE\xBCs", kMicrosecond},                                              // Greek mu
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if ((a[i] | 0x20) != (b[i] | 0x20)) return false;
  }
  return true;
}

/// A decimal number without sign: whole + fraction / scale.
struct Decimal {
  uint64_t whole = 0;
  uint64_t fraction = 0;
  uint64_t scale = 1;
  /// Nothing on overflow of 64 signed bits, or of unsigned ones when `limit` says so.
  std::optional<uint64_t> times(int64_t unit, uint64_t limit) const {
    const Wide value = static_cast<Wide>(whole) * unit + static_cast<Wide>(fraction) * unit / static_cast<Wide>(scale);
    if (value > static_cast<Wide>(limit)) return std::nullopt;
    return static_cast<uint64_t>(value);
  }
};

/// Takes a number from the front of `text`; digits beyond the ninth of a fraction are below every unit's grain.
std::optional<Decimal> take_decimal(std::string_view& text) {
  Decimal number;
  bool any = false;
  while (!text.empty() && is_digit(text[0])) {
    if (__builtin_mul_overflow(number.whole, uint64_t{10}, &number.whole) ||
        __builtin_add_overflow(number.whole, static_cast<uint64_t>(text[0] - '0'), &number.whole)) {
      return std::nullopt;
    }
    text.remove_prefix(1);
    any = true;
  }
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    while (!text.empty() && is_digit(text[0])) {
      if (number.scale < 1'000'000'000) {
        number.fraction = number.fraction * 10 + static_cast<uint64_t>(text[0] - '0');
        number.scale *= 10;
      }
      text.remove_prefix(1);
      any = true;
    }
  }
  if (!any) return std::nullopt;
  return number;
}

std::optional<int64_t> duration_unit(std::string_view name) {
  for (const Unit& unit : kDurationUnits) {
    if (unit.name == name) return unit.size;
  }
  for (const Unit& unit : kMoreDurationUnits) {
    if (unit.name == name) return unit.size;
  }
  return std::nullopt;
}

Error bad_bytes(std::string_view text) {
  return invalid_argument(
      fmt::format("\"{}\" is no size: a number and a unit are wanted, as 4096, 64KiB, 64MiB or 1.5GB", text));
}

Error bad_duration(std::string_view text) {
  return invalid_argument(fmt::format(
      "\"{}\" is no duration: numbers with units (ns us ms s m h d w y) are wanted, as 30s, 1h30m or 7d", text));
}

}  // namespace

ConfigField string_field(std::string_view name, std::string& value, std::string_view doc) {
  return {.name = name,
          .kind = FieldKind::kString,
          .doc = doc,
          .set = [&value](std::string_view text) -> Result<> {
            value = text;
            return {};
          },
          .get = [&value] { return value; }};
}

ConfigField bool_field(std::string_view name, bool& value, std::string_view doc) {
  return {.name = name,
          .kind = FieldKind::kBool,
          .doc = doc,
          .set = [&value](std::string_view text) -> Result<> {
            if (text != "true" && text != "false") {
              return fail(invalid_argument(fmt::format("\"{}\": true or false is wanted", text)));
            }
            value = text == "true";
            return {};
          },
          .get = [&value] { return std::string(value ? "true" : "false"); }};
}

ConfigField integer_field(std::string_view name, int64_t& value, int64_t min, int64_t max, std::string_view doc) {
  return {
      .name = name,
      .kind = FieldKind::kInteger,
      .doc = doc,
      .set = [&value, min, max](std::string_view text) -> Result<> {
        int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{} || end != text.data() + text.size() || number < min || number > max) {
          return fail(invalid_argument(fmt::format("\"{}\": a whole number from {} to {} is wanted", text, min, max)));
        }
        value = number;
        return {};
      },
      .get = [&value] { return std::to_string(value); }};
}

ConfigField bytes_field(std::string_view name, uint64_t& value, uint64_t min, uint64_t max, std::string_view doc) {
  return {.name = name,
          .kind = FieldKind::kBytes,
          .doc = doc,
          .set = [&value, min, max](std::string_view text) -> Result<> {
            const uint64_t bytes = TRY(parse_bytes(text));
            if (bytes < min || bytes > max) {
              return fail(invalid_argument(
                  fmt::format("\"{}\": a size from {} to {} is wanted", text, format_bytes(min), format_bytes(max))));
            }
            value = bytes;
            return {};
          },
          .get = [&value] { return format_bytes(value); }};
}

ConfigField duration_field(std::string_view name, int64_t& value_ns, int64_t min_ns, int64_t max_ns,
                           std::string_view doc) {
  return {.name = name,
          .kind = FieldKind::kDuration,
          .doc = doc,
          .set = [&value_ns, min_ns, max_ns](std::string_view text) -> Result<> {
            const int64_t ns = TRY(parse_duration(text));
            if (ns < min_ns || ns > max_ns) {
              return fail(invalid_argument(fmt::format("\"{}\": a duration from {} to {} is wanted", text,
                                                       format_duration(min_ns), format_duration(max_ns))));
            }
            value_ns = ns;
            return {};
          },
          .get = [&value_ns] { return format_duration(value_ns); }};
}

Result<uint64_t> parse_bytes(std::string_view text) {
  std::string_view rest = text;
  const auto number = take_decimal(rest);
  if (!number) return fail(bad_bytes(text));
  while (!rest.empty() && rest[0] == ' ') rest.remove_prefix(1);
  int64_t size = 0;
  if (rest.empty()) size = 1;
  for (const Unit& unit : kByteUnits) {
    if (equal_ignoring_case(rest, unit.name)) size = unit.size;
  }
  if (size == 0) return fail(bad_bytes(text));
  const auto bytes = number->times(size, std::numeric_limits<uint64_t>::max());
  if (!bytes) return fail(invalid_argument(fmt::format("\"{}\" is more bytes than 64 bits count", text)));
  return *bytes;
}

std::string format_bytes(uint64_t bytes) {
  if (bytes == 0) return "0";
  for (const Unit& unit : kByteUnits) {
    if (unit.size == 1) break;
    const auto size = static_cast<uint64_t>(unit.size);
    if (bytes % size == 0) return fmt::format("{}{}", bytes / size, unit.name);
  }
  return std::to_string(bytes);
}

Result<int64_t> parse_duration(std::string_view text) {
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return 0;
  if (rest.empty()) return fail(bad_duration(text));
  constexpr auto kLongest = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  uint64_t sum = 0;
  while (!rest.empty()) {
    const auto number = take_decimal(rest);
    if (!number) return fail(bad_duration(text));
    size_t length = 0;
    while (length < rest.size() && !is_digit(rest[length]) && rest[length] != '.') ++length;
    const auto unit = duration_unit(rest.substr(0, length));
    if (!unit) return fail(bad_duration(text));
    rest.remove_prefix(length);
    const auto part = number->times(*unit, kLongest);
    if (!part || *part > kLongest - sum) {
      return fail(invalid_argument(fmt::format("\"{}\" is longer than 292 years", text)));
    }
    sum += *part;
  }
  return negative ? -static_cast<int64_t>(sum) : static_cast<int64_t>(sum);
}

std::string format_duration(int64_t ns) {
  if (ns == 0) return "0s";
  std::string out;
  if (ns < 0) out = "-";
  // The magnitude of the smallest int64_t fits only the unsigned type.
  uint64_t rest = ns < 0 ? 0 - static_cast<uint64_t>(ns) : static_cast<uint64_t>(ns);
  for (const Unit& unit : kDurationUnits) {
    const auto size = static_cast<uint64_t>(unit.size);
    if (rest >= size) out += fmt::format("{}{}", rest / size, unit.name);
    rest %= size;
  }
  return out;
}

}  // namespace tercet
