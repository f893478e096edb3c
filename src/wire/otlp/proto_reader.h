// A cursor over the fields of one protobuf message. Each next() reads a tag and its value whole, so a field that the
// caller does not know, or knows with another wire type, is skipped by doing nothing.
//
// Ours and not protozero's reader: malformed input is an ordinary value here, with the byte offset and the field it
// came from, where protozero throws, and a field of another wire type than expected is skipped by construction, where
// protozero asserts. On a bare walk both are equally fast (otlp_bench). Nothing takes the reader's address, which lets
// the compiler keep it in registers (a third of the decoder's speed): no function takes a ProtoReader&, next() is
// always inlined. The caller's loop is `while (reader.next()) switch (reader.tag())`, and looks at the failure after
// it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace tercet::wire::otlp {

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kLength = 2, kGroupStart = 3, kGroupEnd = 4, kFixed32 = 5 };

/// A tag as it stands on the wire, for case labels.
constexpr uint32_t tag_of(uint32_t field, WireType type) { return field << 3 | static_cast<uint32_t>(type); }
constexpr uint32_t varint(uint32_t field) { return tag_of(field, WireType::kVarint); }
constexpr uint32_t fixed64(uint32_t field) { return tag_of(field, WireType::kFixed64); }
constexpr uint32_t fixed32(uint32_t field) { return tag_of(field, WireType::kFixed32); }
constexpr uint32_t length(uint32_t field) { return tag_of(field, WireType::kLength); }

/// A field of a message, for errors.
struct Where {
  const char* at;       // into the body
  const char* message;  // its name
  uint32_t field;       // 0 = none in particular
};

/// The first thing that went wrong in a body, shared by all readers of it.
class ProtoFailure {
 public:
  explicit ProtoFailure(std::string_view body) : body_(body) {}

  bool failed() const { return !text_.empty(); }
  /// "byte 17: Span field 5: what". Keeps the first; always returns false.
  [[gnu::cold, gnu::noinline]] bool fail(Where where, std::string_view what);
  [[gnu::cold, gnu::noinline]] bool too_long(Where where, uint64_t size, ptrdiff_t left);
  const std::string& text() const { return text_; }

 private:
  std::string_view body_;
  std::string text_;
};

/// A varint of several bytes. `after` is null when it is malformed: at the end of the bytes, or after ten of them.
struct LongVarint {
  const char* after;
  uint64_t value;
};
LongVarint read_long_varint(const char* at, const char* end);

class ProtoReader {
 public:
  /// `message` names the message in errors and outlives the reader.
  ProtoReader(std::string_view bytes, const char* message, ProtoFailure& failure)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()), message_(message), failure_(failure) {}

  /// False at the end and on failure.
  [[gnu::always_inline]] bool next() {
    if (at_ == end_) return false;
    field_at_ = at_;
    uint64_t tag = 0;
    if (!read_varint(tag)) return false;
    tag_ = static_cast<uint32_t>(tag);
    if (tag > UINT32_MAX) [[unlikely]]
      return fail("field number beyond 2^29");
    if (tag < 8) [[unlikely]]
      return fail("field number 0");
    switch (static_cast<WireType>(tag & 7)) {
      case WireType::kLength: return read_length();
      case WireType::kVarint: return read_varint(scalar_);
      case WireType::kFixed64: return read_fixed<uint64_t>();
      case WireType::kFixed32: return read_fixed<uint32_t>();
      default: return fail("groups and reserved wire types are not part of OTLP");
    }
  }

  uint32_t tag() const { return tag_; }
  /// Value of a varint, fixed64 or fixed32 field.
  uint64_t scalar() const { return scalar_; }
  uint32_t u32() const { return static_cast<uint32_t>(scalar_); }
  /// Value of a length-delimited field.
  std::string_view bytes() const { return bytes_; }

  /// The current field.
  Where where() const { return {field_at_, message_, tag_ >> 3}; }

 private:
  bool fail(std::string_view what) { return failure_.fail(where(), what); }

  [[gnu::always_inline]] bool read_varint(uint64_t& value) {
    if (at_ != end_ && static_cast<int8_t>(*at_) >= 0) [[likely]] {
      value = static_cast<uint8_t>(*at_++);
      return true;
    }
    const LongVarint read = read_long_varint(at_, end_);
    if (read.after == nullptr) [[unlikely]]
      return fail("truncated, or a varint of more than ten bytes");
    at_ = read.after;
    value = read.value;
    return true;
  }

  [[gnu::always_inline]] bool read_length() {
    uint64_t size = 0;
    if (!read_varint(size)) return false;
    if (size > static_cast<uint64_t>(end_ - at_)) [[unlikely]]
      return failure_.too_long(where(), size, end_ - at_);
    bytes_ = {at_, static_cast<size_t>(size)};
    at_ += size;
    return true;
  }

  template <typename T>
  [[gnu::always_inline]] bool read_fixed() {
    if (static_cast<size_t>(end_ - at_) < sizeof(T)) [[unlikely]]
      return fail("truncated: the value is too short");
    scalar_ = load_le<T>(at_);
    at_ += sizeof(T);
    return true;
  }

  const char* at_;
  const char* end_;
  const char* field_at_ = nullptr;
  const char* message_;
  ProtoFailure& failure_;
  uint32_t tag_ = 0;
  uint64_t scalar_ = 0;
  std::string_view bytes_;
};

}  // namespace tercet::wire::otlp
