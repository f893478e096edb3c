#include "wire/events/attribute_table.h"

#include <algorithm>
#include <bit>
#include <map>

#include "codec/int_pack.h"
#include "codec/varint.h"
#include "wire/events/value_bytes.h"

namespace tercet::wire {

using model::Attribute;
using model::Value;
using model::ValueType;

bool AttributeTableWriter::fits(const std::vector<uint32_t>& shape, std::span<const Attribute> attributes) const {
  if (shape.size() != attributes.size()) return false;
  for (size_t i = 0; i < shape.size(); ++i) {
    const Column& column = *columns_[shape[i]];
    if (column.type != attributes[i].value.type() || column.key != attributes[i].key) return false;
  }
  return true;
}

std::optional<uint32_t> AttributeTableWriter::free_column(std::string_view key, ValueType type) {
  const auto known = columns_by_key_.find(key);
  uint32_t ordinal = 0;
  if (known != columns_by_key_.end()) {
    for (const uint32_t id : known->second) {
      if (columns_[id]->type != type) continue;
      if (columns_[id]->last_shape != shapes_added_) return id;
      ++ordinal;
    }
  }
  // One place is kept for the overflow column.
  if (ordinal >= kMaxRepeats || columns_.size() + (overflow_ ? 0 : 1) >= kMaxWrittenColumns) return std::nullopt;
  columns_.push_back(std::make_unique<Column>(Column{.key = key, .type = type}));
  const auto id = static_cast<uint32_t>(columns_.size() - 1);
  columns_by_key_[key].push_back(id);
  return id;
}

uint32_t AttributeTableWriter::overflow_column() {
  if (!overflow_) {
    columns_.push_back(std::make_unique<Column>(Column{.key = {}, .type = kOverflowColumn}));
    overflow_ = static_cast<uint32_t>(columns_.size() - 1);
  }
  return *overflow_;
}

void AttributeTableWriter::add_shape(std::span<const Attribute> attributes) {
  ++shapes_added_;
  std::vector<uint32_t> shape;
  for (const Attribute& attribute : attributes) {
    const std::optional<uint32_t> id = free_column(attribute.key, attribute.value.type());
    if (!id) {
      // All that follow go with it, which keeps their order.
      shape.push_back(overflow_column());
      break;
    }
    columns_[*id]->last_shape = shapes_added_;
    shape.push_back(*id);
  }
  const std::string bytes(reinterpret_cast<const char*>(shape.data()), shape.size() * sizeof(uint32_t));
  const auto [it, added] = shape_ids_.emplace(bytes, static_cast<uint32_t>(shapes_.size()));
  if (added) shapes_.push_back(std::move(shape));
  row_shape_.push_back(it->second);
}

void AttributeTableWriter::add_row(std::span<const Attribute> attributes) {
  // Senders repeat shapes: the previous row's is the first guess.
  if (!row_shape_.empty() && fits(shapes_[row_shape_.back()], attributes)) {
    row_shape_.push_back(row_shape_.back());
  } else {
    add_shape(attributes);
  }
  const auto& shape = shapes_[row_shape_.back()];
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == overflow_) return add_overflow(attributes.subspan(i));
    add_value(*columns_[shape[i]], attributes[i].value);
  }
}

void AttributeTableWriter::add_overflow(std::span<const Attribute> attributes) {
  std::string bytes;
  append_value_bytes(bytes, Value::map(attributes));
  columns_[*overflow_]->texts.add(arena_.copy(bytes));
}

void AttributeTableWriter::add_value(Column& column, const Value& value) {
  switch (value.type()) {
    case ValueType::kEmpty: return;
    case ValueType::kString:
    case ValueType::kBytes: return column.texts.add(value.text());
    case ValueType::kBool: column.numbers.push_back(value.as_bool() ? 1 : 0); return;
    case ValueType::kInt: column.numbers.push_back(codec::zigzag_encode(value.as_int())); return;
    case ValueType::kDouble: column.numbers.push_back(std::bit_cast<uint64_t>(value.as_double())); return;
    case ValueType::kArray:
    case ValueType::kMap: {
      std::string bytes;
      append_value_bytes(bytes, value);
      column.texts.add(arena_.copy(bytes));
    }
  }
}

void AttributeTableWriter::finish(SectionWriter& out) const {
  if (row_shape_.empty() || columns_.empty()) return;  // no section: no row has attributes
  std::string head;
  codec::append_varint(head, columns_.size());
  for (const auto& column : columns_) {
    write_text(head, column->key);
    head.push_back(static_cast<char>(column->type));
  }
  codec::append_varint(head, shapes_.size());
  for (const auto& shape : shapes_) {
    codec::append_varint(head, shape.size());
    for (const uint32_t column : shape) codec::append_varint(head, column);
  }
  codec::pack_u64(row_shape_, head);
  out.add(shapes_section(id_), std::move(head));
  for (uint32_t i = 0; i < columns_.size(); ++i) {
    std::string body;
    if (!columns_[i]->numbers.empty()) {
      codec::pack_u64(columns_[i]->numbers, body);
    } else if (columns_[i]->type != ValueType::kEmpty) {
      columns_[i]->texts.finish(body);
    }
    out.add(column_section(id_, i), std::move(body));
  }
}

Result<Value> AttributeColumn::value(size_t i, Arena& arena) const {
  switch (type) {
    case ValueType::kEmpty: return Value();
    case ValueType::kString: return Value::string(texts.at(i));
    case ValueType::kBytes: return Value::bytes(texts.at(i));
    case ValueType::kBool: return Value::boolean(numbers[i] != 0);
    case ValueType::kInt: return Value::integer(codec::zigzag_decode(numbers[i]));
    case ValueType::kDouble: return Value::real(std::bit_cast<double>(numbers[i]));
    case ValueType::kArray:
    case ValueType::kMap: return parse_value_bytes(texts.at(i), arena);
  }
  // kOverflowColumn: its attributes are what a map's entries are.
  const Value value = TRY(parse_value_bytes(texts.at(i), arena));
  if (value.type() != ValueType::kMap) return fail(data_loss("event block: the overflow column holds no attributes"));
  return value;
}

namespace {

Result<std::vector<std::vector<uint32_t>>> read_shapes(std::string_view& in, size_t columns) {
  const uint64_t count = TRY(read_varint(in));
  if (count > in.size() + 1) return fail(data_loss("event block: more shapes than bytes"));
  std::vector<std::vector<uint32_t>> shapes(count);
  std::vector<uint64_t> last_seen(columns, 0);  // shape number + 1
  for (size_t s = 0; s < shapes.size(); ++s) {
    const uint64_t length = TRY(read_varint(in));
    if (length > in.size() || length > columns) return fail(data_loss("event block: shape longer than its columns"));
    shapes[s].resize(length);
    for (uint32_t& column : shapes[s]) {
      const uint64_t id = TRY(read_varint(in));
      if (id >= columns) return fail(data_loss("event block: shape names no column"));
      // A column has at most one value a row, which bounds what it may hold.
      if (last_seen[id] == s + 1) return fail(data_loss("event block: shape names a column twice"));
      last_seen[id] = s + 1;
      column = static_cast<uint32_t>(id);
    }
  }
  return shapes;
}

}  // namespace

Result<AttributeTable> AttributeTable::open(AttributeTableId id, SectionReader& sections, size_t rows) {
  AttributeTable table;
  table.id_ = id;
  std::string_view in = TRY(sections.section(shapes_section(id)));
  if (in.empty()) {
    table.shapes_.resize(1);
    table.row_shape_.assign(rows, 0);
    return table;
  }
  const uint64_t columns = TRY(read_varint(in));
  if (columns > in.size() || columns > kMaxColumns) return fail(data_loss("event block: too many attribute columns"));
  table.columns_.resize(columns);
  for (size_t c = 0; c < columns; ++c) {
    AttributeColumn& column = table.columns_[c];
    column.key = TRY(read_bytes(in, TRY(read_varint(in))));
    const auto type = static_cast<unsigned char>(TRY(read_bytes(in, 1)).front());
    if (type > kColumnTypeOverflow) return fail(data_loss("event block: unknown column type"));
    column.type = static_cast<ValueType>(type);
    if (column.type != kOverflowColumn) continue;
    if (table.overflow_) return fail(data_loss("event block: two overflow columns"));
    table.overflow_ = c;
  }
  table.shapes_ = TRY(read_shapes(in, columns));
  const std::vector<uint64_t> row_shape = TRY(read_u64_column(in, rows));
  table.row_shape_.resize(rows);
  for (size_t row = 0; row < rows; ++row) {
    if (row_shape[row] >= table.shapes_.size()) return fail(data_loss("event block: row names no shape"));
    table.row_shape_[row] = static_cast<uint32_t>(row_shape[row]);
  }
  TRY(table.count_values());
  return table;
}

// Shape by shape, not row by row: few bytes can name a long shape for very many rows.
Result<> AttributeTable::count_values() {
  std::vector<uint64_t> rows(shapes_.size(), 0);
  for (const uint32_t shape : row_shape_) ++rows[shape];
  values_.assign(columns_.size(), 0);
  uint64_t total = 0;
  for (size_t s = 0; s < shapes_.size(); ++s) {
    total += rows[s] * shapes_[s].size();  // < 2^24 rows × 2^16 columns each, and ended below at once
    if (total > kMaxTableValues) return fail(data_loss("event block: more attributes than a block may have"));
    for (const uint32_t column : shapes_[s]) values_[column] += rows[s];
  }
  return {};
}

Result<const AttributeColumn*> AttributeTable::load(size_t index, SectionReader& sections) {
  AttributeColumn& column = columns_[index];
  if (column.loaded) return &column;
  std::string_view in = TRY(sections.section(column_section(id_, static_cast<uint32_t>(index))));
  switch (column.type) {
    case ValueType::kEmpty: break;
    case ValueType::kBool:
    case ValueType::kInt:
    case ValueType::kDouble: column.numbers = TRY(read_u64_column(in, values_[index])); break;
    default: column.texts = TRY(read_string_column(in, values_[index]));
  }
  column.loaded = true;
  return &column;
}

std::vector<int32_t> AttributeTable::positions(size_t column) const {
  std::vector<char> has(shapes_.size(), 0);
  for (size_t s = 0; s < shapes_.size(); ++s) {
    for (const uint32_t c : shapes_[s]) has[s] |= c == column;
  }
  std::vector<int32_t> out(row_shape_.size(), -1);
  int32_t next = 0;
  for (size_t row = 0; row < out.size(); ++row) {
    if (has[row_shape_[row]]) out[row] = next++;
  }
  return out;
}

Result<std::vector<PlacedColumn>> AttributeTable::find(std::string_view key, SectionReader& sections) {
  std::vector<PlacedColumn> found;
  for (size_t c = 0; c < columns_.size(); ++c) {
    if (columns_[c].key == key && c != overflow_) found.push_back({TRY(load(c, sections)), positions(c)});
  }
  if (overflow_) TRY(find_in_overflow(key, sections, found));
  return found;
}

Result<> AttributeTable::keys(SectionReader& sections, std::vector<std::string_view>& out) {
  for (size_t c = 0; c < columns_.size(); ++c) {
    if (c != overflow_) out.push_back(columns_[c].key);
  }
  if (!overflow_) return {};
  TRY(load_overflow(sections));
  for (const auto& [row, attributes] : spilled_->rows) {
    for (const Attribute& attribute : attributes) out.push_back(attribute.key);
  }
  return {};
}

Result<> AttributeTable::load_overflow(SectionReader& sections) {
  if (spilled_) return {};
  auto spilled = std::make_unique<Overflow>();
  const AttributeColumn* column = TRY(load(*overflow_, sections));
  const std::vector<int32_t> position = positions(*overflow_);
  for (uint32_t row = 0; row < position.size(); ++row) {
    if (position[row] < 0) continue;
    const Value value = TRY(column->value(static_cast<size_t>(position[row]), spilled->arena));
    spilled->rows.emplace_back(row, value.entries());
  }
  spilled_ = std::move(spilled);
  return {};
}

namespace {

void add_value(AttributeColumn& column, const Value& value, Arena& arena) {
  switch (value.type()) {
    case ValueType::kBool: column.numbers.push_back(value.as_bool() ? 1 : 0); return;
    case ValueType::kInt: column.numbers.push_back(codec::zigzag_encode(value.as_int())); return;
    case ValueType::kDouble: column.numbers.push_back(std::bit_cast<uint64_t>(value.as_double())); return;
    case ValueType::kArray:
    case ValueType::kMap: {
      std::string bytes;
      append_value_bytes(bytes, value);
      column.texts.strings.push_back(arena.copy(bytes));
      break;
    }
    case ValueType::kString:
    case ValueType::kBytes: column.texts.strings.push_back(value.text()); break;
    default: column.texts.strings.emplace_back();
  }
  column.texts.ids.push_back(static_cast<uint32_t>(column.texts.strings.size() - 1));
}

}  // namespace

Result<> AttributeTable::find_in_overflow(std::string_view key, SectionReader& sections,
                                          std::vector<PlacedColumn>& out) {
  TRY(load_overflow(sections));
  std::map<ValueType, std::pair<AttributeColumn*, std::vector<int32_t>>> by_type;
  for (const auto& [row, attributes] : spilled_->rows) {
    for (const Attribute& attribute : attributes) {
      if (attribute.key != key) continue;
      auto& [column, position] = by_type[attribute.value.type()];
      if (column == nullptr) {
        column = spilled_->columns.emplace_back(std::make_unique<AttributeColumn>()).get();
        column->key = attribute.key;
        column->type = attribute.value.type();
        position.assign(row_shape_.size(), -1);
      }
      // Where a row repeats the key, the last value stands.
      position[row] = static_cast<int32_t>(std::max(column->numbers.size(), column->texts.ids.size()));
      add_value(*column, attribute.value, spilled_->arena);
    }
  }
  for (auto& [type, found] : by_type) out.push_back({found.first, std::move(found.second)});
  return {};
}

Result<> AttributeTable::Walk::append_row(size_t row, SectionReader& sections, Arena& arena,
                                          std::vector<Attribute>& out) {
  for (; row_ < row; ++row_) {
    for (const uint32_t column : table_.shapes_[table_.row_shape_[row_]]) ++next_value_[column];
  }
  // Not advanced past `row` here, so that asking for the same row again gives the same answer.
  for (const uint32_t index : table_.shapes_[table_.row_shape_[row]]) {
    const AttributeColumn* column = TRY(table_.load(index, sections));
    const Value value = TRY(column->value(next_value_[index], arena));
    if (column->type == kOverflowColumn) {
      out.insert(out.end(), value.entries().begin(), value.entries().end());
    } else {
      out.push_back({column->key, value});
    }
  }
  return {};
}

}  // namespace tercet::wire
