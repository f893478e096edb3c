// What a SpanBlock has decoded so far. Private to the block's two .cc files.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "wire/events/attribute_table.h"
#include "wire/events/block_format.h"
#include "wire/events/columns.h"
#include "wire/events/sections.h"
#include "wire/events/span_block.h"

namespace tercet::wire {

struct SpanBlock::Impl {
  SectionReader sections;
  SpanBlockMeta meta;
  std::array<std::optional<std::vector<uint64_t>>, 4> numbers;
  std::array<std::optional<TextColumn>, 3> texts;
  std::optional<TextColumn> services;
  std::optional<std::vector<model::TraceId>> trace_ids;
  std::optional<std::vector<uint32_t>> trace_rows;
  std::string_view span_ids;
  std::string_view parent_ids;
  std::array<std::optional<AttributeTable>, kAttributeTables> tables;
  std::optional<std::vector<uint32_t>> row_scope;
  std::vector<uint32_t> scope_resource;  // with row_scope
  uint64_t resource_count = 0;

  size_t rows() const { return meta.rows; }
  Result<std::vector<uint64_t>> column(uint32_t section, size_t count);
  Result<> load_scopes();
  Result<AttributeTable*> table(AttributeTableId id, size_t rows);
  Result<model::SpanId> id_at(std::string_view& cache, uint32_t section, size_t row);
};

}  // namespace tercet::wire
