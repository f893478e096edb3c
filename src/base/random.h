// Randomness is passed in: the system's for production, a seeded one for tests and simulations.
#pragma once

#include <cstdint>
#include <mutex>

namespace tercet {

class Random {
 public:
  virtual ~Random() = default;
  /// 64 random bits. Thread-safe.
  virtual uint64_t next() = 0;
  /// Uniform in [0, bound); bound > 0. Lemire's multiply-shift, bias < 2^-32 for the bounds used here.
  uint64_t below(uint64_t bound) {
    return static_cast<uint64_t>((static_cast<unsigned __int128>(next()) * bound) >> 64);
  }
  /// Uniform in [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
};

/// xoshiro256** (Blackman and Vigna), seeded by splitmix64. Deterministic for a seed.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed);
  uint64_t next() override;

 private:
  std::mutex mutex_;
  uint64_t state_[4];
};

/// The kernel's generator. For ids and nonces that nobody may guess.
class SystemRandom final : public Random {
 public:
  uint64_t next() override;
};

}  // namespace tercet
