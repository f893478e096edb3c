// Writes protobuf from its end to its start: when a message's length has to be written, its bytes are there already, so
// nothing is measured beforehand and nothing is moved. Callers write fields in descending and elements in reverse
// order.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace tercet::wire::otlp {

class ProtoWriter {
 public:
  explicit ProtoWriter(size_t expected_bytes = 4096)
      : capacity_(expected_bytes),
        buffer_(std::make_unique_for_overwrite<char[]>(capacity_)),
        at_(buffer_.get() + capacity_) {}

  size_t size() const { return static_cast<size_t>(buffer_.get() + capacity_ - at_); }
  /// Valid until the next write.
  std::string_view bytes() const { return {at_, size()}; }

  /// Fields; whoever writes one decides whether it is written when it has its default value.
  void varint_field(uint32_t field, uint64_t value) {
    varint(value);
    varint(field << 3);
  }
  void fixed64_field(uint32_t field, uint64_t value) { fixed_field(field << 3 | 1, value); }
  void fixed32_field(uint32_t field, uint32_t value) { fixed_field(field << 3 | 5, value); }
  void bytes_field(uint32_t field, std::string_view value) {
    raw(value);
    varint(value.size());
    varint(field << 3 | 2);
  }
  /// Makes what was written since `end` = size() the content of a message field.
  void message_field(uint32_t field, size_t end) {
    varint(size() - end);
    varint(field << 3 | 2);
  }
  /// Bytes that are fields already.
  void raw(std::string_view value) {
    if (value.empty()) return;
    std::memcpy(claim(value.size()), value.data(), value.size());
  }

 private:
  char* claim(size_t bytes) {
    if (bytes > static_cast<size_t>(at_ - buffer_.get())) [[unlikely]]
      grow(bytes);
    return at_ -= bytes;
  }
  void grow(size_t bytes);

  template <typename T>
  void fixed_field(uint32_t tag, T value) {
    std::memcpy(claim(sizeof value), &value, sizeof value);
    varint(tag);
  }
  void varint(uint64_t value) {
    if (value < 0x80) {
      *claim(1) = static_cast<char>(value);
    } else {
      long_varint(value);
    }
  }
  void long_varint(uint64_t value);

  size_t capacity_;
  std::unique_ptr<char[]> buffer_;
  char* at_;
};

}  // namespace tercet::wire::otlp
