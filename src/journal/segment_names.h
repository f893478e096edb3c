// Names of segment files (docs/formats/journal.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tercet::journal {

std::string segment_name(uint64_t lsn);
std::string spare_name(uint64_t number);
/// Nothing when it is no such name.
std::optional<uint64_t> parse_segment_name(std::string_view name);
std::optional<uint64_t> parse_spare_name(std::string_view name);

/// Sixteen lower-case digits.
std::string hex16(uint64_t value);
std::optional<uint64_t> parse_hex16(std::string_view digits);

}  // namespace tercet::journal
