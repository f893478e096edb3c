#include "journal/segment_names.h"

#include <charconv>

#include "journal/journal_format.h"

namespace tercet::journal {

std::string hex16(uint64_t value) {
  std::string digits(16, '0');
  for (size_t i = digits.size(); i-- > 0; value >>= 4) digits[i] = "0123456789abcdef"[value & 15];
  return digits;
}

std::optional<uint64_t> parse_hex16(std::string_view digits) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || digits.size() != 16 || hex16(value) != digits) return std::nullopt;
  return value;
}

std::string segment_name(uint64_t lsn) { return hex16(lsn).append(kSegmentSuffix); }

std::string spare_name(uint64_t number) {
  return std::string(kSparePrefix).append(hex16(number)).append(kSegmentSuffix);
}

std::optional<uint64_t> parse_segment_name(std::string_view name) {
  if (!name.ends_with(kSegmentSuffix)) return std::nullopt;
  name.remove_suffix(kSegmentSuffix.size());
  return parse_hex16(name);
}

std::optional<uint64_t> parse_spare_name(std::string_view name) {
  if (!name.starts_with(kSparePrefix)) return std::nullopt;
  name.remove_prefix(kSparePrefix.size());
  return parse_segment_name(name);
}

}  // namespace tercet::journal
