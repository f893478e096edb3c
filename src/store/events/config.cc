#include "store/events/config.h"

namespace tercet::store {

ConfigFields EventsConfig::fields() {
  return {
      bytes_field("head_bytes_max", head_bytes_max, 1u << 20, uint64_t{4} << 30,
                  "Encoded bytes in memory at which the head is sealed into parts."),
      duration_field("seal_after", seal_after_ns, kSecond, kDay,
                     "Age of the oldest block at which the head is sealed."),
      duration_field("traces_retention", traces_retention_ns, kHour, 3650 * kDay,
                     "Spans that arrived longer ago are deleted."),
      integer_field("block_rows", block_rows, 256, 65'536,
                    "Rows a block of a part; larger blocks compress better, smaller ones are skipped more often."),
      integer_field("zstd_level", zstd_level, 1, 19, "Compression of parts."),
      integer_field("small_block_rows", small_block_rows, 1, 65'536, "Blocks of fewer rows are merged in the head."),
      integer_field("compact_parts", compact_parts, 2, 100, "Parts of one day that are merged into one."),
      bytes_field("compact_bytes_max", compact_bytes_max, 1u << 20, uint64_t{16} << 30,
                  "A merge takes parts up to this together; larger parts stay as they are."),
      bytes_field("scan_bytes_max", scan_bytes_max, 1u << 20, uint64_t{1} << 40,
                  "Bytes that one query may read; beyond it stops and says so."),
  };
}

Result<> EventsConfig::validate() const {
  if (traces_retention_ns < seal_after_ns)
    return fail(invalid_argument("traces_retention must not be shorter than seal_after"));
  return {};
}

}  // namespace tercet::store
