// Columns of integers in few bytes. The writer measures four forms and takes the smallest; the reader believes nothing.
//
//   column   := tag:byte count:varint body           count = 0: tag is 0, no body
//   tag 0    constant            value:varint
//   tag 1    frame of reference  frame{ceil(count / 512)}
//   tag 2    delta               first:varint frame{ceil((count - 1) / 512)}
//   tag 3    run-length          (length:varint value:varint)*; lengths > 0, their sum is count
//   frame    := width:byte least:varint packed       512 numbers, the last frame fewer
//
// A frame's numbers are `least` plus what is packed: width 0 to 64 bits each, least significant bit first, padded with
// zero bits to a byte. In tag 2 the numbers are the differences to the value before, modulo 2^64, and `least` is the
// zigzag of the smallest as a signed number. Varints are varint.h's. Frames keep an outlier from widening all the
// column.
//
// Readers fail with kDataLoss, leave `in` where it was and `out` in any state; otherwise they replace what `out` held.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tercet::codec {

/// Appends one column.
void pack_u64(std::span<const uint64_t> values, std::string& out);

/// Takes one column from the front of `in`. More than `max_count` values is an error: a few bytes may stand for any
/// number of them, and memory is taken for no more than `max_count`.
Result<> unpack_u64(std::string_view& in, size_t max_count, std::vector<uint64_t>& out);

/// Runs of equal values: (length:varint value:varint)*, preceded by count:varint. Smallest for columns such as stream
/// numbers in sorted rows; the caller knows that.
void pack_runs_u32(std::span<const uint32_t> values, std::string& out);
Result<> unpack_runs_u32(std::string_view& in, size_t max_count, std::vector<uint32_t>& out);

/// Zigzag varints of the differences: the first value, then each minus the one before (modulo 2^64). No count is
/// written.
void append_deltas(std::span<const int64_t> values, std::string& out);
Result<> take_deltas(std::string_view& in, size_t count, std::vector<int64_t>& out);

/// The same once more: the first value, the first difference, then each difference minus the one before. One byte a
/// value for regular timestamps.
void append_deltas_of_deltas(std::span<const int64_t> values, std::string& out);
Result<> take_deltas_of_deltas(std::string_view& in, size_t count, std::vector<int64_t>& out);

}  // namespace tercet::codec
