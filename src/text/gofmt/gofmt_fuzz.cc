// Garbage never crashes the duration readers, and what they accept survives printing; numbers read back as they were.
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "text/gofmt/duration.h"
#include "text/gofmt/number.h"

namespace {

void check_durations(std::string_view text) {
  namespace t = tercet::text;
  if (const auto ns = t::parse_go_duration(text)) CHECK(t::parse_go_duration(t::format_go_duration(*ns)) == *ns);
  if (const auto ns = t::parse_prometheus_duration(text)) {
    CHECK(*ns >= 0 && *ns % tercet::kMillisecond == 0);
    CHECK(t::parse_prometheus_duration(t::format_prometheus_duration(*ns)) == *ns);
  }
}

void check_number(double value) {
  if (!std::isfinite(value)) return;
  using tercet::text::FloatLayout;
  for (const auto layout : {FloatLayout::kFixed, FloatLayout::kGeneral, FloatLayout::kExponent}) {
    const std::string text = tercet::text::format_float(value, layout);
    double back = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), back);
    CHECK(error == std::errc() && end == text.data() + text.size());
    CHECK(std::bit_cast<uint64_t>(back) == std::bit_cast<uint64_t>(value));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_durations(text);
  if (size >= 8) {
    const auto bits = tercet::load_le<uint64_t>(text.data());
    check_number(std::bit_cast<double>(bits));
    const auto ns = static_cast<int64_t>(bits);
    CHECK(tercet::text::parse_go_duration(tercet::text::format_go_duration(ns)) == ns);
  }
  return 0;
}
