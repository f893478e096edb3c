#include "text/gofmt/number.h"

#include <charconv>
#include <cmath>
#include <string_view>

#include "base/check.h"

namespace tercet::text {

namespace {

/// The number is 0.DIGITS × 10^point; digits without trailing zeros, at most 17; none for zero.
struct Decimal {
  char digits[20];
  int count = 0;
  int point = 0;
};

/// The shortest digits of a finite `value` ≥ 0. std::to_chars finds the same ones as Go (both nearest to the true value
/// among the shortest), but lays them out differently, so only its digits are used.
Decimal shortest(double value) {
  Decimal decimal;
  if (value == 0) return decimal;
  char raw[32];
  const auto result = std::to_chars(raw, raw + sizeof(raw), value, std::chars_format::scientific);
  CHECK(result.ec == std::errc());
  const char* at = raw;
  for (; *at != 'e'; ++at) {
    if (*at != '.') decimal.digits[decimal.count++] = *at;
  }
  while (decimal.count > 1 && decimal.digits[decimal.count - 1] == '0') --decimal.count;
  ++at;
  if (*at == '+') ++at;
  int exponent = 0;
  std::from_chars(at, result.ptr, exponent);
  decimal.point = exponent + 1;
  return decimal;
}

void append_fixed(std::string& out, const Decimal& decimal) {
  const std::string_view digits(decimal.digits, static_cast<size_t>(decimal.count));
  if (decimal.point <= 0) {
    out += '0';
    if (digits.empty()) return;
    out += '.';
    out.append(static_cast<size_t>(-decimal.point), '0');
    out += digits;
    return;
  }
  const auto whole = static_cast<size_t>(decimal.point);
  if (digits.size() <= whole) {
    out += digits;
    out.append(whole - digits.size(), '0');
    return;
  }
  out += digits.substr(0, whole);
  out += '.';
  out += digits.substr(whole);
}

void append_exponent(std::string& out, const Decimal& decimal) {
  out += decimal.count == 0 ? '0' : decimal.digits[0];
  if (decimal.count > 1) {
    out += '.';
    out.append(decimal.digits + 1, static_cast<size_t>(decimal.count - 1));
  }
  const int exponent = decimal.count == 0 ? 0 : decimal.point - 1;
  out += 'e';
  out += exponent < 0 ? '-' : '+';
  const int magnitude = std::abs(exponent);
  if (magnitude < 10) out += '0';
  out += std::to_string(magnitude);
}

}  // namespace

void append_float(std::string& out, double value, FloatLayout layout) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::isinf(value)) {
    out += value < 0 ? "-Inf" : "+Inf";
    return;
  }
  if (std::signbit(value)) out += '-';
  const Decimal decimal = shortest(std::fabs(value));
  const int exponent = decimal.count == 0 ? 0 : decimal.point - 1;
  // Go decides 'g' for the shortest digits as if the precision were 6.
  const bool wide = exponent < -4 || exponent >= 6;
  if (layout == FloatLayout::kExponent || (layout == FloatLayout::kGeneral && wide)) {
    append_exponent(out, decimal);
  } else {
    append_fixed(out, decimal);
  }
}

std::string format_float(double value, FloatLayout layout) {
  std::string out;
  append_float(out, value, layout);
  return out;
}

void append_sample_value(std::string& out, double value) {
  const double magnitude = std::fabs(value);
  const bool wide = magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21);
  append_float(out, value, wide ? FloatLayout::kExponent : FloatLayout::kFixed);
}

}  // namespace tercet::text
