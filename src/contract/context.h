// Who asks, how long, and on whose memory: the first parameter of every sink and source.
#pragma once

#include <cstdint>
#include <string>

#include "base/cancel.h"
#include "base/memory.h"

namespace tercet::contract {

/// One tenant until tenants open; every record, part, cache key and cursor carries it already.
inline constexpr char kDefaultTenant[] = "default";

struct Context {
  std::string tenant = kDefaultTenant;
  std::string principal;  // who was authenticated; empty = nobody asked
  /// Monotonic; 0 = none. Long work polls it together with `cancel`.
  int64_t deadline_mono_ns = 0;
  CancelToken cancel;
  /// Where the work's memory is accounted; nullptr = not accounted (tests).
  MemoryAccount* memory = nullptr;
};

}  // namespace tercet::contract
