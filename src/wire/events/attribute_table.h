// One attribute table of an event block: shapes and typed columns (docs/formats/event-block.md).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "model/events/value.h"
#include "wire/events/block_format.h"
#include "wire/events/columns.h"
#include "wire/events/sections.h"

namespace tercet::wire {

/// The type of the column that takes what has no column of its own. Stays inside the block: readers of a SpanBlock see
/// the attributes that it holds.
inline constexpr auto kOverflowColumn = static_cast<model::ValueType>(kColumnTypeOverflow);

/// Any attributes can be written: past kMaxWrittenColumns columns the rest of a row goes to the overflow column.
class AttributeTableWriter {
 public:
  explicit AttributeTableWriter(AttributeTableId id) : id_(id) {}
  /// One call a row, in order. Keys and values are borrowed until finish().
  void add_row(std::span<const model::Attribute> attributes);
  void finish(SectionWriter& out) const;

 private:
  struct Column {
    std::string_view key;
    model::ValueType type;
    uint64_t last_shape = 0;  // number of the add_shape() call that used it last
    StringColumnWriter texts;
    std::vector<uint64_t> numbers;
  };
  void add_shape(std::span<const model::Attribute> attributes);
  /// The first column of (key, type) that the shape being added does not have; nothing at the limits.
  std::optional<uint32_t> free_column(std::string_view key, model::ValueType type);
  uint32_t overflow_column();
  bool fits(const std::vector<uint32_t>& shape, std::span<const model::Attribute> attributes) const;
  void add_value(Column& column, const model::Value& value);
  void add_overflow(std::span<const model::Attribute> attributes);

  AttributeTableId id_;
  std::vector<std::unique_ptr<Column>> columns_;
  std::unordered_map<std::string_view, std::vector<uint32_t>> columns_by_key_;
  std::vector<std::vector<uint32_t>> shapes_;
  std::unordered_map<std::string, uint32_t> shape_ids_;  // by the column ids' bytes
  std::vector<uint64_t> row_shape_;
  uint64_t shapes_added_ = 0;
  std::optional<uint32_t> overflow_;
  Arena arena_{1024};  // value bytes of arrays and maps
};

/// A decoded column: the values of the rows that have it, in row order.
struct AttributeColumn {
  std::string_view key;
  model::ValueType type = model::ValueType::kEmpty;
  bool loaded = false;
  StringColumn texts;             // string, bytes, array, map
  std::vector<uint64_t> numbers;  // bool, int, double
  /// Of value i. Arrays and maps are parsed into `arena`.
  Result<model::Value> value(size_t i, Arena& arena) const;
};

/// A column and, for each row of its table, the index of the row's value or -1.
struct PlacedColumn {
  const AttributeColumn* column = nullptr;
  std::vector<int32_t> position;
};

class AttributeTable {
 public:
  static Result<AttributeTable> open(AttributeTableId id, SectionReader& sections, size_t rows);

  /// Every column of `key`, decoded; values that lie in the overflow column come last, a column for each type.
  Result<std::vector<PlacedColumn>> find(std::string_view key, SectionReader& sections);
  /// Appends the distinct keys, in any order and perhaps repeated.
  Result<> keys(SectionReader& sections, std::vector<std::string_view>& out);

  /// Walks the rows in order and hands out, for the wanted ones (ascending), their attributes.
  class Walk {
   public:
    explicit Walk(AttributeTable& table) : table_(table), next_value_(table.columns_.size(), 0) {}
    /// Appends the attributes of `row`, which must not lie before an earlier call's.
    Result<> append_row(size_t row, SectionReader& sections, Arena& arena, std::vector<model::Attribute>& out);

   private:
    AttributeTable& table_;
    std::vector<uint32_t> next_value_;
    size_t row_ = 0;
  };

 private:
  Result<> count_values();
  /// Decodes the column's values on first use.
  Result<const AttributeColumn*> load(size_t column, SectionReader& sections);
  std::vector<int32_t> positions(size_t column) const;
  /// The attributes that lie in the overflow column, by row; empty when there is no such column.
  Result<> load_overflow(SectionReader& sections);
  Result<> find_in_overflow(std::string_view key, SectionReader& sections, std::vector<PlacedColumn>& out);

  AttributeTableId id_{};
  std::vector<AttributeColumn> columns_;
  std::optional<size_t> overflow_;
  struct Overflow {
    std::vector<std::pair<uint32_t, std::span<const model::Attribute>>> rows;  // row, attributes
    std::vector<std::unique_ptr<AttributeColumn>> columns;                     // that find() handed out
    Arena arena;
  };
  std::unique_ptr<Overflow> spilled_;  // once asked for
  std::vector<size_t> values_;         // per column
  std::vector<std::vector<uint32_t>> shapes_;
  std::vector<uint32_t> row_shape_;
};

}  // namespace tercet::wire
