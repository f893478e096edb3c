// An Env whose every part is simulated and deterministic, for tests: time moves and tasks run only when told to.
#pragma once

#include "base/executor.h"
#include "io/env.h"
#include "io/sim_file_system.h"

namespace tercet::io {

struct SimEnv {
  explicit SimEnv(uint64_t seed = 1, uint64_t memory_bytes = uint64_t{1} << 30)
      : SimEnv(std::make_unique<SimFileSystem>(), seed, memory_bytes) {}
  /// On the disk that another run left.
  SimEnv(std::unique_ptr<SimFileSystem> disk, uint64_t seed, uint64_t memory_bytes = uint64_t{1} << 30)
      : random(seed),
        files(std::move(disk)),
        executor(clock),
        memory(memory_bytes),
        log(clock, [this](std::string_view line) { log_text += line; }, LogLevel::kDebug) {}

  SimClock clock;
  SeededRandom random;
  std::unique_ptr<SimFileSystem> files;
  SimExecutor executor;
  MemoryAccountant memory;
  MetricRegistry metrics;
  std::string log_text;
  Logger log;
  Env env{clock, random, *files, executor, memory, metrics, log};
};

}  // namespace tercet::io
