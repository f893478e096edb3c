#include "wire/otlp/proto_reader.h"

#include <fmt/format.h>

namespace tercet::wire::otlp {

bool ProtoFailure::fail(Where where, std::string_view what) {
  if (failed()) return false;
  const auto offset = where.at == nullptr ? 0 : where.at - body_.data();
  text_ = where.field == 0 ? fmt::format("byte {}: {}: {}", offset, where.message, what)
                           : fmt::format("byte {}: {} field {}: {}", offset, where.message, where.field, what);
  return false;
}

bool ProtoFailure::too_long(Where where, uint64_t size, ptrdiff_t left) {
  return fail(where, fmt::format("truncated: length {} where {} bytes are left", size, left));
}

// Ten bytes hold 64 bits; what the tenth has beyond them is cut off, as the reference implementation does.
LongVarint read_long_varint(const char* at, const char* end) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 70 && at != end; shift += 7) {
    const auto byte = static_cast<uint8_t>(*at++);
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return {at, value};
  }
  return {nullptr, 0};
}

}  // namespace tercet::wire::otlp
