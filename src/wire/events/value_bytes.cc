#include "wire/events/value_bytes.h"

#include <bit>

#include "base/bytes.h"
#include "codec/varint.h"
#include "wire/events/block_format.h"
#include "wire/events/columns.h"

namespace tercet::wire {

using model::Attribute;
using model::Value;
using model::ValueType;

namespace {

void append(std::string& out, const Value& value, int depth) {
  const bool container = value.type() == ValueType::kArray || value.type() == ValueType::kMap;
  if (container && depth >= kMaxValueDepth) {
    out.push_back(static_cast<char>(ValueType::kString));
    return write_text(out, model::to_text(value));
  }
  out.push_back(static_cast<char>(value.type()));
  switch (value.type()) {
    case ValueType::kEmpty: return;
    case ValueType::kString:
    case ValueType::kBytes: return write_text(out, value.text());
    case ValueType::kBool: out.push_back(value.as_bool() ? 1 : 0); return;
    case ValueType::kInt: return codec::append_varint(out, codec::zigzag_encode(value.as_int()));
    case ValueType::kDouble: return append_le(out, std::bit_cast<uint64_t>(value.as_double()));
    case ValueType::kArray:
      codec::append_varint(out, value.items().size());
      for (const Value& item : value.items()) append(out, item, depth + 1);
      return;
    case ValueType::kMap:
      codec::append_varint(out, value.entries().size());
      for (const Attribute& entry : value.entries()) {
        write_text(out, entry.key);
        append(out, entry.value, depth + 1);
      }
      return;
  }
}

Result<Value> parse(std::string_view& in, Arena& arena, int depth);

Result<Value> parse_array(std::string_view& in, Arena& arena, int depth) {
  const uint64_t count = TRY(read_varint(in));
  // Every value takes a byte at least: a larger count is a lie, refused before it is allocated.
  if (count > in.size()) return fail(data_loss("event block: array longer than its bytes"));
  auto items = arena.array<Value>(count);
  for (Value& item : items) item = TRY(parse(in, arena, depth + 1));
  return Value::array(items);
}

Result<Value> parse_map(std::string_view& in, Arena& arena, int depth) {
  const uint64_t count = TRY(read_varint(in));
  if (count > in.size()) return fail(data_loss("event block: map longer than its bytes"));
  auto entries = arena.array<Attribute>(count);
  for (Attribute& entry : entries) {
    entry.key = TRY(read_bytes(in, TRY(read_varint(in))));
    entry.value = TRY(parse(in, arena, depth + 1));
  }
  return Value::map(entries);
}

Result<Value> parse(std::string_view& in, Arena& arena, int depth) {
  if (depth > kMaxValueDepth) return fail(data_loss("event block: value nested deeper than 64"));
  const auto type = static_cast<unsigned char>(TRY(read_bytes(in, 1)).front());
  switch (static_cast<ValueType>(type)) {
    case ValueType::kEmpty: return Value();
    case ValueType::kString: return Value::string(TRY(read_bytes(in, TRY(read_varint(in)))));
    case ValueType::kBytes: return Value::bytes(TRY(read_bytes(in, TRY(read_varint(in)))));
    case ValueType::kBool: return Value::boolean(TRY(read_bytes(in, 1)).front() != 0);
    case ValueType::kInt: return Value::integer(codec::zigzag_decode(TRY(read_varint(in))));
    case ValueType::kDouble:
      return Value::real(std::bit_cast<double>(load_le<uint64_t>(TRY(read_bytes(in, 8)).data())));
    case ValueType::kArray: return parse_array(in, arena, depth);
    case ValueType::kMap: return parse_map(in, arena, depth);
  }
  return fail(data_loss("event block: unknown value type"));
}

}  // namespace

void append_value_bytes(std::string& out, const Value& value) { append(out, value, 0); }

Result<Value> parse_value_bytes(std::string_view in, Arena& arena) {
  const Value value = TRY(parse(in, arena, 0));
  if (!in.empty()) return fail(data_loss("event block: bytes after a value"));
  return value;
}

}  // namespace tercet::wire
