// Trace and span ids as numbers: compared, hashed and sorted as such, shown as hex. The wire has them big-endian.
#pragma once

#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tercet::model {

struct TraceId {
  uint64_t hi = 0;
  uint64_t lo = 0;

  auto operator<=>(const TraceId&) const = default;
  /// All zero is "no id" (W3C trace context).
  bool valid() const { return (hi | lo) != 0; }

  /// `bytes` holds 16 bytes, big-endian.
  static TraceId from_bytes(const char* bytes) {
    TraceId id;
    std::memcpy(&id, bytes, 16);
    return {__builtin_bswap64(id.hi), __builtin_bswap64(id.lo)};
  }
  void to_bytes(char* out) const {
    const uint64_t raw[2] = {__builtin_bswap64(hi), __builtin_bswap64(lo)};
    std::memcpy(out, raw, 16);
  }
  /// 32 lower-case hex digits.
  std::string hex() const;
  /// 1 to 32 hex digits of any case, leading zeros may be missing (Tempo trims them); nothing for other text.
  static std::optional<TraceId> from_hex(std::string_view text);
};

struct SpanId {
  uint64_t value = 0;

  auto operator<=>(const SpanId&) const = default;
  bool valid() const { return value != 0; }

  /// `bytes` holds 8 bytes, big-endian.
  static SpanId from_bytes(const char* bytes) {
    uint64_t raw;
    std::memcpy(&raw, bytes, 8);
    return {__builtin_bswap64(raw)};
  }
  void to_bytes(char* out) const {
    const uint64_t raw = __builtin_bswap64(value);
    std::memcpy(out, &raw, 8);
  }
  /// 16 lower-case hex digits.
  std::string hex() const;
  static std::optional<SpanId> from_hex(std::string_view text);
};

}  // namespace tercet::model

template <>
struct std::hash<tercet::model::TraceId> {
  // Trace ids are random in their low half by W3C's rule; the mix covers senders that count.
  size_t operator()(const tercet::model::TraceId& id) const {
    return (id.lo ^ (id.hi * 0x9E3779B97F4A7C15u)) * 0xD6E8FEB86659FD93u;
  }
};
