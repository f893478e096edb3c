#include "store/events/predicate.h"

#include <algorithm>
#include <bit>
#include <span>

#include "model/events/value.h"
#include "store/events/units.h"

namespace tercet::store {

using contract::CompareOp;
using contract::Field;
using contract::FieldScope;
using contract::Intrinsic;
using contract::Literal;
using contract::Predicate;
using model::Value;
using model::ValueType;
using wire::AttributeOwner;
using wire::AttributeValues;
using wire::SpanBlock;
using wire::TextColumn;

namespace {

template <typename T>
bool compare(CompareOp op, const T& a, const T& b) {
  switch (op) {
    case CompareOp::kEqual: return a == b;
    case CompareOp::kNotEqual: return a != b;
    case CompareOp::kLess: return a < b;
    case CompareOp::kLessEqual: return a <= b;
    case CompareOp::kGreater: return a > b;
    case CompareOp::kGreaterEqual: return a >= b;
    default: return false;
  }
}

bool match_text(const Predicate& p, std::string_view text) {
  switch (p.op) {
    case CompareOp::kExists: return true;
    case CompareOp::kMatch: return p.matches && p.matches(text);
    case CompareOp::kContains: return text.find(std::get<std::string>(p.literal)) != std::string_view::npos;
    default: return compare(p.op, text, std::string_view(std::get<std::string>(p.literal)));
  }
}

bool wants_text(const Predicate& p) {
  return std::holds_alternative<std::string>(p.literal) || p.op == CompareOp::kMatch;
}

// A number against a literal: integers exactly, anything with a double as doubles.
bool match_number(const Predicate& p, const Value& v) {
  if (p.op == CompareOp::kExists) return true;
  if (const auto* wanted = std::get_if<int64_t>(&p.literal)) {
    return v.type() == ValueType::kInt
               ? compare(p.op, v.as_int(), *wanted)
               : v.type() == ValueType::kDouble && compare(p.op, v.as_double(), static_cast<double>(*wanted));
  }
  if (const auto* wanted = std::get_if<double>(&p.literal)) {
    if (v.type() == ValueType::kInt) return compare(p.op, static_cast<double>(v.as_int()), *wanted);
    return v.type() == ValueType::kDouble && compare(p.op, v.as_double(), *wanted);
  }
  if (const auto* wanted = std::get_if<bool>(&p.literal))
    return v.type() == ValueType::kBool && compare(p.op, v.as_bool(), *wanted);
  return false;
}

bool match_value(const Predicate& p, const Value& v) {
  if (v.type() == ValueType::kEmpty) return p.op == CompareOp::kExists;
  if (v.type() == ValueType::kString) return (wants_text(p) || p.op == CompareOp::kExists) && match_text(p, v.text());
  if (wants_text(p) && p.op != CompareOp::kExists) return p.loose && match_text(p, model::to_text(v));
  return match_number(p, v);
}

RowMask match_text_column(const Predicate& p, const TextColumn& column) {
  std::vector<uint8_t> hit(column.distinct.size());
  for (size_t i = 0; i < hit.size(); ++i) hit[i] = match_value(p, Value::string(column.distinct[i]));
  RowMask mask(column.index.size());
  for (size_t row = 0; row < mask.size(); ++row) mask[row] = hit[column.index[row]];
  return mask;
}

Value number_value(ValueType type, uint64_t raw) {
  switch (type) {
    case ValueType::kBool: return Value::boolean(raw != 0);
    case ValueType::kInt: return Value::integer(static_cast<int64_t>(raw >> 1) ^ -static_cast<int64_t>(raw & 1));
    default: return Value::real(std::bit_cast<double>(raw));
  }
}

// Sets mask where the attribute matches, and `present` where the row has it.
void match_attribute(const Predicate& p, const AttributeValues& values, RowMask& mask, RowMask& present) {
  std::vector<uint8_t> hit;
  const bool is_number =
      values.type == ValueType::kBool || values.type == ValueType::kInt || values.type == ValueType::kDouble;
  if (is_number) {
    hit.reserve(values.numbers->size());
    // Runs of one value are common: the last answer is kept.
    for (size_t i = 0; i < values.numbers->size(); ++i) {
      const bool repeated = i > 0 && (*values.numbers)[i] == (*values.numbers)[i - 1];
      hit.push_back(repeated ? hit.back()
                             : static_cast<uint8_t>(match_value(p, number_value(values.type, (*values.numbers)[i]))));
    }
  } else if (values.type != ValueType::kEmpty) {
    // Bytes, arrays and maps are found by existence alone.
    std::vector<uint8_t> distinct(values.distinct->size());
    for (size_t i = 0; i < distinct.size(); ++i) {
      distinct[i] = values.type == ValueType::kString ? match_value(p, Value::string((*values.distinct)[i]))
                                                      : p.op == CompareOp::kExists;
    }
    for (const uint32_t index : *values.index) hit.push_back(distinct[index]);
  }
  for (size_t row = 0; row < mask.size(); ++row) {
    const int32_t position = values.position[row];
    if (position < 0) continue;
    present[row] = 1;
    mask[row] = hit.empty() ? p.op == CompareOp::kExists : hit[position];
  }
}

Result<RowMask> match_attributes(SpanBlock& block, const Predicate& p) {
  const size_t rows = block.meta().rows;
  RowMask mask(rows, 0);
  RowMask present(rows, 0);
  if (p.field.scope == FieldScope::kAny || p.field.scope == FieldScope::kResource) {
    for (const AttributeValues& values : TRY(block.attribute(AttributeOwner::kResource, p.field.key)))
      match_attribute(p, values, mask, present);
  }
  // After the resource's, so that a span's own attribute overrides it.
  if (p.field.scope == FieldScope::kAny || p.field.scope == FieldScope::kRecord) {
    for (const AttributeValues& values : TRY(block.attribute(AttributeOwner::kSpan, p.field.key)))
      match_attribute(p, values, mask, present);
  }
  return mask;
}

constexpr std::string_view kKindNames[] = {"unspecified", "internal", "server", "client", "producer", "consumer"};
constexpr std::string_view kStatusNames[] = {"unset", "ok", "error"};

Result<RowMask> match_named(const Predicate& p, const std::vector<uint64_t>& column,
                            std::span<const std::string_view> names) {
  std::vector<uint8_t> hit(names.size());
  for (size_t i = 0; i < names.size(); ++i) hit[i] = match_value(p, Value::string(names[i]));
  RowMask mask(column.size());
  for (size_t row = 0; row < mask.size(); ++row) mask[row] = column[row] < hit.size() ? hit[column[row]] : 0;
  return mask;
}

// Stamps beyond 63 bits compare as the largest integer there is, not as negative ones.
Value stamp_value(uint64_t ns) { return Value::integer(static_cast<int64_t>(std::min<uint64_t>(ns, INT64_MAX))); }

Result<RowMask> match_starts(SpanBlock& block, const Predicate& p) {
  const auto& start = *TRY(block.numbers(wire::U64Field::kStart));
  RowMask mask(start.size());
  for (size_t row = 0; row < mask.size(); ++row) mask[row] = match_value(p, stamp_value(start[row]));
  return mask;
}

// As model::Span::duration_ns() has it: zero where the end lies before the start.
Result<RowMask> match_durations(SpanBlock& block, const Predicate& p) {
  const auto& start = *TRY(block.numbers(wire::U64Field::kStart));
  const auto& duration = *TRY(block.numbers(wire::U64Field::kDuration));
  RowMask mask(start.size());
  for (size_t row = 0; row < mask.size(); ++row) {
    const bool stepped_back = start[row] + duration[row] < start[row];
    mask[row] = match_value(p, stamp_value(stepped_back ? 0 : duration[row]));
  }
  return mask;
}

Result<RowMask> match_ids(SpanBlock& block, const Predicate& p, Intrinsic which) {
  const size_t rows = block.meta().rows;
  RowMask mask(rows);
  char raw[16];
  if (which == Intrinsic::kTraceId) {
    const auto& ids = *TRY(block.trace_ids());
    const auto& index = *TRY(block.trace_rows());
    std::vector<uint8_t> hit(ids.size());
    for (size_t i = 0; i < ids.size(); ++i) {
      ids[i].to_bytes(raw);
      hit[i] = match_text(p, {raw, 16});
    }
    for (size_t row = 0; row < rows; ++row) mask[row] = hit[index[row]];
    return mask;
  }
  for (size_t row = 0; row < rows; ++row) {
    const model::SpanId id = which == Intrinsic::kSpanId ? TRY(block.span_id(row)) : TRY(block.parent_span_id(row));
    id.to_bytes(raw);
    // A root has no parent: it lacks the field.
    mask[row] = id.valid() && match_text(p, {raw, 8});
  }
  return mask;
}

Result<RowMask> match_intrinsic(SpanBlock& block, const Predicate& p) {
  switch (p.field.intrinsic) {
    case Intrinsic::kName: return match_text_column(p, *TRY(block.texts(wire::TextField::kName)));
    case Intrinsic::kService: return match_text_column(p, *TRY(block.services()));
    case Intrinsic::kStatusMessage: return match_text_column(p, *TRY(block.texts(wire::TextField::kStatusMessage)));
    case Intrinsic::kTraceState: return match_text_column(p, *TRY(block.texts(wire::TextField::kTraceState)));
    case Intrinsic::kKind: return match_named(p, *TRY(block.numbers(wire::U64Field::kKind)), kKindNames);
    case Intrinsic::kStatus: return match_named(p, *TRY(block.numbers(wire::U64Field::kStatus)), kStatusNames);
    case Intrinsic::kStart: return match_starts(block, p);
    case Intrinsic::kDuration: return match_durations(block, p);
    case Intrinsic::kTraceId:
    case Intrinsic::kSpanId:
    case Intrinsic::kParentSpanId: return match_ids(block, p, p.field.intrinsic);
    default: return fail(unimplemented("this intrinsic field cannot be searched in spans yet"));
  }
}

// A comparison must be one the literal's type has: text for kContains, so that std::get below never throws.
Result<> check_literal(const Predicate& p) {
  const bool text = std::holds_alternative<std::string>(p.literal);
  if (p.op == CompareOp::kContains && !text) return fail(invalid_argument("contains needs a text to look for"));
  const bool id_field = p.field.scope == FieldScope::kIntrinsic &&
                        (p.field.intrinsic == Intrinsic::kTraceId || p.field.intrinsic == Intrinsic::kSpanId ||
                         p.field.intrinsic == Intrinsic::kParentSpanId);
  if (id_field && !text && p.op != CompareOp::kExists) return fail(invalid_argument("ids compare with text only"));
  return {};
}

Result<RowMask> match_compare(SpanBlock& block, const Predicate& p) {
  TRY(check_literal(p));
  switch (p.field.scope) {
    case FieldScope::kIntrinsic: return match_intrinsic(block, p);
    case FieldScope::kAny:
    case FieldScope::kResource:
    case FieldScope::kRecord: return match_attributes(block, p);
    default: return fail(unimplemented("attributes of scopes, events and links cannot be searched yet"));
  }
}

Result<RowMask> match(SpanBlock& block, const Predicate& p) {
  const size_t rows = block.meta().rows;
  switch (p.kind) {
    case Predicate::Kind::kTrue: return RowMask(rows, 1);
    case Predicate::Kind::kCompare: return match_compare(block, p);
    case Predicate::Kind::kNot: {
      if (p.children.size() != 1) return fail(internal_error("predicate: not takes one child"));
      RowMask mask = TRY(match(block, p.children[0]));
      for (uint8_t& m : mask) m = !m;
      return mask;
    }
    case Predicate::Kind::kAnd:
    case Predicate::Kind::kOr: {
      const bool conjunction = p.kind == Predicate::Kind::kAnd;
      RowMask mask(rows, conjunction);
      for (const Predicate& child : p.children) {
        const RowMask next = TRY(match(block, child));
        for (size_t row = 0; row < rows; ++row) mask[row] = conjunction ? mask[row] & next[row] : mask[row] | next[row];
      }
      return mask;
    }
  }
  return fail(internal_error("predicate: unknown kind"));
}

}  // namespace

Result<RowMask> match_rows(SpanBlock& block, const contract::TimeRange& time, const Predicate& where) {
  RowMask mask = TRY(match(block, where));
  const wire::SpanBlockMeta& meta = block.meta();
  const StampRange range(time);
  if (meta.min_end_ns >= range.min && meta.max_start_ns <= range.max && !range.empty) return mask;
  const auto& start = *TRY(block.numbers(wire::U64Field::kStart));
  const auto& duration = *TRY(block.numbers(wire::U64Field::kDuration));
  for (size_t row = 0; row < mask.size(); ++row) {
    // An end before the start (a clock stepped) counts as the start.
    const uint64_t end = std::max(start[row], start[row] + duration[row]);
    mask[row] = mask[row] && start[row] <= range.max && end >= range.min && !range.empty;
  }
  return mask;
}

}  // namespace tercet::store
