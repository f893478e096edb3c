// Constants of docs/formats/event-block.md.
#pragma once

#include <cstdint>

namespace tercet::wire {

inline constexpr char kBlockMagic[3] = {'T', 'E', 'B'};
inline constexpr uint8_t kBlockVersion = 1;
inline constexpr uint8_t kTableSpans = 1;
inline constexpr uint8_t kFlagSealed = 1;
inline constexpr size_t kBlockHeaderBytes = 10;  // magic, version, table, flags, directory length

inline constexpr uint64_t kMaxBlockRows = 1u << 24;
inline constexpr int kMaxValueDepth = 64;

inline constexpr uint8_t kSectionRaw = 0;
inline constexpr uint8_t kSectionZstd = 1;

enum SectionId : uint32_t {
  kMeta = 1,
  kTraceIds = 2,
  kTraceRows = 3,
  kSpanIds = 4,
  kParentIds = 5,
  kStart = 6,
  kDuration = 7,
  kName = 8,
  kKind = 9,
  kStatus = 10,
  kStatusMessage = 11,
  kTraceState = 12,
  kFlags = 13,
  kDropped = 14,
  kRowScope = 15,
  kEventCount = 16,
  kLinkCount = 17,
  kScopes = 20,
  kResources = 21,
  kEvents = 22,
  kLinks = 23,
};

/// Attribute tables, as numbered in section ids.
enum class AttributeTableId : uint8_t { kResources = 0, kScopes = 1, kSpans = 2, kEvents = 3, kLinks = 4 };
inline constexpr int kAttributeTables = 5;

constexpr uint32_t shapes_section(AttributeTableId table) { return (static_cast<uint32_t>(table) + 1) << 16; }
constexpr uint32_t column_section(AttributeTableId table, uint32_t column) {
  return shapes_section(table) + column + 1;
}
inline constexpr uint32_t kMaxColumns = 65'000;  // that a reader takes
/// What a writer makes, the overflow column included: past this a column costs more bytes and memory than its few
/// values are worth, and the rest of a row's attributes goes to the overflow column.
inline constexpr uint32_t kMaxWrittenColumns = 4096;
/// A key that stands oftener than this in a row, with one type, has its further values in the overflow column.
inline constexpr uint32_t kMaxRepeats = 8;
/// Column type beyond model::ValueType: value bytes of a map whose entries are the last attributes of the row.
inline constexpr uint8_t kColumnTypeOverflow = 8;
/// Values of one attribute table, and entries of its shapes: more is damage, not data.
inline constexpr uint64_t kMaxTableValues = 1u << 26;

}  // namespace tercet::wire
