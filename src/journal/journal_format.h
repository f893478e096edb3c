// Constants of docs/formats/journal.md. Nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tercet::journal {

inline constexpr uint32_t kVersion = 1;
inline constexpr uint64_t kFirstLsn = 8;
inline constexpr uint64_t kAlignment = 8;

inline constexpr std::string_view kIdentityName = "JOURNAL";
inline constexpr std::string_view kIdentityMagic = "tercet-journal 1\n";
inline constexpr std::string_view kLockName = "LOCK";
inline constexpr std::string_view kSegmentSuffix = ".seg";
inline constexpr std::string_view kSparePrefix = "spare-";

// Segment header.
inline constexpr std::string_view kSegmentMagic = "TJSEGMT1";
inline constexpr uint64_t kSegmentHeaderBytes = 4096;
inline constexpr size_t kSegmentVersionAt = 8;
inline constexpr size_t kSegmentCrcAt = 12;
inline constexpr size_t kSegmentIdAt = 16;
inline constexpr size_t kSegmentHeaderUsed = 24;

// Record head.
inline constexpr std::string_view kRecordMagic = "TREC";
inline constexpr size_t kHeadCrcAt = 4;
inline constexpr size_t kLsnAt = 8;
inline constexpr size_t kSyncedThroughAt = 16;
inline constexpr size_t kAppendedAt = 24;
inline constexpr size_t kStoredLengthAt = 32;
inline constexpr size_t kRawLengthAt = 36;
inline constexpr size_t kBodyCrcAt = 40;
inline constexpr size_t kTenantLengthAt = 44;
inline constexpr size_t kKindAt = 46;
inline constexpr size_t kCodecAt = 47;
inline constexpr size_t kSignalAt = 48;
inline constexpr size_t kEncodingAt = 49;
inline constexpr size_t kHeadBytes = 56;

inline constexpr uint8_t kKindBatch = 0;
inline constexpr uint8_t kKindMark = 1;
inline constexpr uint8_t kStoredAsIs = 0;
inline constexpr uint8_t kStoredZstd = 1;

inline constexpr uint64_t kMaxRecordBytes = uint64_t{128} << 20;  // raw, and stored
inline constexpr size_t kMaxTenantBytes = 1024;

}  // namespace tercet::journal
