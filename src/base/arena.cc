#include "base/arena.h"

#include <algorithm>

namespace tercet {

namespace {
constexpr size_t kMaxBlock = size_t{1} << 20;
}

Arena& Arena::operator=(Arena&& other) noexcept {
  if (this == &other) return *this;
  // The one moved from must forget its block: a bump into it would write below views that now belong to this one.
  blocks_ = std::move(other.blocks_);
  other.blocks_.clear();
  current_ = std::exchange(other.current_, nullptr);
  used_ = std::exchange(other.used_, 0);
  capacity_ = std::exchange(other.capacity_, 0);
  next_block_ = other.next_block_;
  footprint_ = std::exchange(other.footprint_, 0);
  return *this;
}

char* Arena::allocate_slow(size_t bytes) {
  if (bytes > next_block_ / 2) {
    // A large piece gets a block of its own, and the room left in the current one stays in use.
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
    footprint_ += bytes;
    return blocks_.back().get();
  }
  blocks_.push_back(std::make_unique_for_overwrite<char[]>(next_block_));
  current_ = blocks_.back().get();
  capacity_ = next_block_;
  footprint_ += next_block_;
  used_ = bytes;
  next_block_ = std::max(next_block_, std::min(next_block_ * 2, kMaxBlock));
  return current_;
}

}  // namespace tercet
