// Every answer says whether it is whole. A source that skipped something says what and why.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tercet::contract {

struct Completeness {
  /// False: a limit, a deadline or damage kept rows out. Reaching the row limit that the caller asked for is complete.
  bool complete = true;
  /// For people: "part 17 block 3: checksum mismatch", "stopped at 256 MiB read (query.bytes_max)".
  std::vector<std::string> reasons;
  uint64_t rows_inspected = 0;
  uint64_t bytes_inspected = 0;
  uint64_t blocks_total = 0;
  uint64_t blocks_read = 0;

  void merge(Completeness&& other) {
    complete = complete && other.complete;
    for (auto& reason : other.reasons) reasons.push_back(std::move(reason));
    rows_inspected += other.rows_inspected;
    bytes_inspected += other.bytes_inspected;
    blocks_total += other.blocks_total;
    blocks_read += other.blocks_read;
  }
};

}  // namespace tercet::contract
