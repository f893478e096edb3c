// Time is passed in. Wall time stamps data; monotonic time measures intervals and deadlines. Both in nanoseconds.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace tercet {

constexpr int64_t kMicrosecond = 1'000;
constexpr int64_t kMillisecond = 1'000'000;
constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;

class Clock {
 public:
  virtual ~Clock() = default;
  /// Nanoseconds since 1970-01-01T00:00:00Z. May step in either direction.
  virtual int64_t wall_ns() = 0;
  /// Nanoseconds since an arbitrary start. Never goes back.
  virtual int64_t mono_ns() = 0;
};

class SystemClock final : public Clock {
 public:
  int64_t wall_ns() override;
  int64_t mono_ns() override;
};

/// A clock that moves only when told to. Thread-safe.
class SimClock final : public Clock {
 public:
  explicit SimClock(int64_t wall_ns = 1'700'000'000 * kSecond) : wall_(wall_ns) {}
  int64_t wall_ns() override { return wall_.load(); }
  int64_t mono_ns() override { return mono_.load(); }
  void advance(int64_t ns) {
    wall_ += ns;
    mono_ += ns;
  }
  /// Steps wall time alone, as an NTP correction does.
  void step_wall(int64_t ns) { wall_ += ns; }

 private:
  std::atomic<int64_t> wall_;
  std::atomic<int64_t> mono_{0};
};

/// RFC 3339 in UTC with milliseconds: 2026-01-02T03:04:05.678Z.
std::string format_rfc3339(int64_t wall_ns);

}  // namespace tercet
