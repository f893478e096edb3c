// Everything nondeterministic that a module may touch, passed in. Each member has a simulated twin; a server has one
// Env, two servers in one test process have two.
#pragma once

#include "base/clock.h"
#include "base/executor.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/metrics.h"
#include "base/random.h"
#include "io/file_system.h"

namespace tercet::io {

/// References only: whoever builds it owns the members and outlives every user.
struct Env {
  Clock& clock;
  Random& random;
  FileSystem& files;
  Executor& executor;
  MemoryAccountant& memory;
  MetricRegistry& metrics;
  Logger& log;
};

}  // namespace tercet::io
