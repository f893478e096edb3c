#include "store/events/cells.h"

#include <bit>

namespace tercet::store {

using contract::Field;
using contract::FieldScope;
using contract::Intrinsic;
using model::Value;
using model::ValueType;
using wire::AttributeOwner;
using wire::AttributeValues;
using wire::SpanBlock;

namespace {

std::vector<Value> text_cells(const wire::TextColumn& column, std::span<const uint32_t> rows, Arena& arena) {
  std::vector<Value> copies(column.distinct.size());
  std::vector<Value> cells;
  cells.reserve(rows.size());
  for (const uint32_t row : rows) {
    Value& copy = copies[column.index[row]];
    if (copy.type() == ValueType::kEmpty) copy = Value::string(arena.copy(column.distinct[column.index[row]]));
    cells.push_back(copy);
  }
  return cells;
}

std::vector<Value> number_cells(const std::vector<uint64_t>& column, std::span<const uint32_t> rows) {
  std::vector<Value> cells;
  cells.reserve(rows.size());
  for (const uint32_t row : rows) cells.push_back(Value::integer(static_cast<int64_t>(column[row])));
  return cells;
}

std::vector<Value> named_cells(const std::vector<uint64_t>& column, std::span<const uint32_t> rows,
                               std::span<const std::string_view> names) {
  std::vector<Value> cells;
  cells.reserve(rows.size());
  for (const uint32_t row : rows)
    cells.push_back(column[row] < names.size() ? Value::string(names[column[row]]) : Value());
  return cells;
}

Value id_cell(Arena& arena, const char* raw, size_t size) { return Value::bytes(arena.copy({raw, size})); }

Result<std::vector<Value>> id_cells(SpanBlock& block, Intrinsic which, std::span<const uint32_t> rows, Arena& arena) {
  std::vector<Value> cells;
  cells.reserve(rows.size());
  char raw[16];
  for (const uint32_t row : rows) {
    if (which == Intrinsic::kTraceId) {
      (*TRY(block.trace_ids()))[(*TRY(block.trace_rows()))[row]].to_bytes(raw);
      cells.push_back(id_cell(arena, raw, 16));
      continue;
    }
    const model::SpanId id = which == Intrinsic::kSpanId ? TRY(block.span_id(row)) : TRY(block.parent_span_id(row));
    id.to_bytes(raw);
    cells.push_back(id.valid() ? id_cell(arena, raw, 8) : Value());
  }
  return cells;
}

constexpr std::string_view kKindNames[] = {"unspecified", "internal", "server", "client", "producer", "consumer"};
constexpr std::string_view kStatusNames[] = {"unset", "ok", "error"};

Result<std::vector<Value>> intrinsic_cells(SpanBlock& block, Intrinsic which, std::span<const uint32_t> rows,
                                           Arena& arena) {
  switch (which) {
    case Intrinsic::kTraceId:
    case Intrinsic::kSpanId:
    case Intrinsic::kParentSpanId: return id_cells(block, which, rows, arena);
    case Intrinsic::kName: return text_cells(*TRY(block.texts(wire::TextField::kName)), rows, arena);
    case Intrinsic::kStatusMessage: return text_cells(*TRY(block.texts(wire::TextField::kStatusMessage)), rows, arena);
    case Intrinsic::kTraceState: return text_cells(*TRY(block.texts(wire::TextField::kTraceState)), rows, arena);
    case Intrinsic::kService: return text_cells(*TRY(block.services()), rows, arena);
    case Intrinsic::kKind: return named_cells(*TRY(block.numbers(wire::U64Field::kKind)), rows, kKindNames);
    case Intrinsic::kStatus: return named_cells(*TRY(block.numbers(wire::U64Field::kStatus)), rows, kStatusNames);
    case Intrinsic::kStart: return number_cells(*TRY(block.numbers(wire::U64Field::kStart)), rows);
    case Intrinsic::kDuration: {
      const auto& start = *TRY(block.numbers(wire::U64Field::kStart));
      std::vector<Value> cells = number_cells(*TRY(block.numbers(wire::U64Field::kDuration)), rows);
      // As model::Span::duration_ns() has it: zero where the end lies before the start.
      for (size_t i = 0; i < cells.size(); ++i) {
        if (start[rows[i]] + static_cast<uint64_t>(cells[i].as_int()) < start[rows[i]]) cells[i] = Value::integer(0);
      }
      return cells;
    }
    case Intrinsic::kEnd: {
      std::vector<Value> cells = number_cells(*TRY(block.numbers(wire::U64Field::kStart)), rows);
      const auto& duration = *TRY(block.numbers(wire::U64Field::kDuration));
      for (size_t i = 0; i < cells.size(); ++i)
        cells[i] = Value::integer(static_cast<int64_t>(static_cast<uint64_t>(cells[i].as_int()) + duration[rows[i]]));
      return cells;
    }
    default: return fail(unimplemented("spans do not have this field"));
  }
}

Value attribute_cell(const AttributeValues& values, size_t i, Arena& arena) {
  switch (values.type) {
    case ValueType::kString: return Value::string(arena.copy((*values.distinct)[(*values.index)[i]]));
    case ValueType::kBytes: return Value::bytes(arena.copy((*values.distinct)[(*values.index)[i]]));
    case ValueType::kBool: return Value::boolean((*values.numbers)[i] != 0);
    case ValueType::kInt:
      return Value::integer(static_cast<int64_t>((*values.numbers)[i] >> 1) ^
                            -static_cast<int64_t>((*values.numbers)[i] & 1));
    case ValueType::kDouble: return Value::real(std::bit_cast<double>((*values.numbers)[i]));
    default: return Value();  // arrays and maps are shown by whole traces only
  }
}

Result<> fill_attribute(SpanBlock& block, AttributeOwner owner, const std::string& key, std::span<const uint32_t> rows,
                        Arena& arena, std::vector<Value>& cells) {
  for (const AttributeValues& values : TRY(block.attribute(owner, key))) {
    for (size_t i = 0; i < rows.size(); ++i) {
      const int32_t position = values.position[rows[i]];
      if (position >= 0) cells[i] = attribute_cell(values, static_cast<size_t>(position), arena);
    }
  }
  return {};
}

}  // namespace

Result<std::vector<Value>> read_cells(SpanBlock& block, const Field& field, std::span<const uint32_t> rows,
                                      Arena& arena) {
  if (field.scope == FieldScope::kIntrinsic) return intrinsic_cells(block, field.intrinsic, rows, arena);
  std::vector<Value> cells(rows.size());
  const bool any = field.scope == FieldScope::kAny;
  if (any || field.scope == FieldScope::kResource)
    TRY(fill_attribute(block, AttributeOwner::kResource, field.key, rows, arena, cells));
  // A span's own attribute overrides its resource's.
  if (any || field.scope == FieldScope::kRecord)
    TRY(fill_attribute(block, AttributeOwner::kSpan, field.key, rows, arena, cells));
  if (!any && field.scope != FieldScope::kResource && field.scope != FieldScope::kRecord) {
    return fail(unimplemented("attributes of scopes, events and links cannot be columns yet"));
  }
  return cells;
}

}  // namespace tercet::store
