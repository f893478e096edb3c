// BitReader against one that takes a bit at a time; what was read and written again is what was there.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "codec/bitstream.h"

namespace {

uint64_t plain_bits(std::string_view bytes, size_t from, unsigned count) {
  uint64_t value = 0;
  for (size_t bit = from; bit < from + count; ++bit) {
    value = value << 1 | (static_cast<uint8_t>(bytes[bit / 8]) >> (7 - bit % 8) & 1);
  }
  return value;
}

}  // namespace

// The first half says how many bits are read at a time, the second half is read.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view steps(reinterpret_cast<const char*>(data), size / 2);
  const std::string bytes(reinterpret_cast<const char*>(data) + size / 2, size - size / 2);
  tercet::codec::BitReader reader(bytes);
  tercet::codec::BitWriter writer;
  size_t at = 0;
  for (const char step : steps) {
    const unsigned count = static_cast<uint8_t>(step) % 65;
    const uint64_t value = reader.get(count);
    if (at + count > bytes.size() * 8) {
      CHECK(reader.failed() && value == 0);
      return 0;
    }
    CHECK(!reader.failed() && value == plain_bits(bytes, at, count));
    at += count;
    CHECK(reader.remaining() == bytes.size() * 8 - at);
    writer.put(value, count);
  }
  CHECK(writer.bit_count() == at);
  std::string again;
  writer.append_to(again);
  CHECK(again.size() == (at + 7) / 8);
  CHECK(std::string_view(again).substr(0, at / 8) == std::string_view(bytes).substr(0, at / 8));
  return 0;
}
