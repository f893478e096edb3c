// An attribute's value: OTLP's AnyValue as 16 bytes. Strings, bytes, arrays and maps borrow from the batch that holds
// the value (its arena or its source bytes) and live as long as that batch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/arena.h"

namespace tercet::model {

/// The numbers stand in formats (docs/formats/event-block.md): never renumber.
enum class ValueType : uint8_t {
  kEmpty = 0,
  kString = 1,
  kBool = 2,
  kInt = 3,
  kDouble = 4,
  kBytes = 5,
  kArray = 6,
  kMap = 7
};

struct Attribute;

class Value {
 public:
  Value() = default;
  static Value string(std::string_view s) { return Value(ValueType::kString, s.data(), s.size()); }
  static Value bytes(std::string_view s) { return Value(ValueType::kBytes, s.data(), s.size()); }
  static Value array(std::span<const Value> items) { return Value(ValueType::kArray, items.data(), items.size()); }
  static Value map(std::span<const Attribute> items) { return Value(ValueType::kMap, items.data(), items.size()); }
  static Value boolean(bool b) {
    Value v(ValueType::kBool);
    v.int_ = b;
    return v;
  }
  static Value integer(int64_t i) {
    Value v(ValueType::kInt);
    v.int_ = i;
    return v;
  }
  static Value real(double d) {
    Value v(ValueType::kDouble);
    v.double_ = d;
    return v;
  }

  ValueType type() const { return type_; }
  bool is_string() const { return type_ == ValueType::kString; }
  /// The accessors below hold for their own type only; the caller has looked at type().
  std::string_view text() const { return {static_cast<const char*>(pointer_), size_}; }
  bool as_bool() const { return int_ != 0; }
  int64_t as_int() const { return int_; }
  double as_double() const { return double_; }
  std::span<const Value> items() const { return {static_cast<const Value*>(pointer_), size_}; }
  std::span<const Attribute> entries() const;

 private:
  explicit Value(ValueType type) : type_(type) {}
  Value(ValueType type, const void* pointer, size_t size)
      : type_(type), size_(static_cast<uint32_t>(size)), pointer_(pointer) {}

  ValueType type_ = ValueType::kEmpty;
  uint32_t size_ = 0;
  union {
    const void* pointer_ = nullptr;
    int64_t int_;
    double double_;
  };
};
static_assert(sizeof(Value) == 16);

struct Attribute {
  std::string_view key;
  Value value;
};

inline std::span<const Attribute> Value::entries() const { return {static_cast<const Attribute*>(pointer_), size_}; }

/// Deep equality: doubles by bit pattern, maps in order.
bool equal(const Value& a, const Value& b);

/// As a person would write it: 500, 0.25, true; arrays and maps as JSON without spaces, bytes as hex.
std::string to_text(const Value& value);

/// Deep copy; everything the copy refers to lives in `arena`.
Value copy_value(Arena& arena, const Value& value);

/// The last value of `key` (OTLP calls duplicates a sender bug; last wins), or nullptr.
const Value* find(std::span<const Attribute> attributes, std::string_view key);

}  // namespace tercet::model
