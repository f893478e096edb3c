// Writing and opening the parts of the events store (docs/formats/events-part.md).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "io/file_system.h"
#include "model/events/span_batch.h"
#include "store/events/units.h"

namespace tercet::store {

struct PartOptions {
  size_t block_rows = 8192;
  int zstd_level = 3;
};

struct PartIdentity {
  std::string tenant;
  uint64_t day = 0;
  int64_t newest_arrival_ns = 0;
  std::string file;
};

/// Sorts `rows` of the batch (all of one day) and writes them as a part. Durable when it returns; nothing names it yet.
Result<PartEntry> write_event_part(io::FileSystem& files, const std::string& folder, const PartIdentity& identity,
                                   const model::SpanBatch& batch, std::span<uint32_t> rows, const PartOptions& options);

Result<std::shared_ptr<const EventPart>> open_event_part(io::FileSystem& files, const std::string& folder,
                                                         const PartEntry& entry);

}  // namespace tercet::store
