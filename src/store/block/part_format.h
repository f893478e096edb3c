// Constants of docs/formats/part.md.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tercet::store {

inline constexpr char kPartMagic[4] = {'T', 'P', 'R', 'T'};
inline constexpr uint8_t kPartVersion = 1;
inline constexpr size_t kPartHeaderBytes = 8;
inline constexpr char kPartEnd[8] = {'T', 'P', 'R', 'T', 'E', 'N', 'D', '1'};
inline constexpr size_t kPartTrailerBytes = 16;  // footer length, footer crc, end magic
inline constexpr size_t kBlobAlignment = 8;

}  // namespace tercet::store
