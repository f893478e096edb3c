// No input makes a decompressor give more than its limit, and pieces give what the whole gives. Then the input is taken
// as content: it survives every compressor.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "codec/compress.h"
#include "codec/inflate.h"

namespace {

using tercet::Result;
using tercet::codec::Codec;
using tercet::codec::Inflater;

/// Nothing when a piece, or the end, is refused.
bool inflate_pieces(Codec codec, std::string_view bytes, size_t limit, size_t piece, std::string& out) {
  Result<Inflater> inflater = Inflater::create(codec, limit);
  CHECK(inflater.has_value());
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, piece);
    const bool good = inflater->feed(part, out).has_value();
    CHECK(out.size() <= limit);
    CHECK(!good || out.size() == inflater->total_out());
    if (!good) return false;
    bytes.remove_prefix(part.size());
  }
  return inflater->finish().has_value();
}

void check_round_trip(Codec codec, int level, std::string_view raw) {
  std::string packed;
  CHECK(tercet::codec::compress(codec, level, raw, packed).has_value());
  std::string back;
  if (codec == Codec::kLz4) {
    CHECK(tercet::codec::decompress_lz4(packed, raw.size(), back).has_value());
  } else {
    CHECK(tercet::codec::decompress(codec, packed, raw.size(), back).has_value());
  }
  CHECK(back == raw);
}

}  // namespace

// Four bytes choose: codec and level, the limit (16 bits), the length of pieces.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 4) return 0;
  const auto codec = static_cast<Codec>(data[0] % 6);
  const size_t limit = data[1] | size_t{data[2]} << 8;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 4, size - 4);

  std::string whole;
  bool good = false;
  if (codec == Codec::kLz4) {
    good = tercet::codec::decompress_lz4(bytes, limit, whole).has_value();
    CHECK(whole.size() == (good ? limit : 0));
  } else {
    good = tercet::codec::decompress(codec, bytes, limit, whole).has_value();
    CHECK(good ? whole.size() <= limit : whole.empty());
  }
  if (codec != Codec::kLz4 && codec != Codec::kSnappy) {
    std::string pieces;
    const bool pieces_good = inflate_pieces(codec, bytes, limit, size_t{1} + data[3], pieces);
    // zstd differs in two corners: the stream refuses windows of more than 8 MiB, which a frame that tells its size may
    // have, and the library lets a streamed frame end, by an empty block, before the size that it tells.
    CHECK(pieces_good == good || codec == Codec::kZstd);
    CHECK(!pieces_good || !good || pieces == whole);
  }
  check_round_trip(codec, data[0] / 6 % 10, bytes);
  return 0;
}
