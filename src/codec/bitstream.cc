#include "codec/bitstream.h"

namespace tercet::codec {

void BitWriter::append_to(std::string& out) const {
  out.append(words_);
  char last[8];
  store_le(last, __builtin_bswap64(pending_));
  out.append(last, (64 - free_ + 7) / 8);
}

void BitWriter::clear() {
  words_.clear();
  pending_ = 0;
  free_ = 64;
}

void BitReader::refill_slow() {
  while (held_ <= 56 && at_ != end_) {
    window_ |= static_cast<uint64_t>(static_cast<uint8_t>(*at_++)) << (56 - held_);
    held_ += 8;
  }
}

void BitReader::fail() {
  failed_ = true;
  at_ = end_;
  window_ = 0;
  held_ = 0;
}

}  // namespace tercet::codec
