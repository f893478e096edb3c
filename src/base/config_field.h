// Configuration is data beside its module: a Config struct with defaults, a table of its fields, validate().
// A table drives the YAML reader, `tercet check config`, the documentation and the page that shows what is in force.
// Modules never see YAML: app walks the tree and sets fields through these tables.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tercet {

enum class FieldKind : uint8_t { kString, kBool, kInteger, kBytes, kDuration };

struct ConfigField {
  std::string_view name;  // as in the file: snake_case, unit last
  FieldKind kind;
  std::string_view doc;  // one sentence, ends with what happens at the limit where there is one
  /// Takes the scalar's text; the error says what is allowed.
  std::function<Result<>(std::string_view text)> set;
  /// The value in force, as the file would write it.
  std::function<std::string()> get;
};

using ConfigFields = std::vector<ConfigField>;

/// Fields bound to a variable. Durations are nanoseconds ("30s", "5m", "7d"), bytes take "64MiB", "1GB", "4096".
ConfigField string_field(std::string_view name, std::string& value, std::string_view doc);
ConfigField bool_field(std::string_view name, bool& value, std::string_view doc);
ConfigField integer_field(std::string_view name, int64_t& value, int64_t min, int64_t max, std::string_view doc);
ConfigField bytes_field(std::string_view name, uint64_t& value, uint64_t min, uint64_t max, std::string_view doc);
ConfigField duration_field(std::string_view name, int64_t& value_ns, int64_t min_ns, int64_t max_ns,
                           std::string_view doc);

/// "64MiB", "1.5GB", "4096". Binary (KiB…) and decimal (KB…) units.
Result<uint64_t> parse_bytes(std::string_view text);
/// Exact, with the largest unit that divides: parse_bytes() of it gives `bytes`.
std::string format_bytes(uint64_t bytes);
/// "1h30m", "250ms", "7d", "2w": a sum of number-unit pairs (ns us ms s m h d w y), as Prometheus and Go write them.
Result<int64_t> parse_duration(std::string_view text);
/// Days and smaller, so that what was written as "7d" reads so again; parse_duration() of it gives `ns`.
std::string format_duration(int64_t ns);

}  // namespace tercet
