// Any bytes may be asked; a filter that was built has all its members, and no other length passes for it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "codec/filter.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 8) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto asked = tercet::load_le<uint64_t>(bytes.data());
  const std::string_view garbage = bytes.substr(8);
  if (!tercet::codec::check_filter(garbage)) {
    CHECK(tercet::codec::may_contain(garbage, asked));
  } else {
    (void)tercet::codec::may_contain(garbage, asked);
  }

  std::vector<uint64_t> hashes;
  for (size_t at = 0; at + 8 <= size; at += 8) hashes.push_back(tercet::load_le<uint64_t>(bytes.data() + at));
  const std::string filter = tercet::codec::build_filter(hashes, 1 + data[0] % 32);
  CHECK(tercet::codec::check_filter(filter).has_value());
  for (const uint64_t hash : hashes) CHECK(tercet::codec::may_contain(filter, hash));
  CHECK(!tercet::codec::check_filter(std::string_view(filter).substr(1)).has_value());
  CHECK(!tercet::codec::check_filter(filter + "x").has_value());
  return 0;
}
