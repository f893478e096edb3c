// Readers of varints and of integer columns against garbage; what they accept is written and read again as the same
// numbers, and numbers made of the input survive every form.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "codec/int_pack.h"
#include "codec/varint.h"

namespace {

namespace codec = tercet::codec;

constexpr size_t kMaxCount = 10'000;

/// As the format's definition has it, without any fast path.
std::optional<uint64_t> plain_varint(std::string_view in) {
  unsigned __int128 value = 0;
  for (size_t i = 0; i < 10 && i < in.size(); ++i) {
    const auto byte = static_cast<uint8_t>(in[i]);
    value |= static_cast<unsigned __int128>(byte & 0x7F) << (7 * i);
    if (byte < 0x80) return value >> 64 == 0 ? std::optional(static_cast<uint64_t>(value)) : std::nullopt;
  }
  return std::nullopt;
}

void check_varint(std::string_view in) {
  uint64_t value = 0;
  std::string_view rest = in;
  const bool good = codec::take_varint(rest, value);
  CHECK(good ? plain_varint(in) == value : !plain_varint(in));
  CHECK(good || rest.size() == in.size());
}

void check_columns(const std::vector<uint64_t>& values) {
  std::string bytes;
  codec::pack_u64(values, bytes);
  std::string_view in = bytes;
  std::vector<uint64_t> back;
  CHECK(codec::unpack_u64(in, values.size(), back).has_value());
  CHECK(in.empty() && back == values);
}

void check_deltas(const std::vector<uint64_t>& values) {
  const std::vector<int64_t> numbers(values.begin(), values.end());
  std::vector<int64_t> back;
  std::string bytes;
  codec::append_deltas(numbers, bytes);
  std::string_view in = bytes;
  CHECK(codec::take_deltas(in, numbers.size(), back).has_value() && in.empty() && back == numbers);
  bytes.clear();
  codec::append_deltas_of_deltas(numbers, bytes);
  in = bytes;
  CHECK(codec::take_deltas_of_deltas(in, numbers.size(), back).has_value() && in.empty() && back == numbers);
}

void check_runs(std::string_view in) {
  std::vector<uint32_t> values;
  if (!codec::unpack_runs_u32(in, kMaxCount, values)) return;
  CHECK(values.size() <= kMaxCount);
  std::string bytes;
  codec::pack_runs_u32(values, bytes);
  std::string_view again = bytes;
  std::vector<uint32_t> back;
  CHECK(codec::unpack_runs_u32(again, values.size(), back).has_value() && back == values);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_varint(bytes);
  check_runs(bytes);

  std::string_view in = bytes;
  std::vector<uint64_t> values;
  if (codec::unpack_u64(in, kMaxCount, values)) {
    CHECK(values.size() <= kMaxCount && in.size() < size);
    check_columns(values);
  }
  std::vector<int64_t> numbers;
  in = bytes;
  (void)codec::take_deltas(in, size / 2, numbers);
  (void)codec::take_deltas_of_deltas(in, size / 2, numbers);

  // The first byte says how wide the numbers are that the rest is cut into.
  const size_t width = size == 0 ? 1 : 1 + data[0] % 8;
  values.clear();
  for (size_t at = 1; at + width <= size; at += width) {
    char raw[8] = {};
    for (size_t i = 0; i < width; ++i) raw[i] = bytes[at + i];
    values.push_back(tercet::load_le<uint64_t>(raw));
  }
  check_columns(values);
  check_deltas(values);
  return 0;
}
