// Private to codec: numbers of a fixed width in a row, least significant bit first, the difference to a base.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tercet::codec {

/// Bytes that `count` numbers of `width` bits take.
constexpr size_t packed_bytes(size_t count, unsigned width) { return (count * width + 7) / 8; }

/// Appends the low `width` (0 to 64) bits of values[i] - base.
void pack_bits(const uint64_t* values, size_t count, uint64_t base, unsigned width, std::string& out);

/// values[i] = base + the i-th number. `in` has at least packed_bytes(count, width); what is behind them may be read
/// too.
void unpack_bits(std::string_view in, size_t count, uint64_t base, unsigned width, uint64_t* values);

}  // namespace tercet::codec
