#include "wire/otlp/proto_writer.h"

#include <algorithm>

namespace tercet::wire::otlp {

void ProtoWriter::grow(size_t bytes) {
  const size_t used = size();
  const size_t capacity = std::max(2 * capacity_, used + bytes);
  auto larger = std::make_unique_for_overwrite<char[]>(capacity);
  char* at = larger.get() + capacity - used;
  std::memcpy(at, at_, used);
  buffer_ = std::move(larger);
  capacity_ = capacity;
  at_ = at;
}

void ProtoWriter::long_varint(uint64_t value) {
  char digits[10];
  size_t n = 0;
  for (; value >= 0x80; value >>= 7) digits[n++] = static_cast<char>(value | 0x80);
  digits[n++] = static_cast<char>(value);
  std::memcpy(claim(n), digits, n);
}

}  // namespace tercet::wire::otlp
