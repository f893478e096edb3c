// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), as iSCSI, ext4 and SSE4.2 have it. crc32c("123456789") is
// 0xE3069283.
#pragma once

#include <cstdint>
#include <string_view>

namespace tercet::codec {

/// The checksum of what had `crc` followed by `bytes`; start with 0.
uint32_t crc32c_extend(uint32_t crc, std::string_view bytes);

inline uint32_t crc32c(std::string_view bytes) { return crc32c_extend(0, bytes); }

/// The same by one table, byte for byte: what the fast form is tested against, and all there is without SSE4.2.
uint32_t crc32c_extend_plain(uint32_t crc, std::string_view bytes);

}  // namespace tercet::codec
