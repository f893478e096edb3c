// Floating-point numbers as Go's strconv.FormatFloat(v, format, -1, 64) prints them: the fewest digits that read back
// as the same number, laid out in one of three ways. Not-a-number and the infinities are NaN, +Inf and -Inf.
#pragma once

#include <cstdint>
#include <string>

namespace tercet::text {

enum class FloatLayout : uint8_t {
  kFixed,     // 'f': 1000000, 0.00001; up to 342 characters
  kExponent,  // 'e': 1e+06, 1.5e-07; the exponent has at least two digits
  kGeneral,   // 'g': as kExponent below 1e-04 and from 1e+06 on, as kFixed between
};

/// Appends `value`. 'f' is how Prometheus prints values in expressions and templates, 'g' how it exposes samples.
void append_float(std::string& out, double value, FloatLayout layout);
std::string format_float(double value, FloatLayout layout = FloatLayout::kFixed);

/// As Prometheus' HTTP API writes a sample's value: 'f', but 'e' below 1e-06 and from 1e+21 on. Without the quotes.
void append_sample_value(std::string& out, double value);

}  // namespace tercet::text
