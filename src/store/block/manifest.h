// The manifest of a store: which parts exist and how much of the journal they hold (docs/formats/part.md).
// Replaced whole, so that a crash leaves the old or the new one and never half.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contract/journal_entry.h"
#include "io/file_system.h"

namespace tercet::store {

struct PartEntry {
  std::string file;  // name inside the store's folder, [a-z0-9._-]
  uint64_t rows = 0;
  uint64_t bytes = 0;
  int64_t created_ns = 0;  // newest arrival in it; retention counts from here
};

struct Manifest {
  contract::Lsn applied = 0;
  uint64_t next_part = 1;
  std::vector<PartEntry> parts;

  std::string encode() const;
  /// The error names the line.
  static Result<Manifest> decode(std::string_view text);
  /// An empty manifest when `folder` has none.
  static Result<Manifest> load(io::FileSystem& files, const std::string& folder);
  /// Durable when it returns.
  Result<> save(io::FileSystem& files, const std::string& folder) const;
};

}  // namespace tercet::store
