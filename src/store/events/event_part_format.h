// Constants of docs/formats/events-part.md.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tercet::store {

inline constexpr uint64_t kBlobSpanBlock = 1;
inline constexpr uint64_t kBlobTraceIndex = 2;
inline constexpr uint64_t kBlobTraceFilter = 3;

inline constexpr uint64_t kEventPartVersion = 1;
inline constexpr size_t kTraceIndexEntryBytes = 12;  // hash u64, block u32

}  // namespace tercet::store
