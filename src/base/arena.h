// A bump allocator for what lives and dies with one batch: no free, no destructors, one release at the end.
// Not thread-safe. Move-only; views into it stay valid when it moves, and the one moved from is empty and usable.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace tercet {

class Arena {
 public:
  /// The first block has `first_block_bytes`; blocks double up to 1 MiB.
  explicit Arena(size_t first_block_bytes = 4096) : next_block_(first_block_bytes) {}
  Arena(Arena&& other) noexcept : next_block_(other.next_block_) { *this = std::move(other); }
  Arena& operator=(Arena&& other) noexcept;

  /// Uninitialised room for `bytes`, aligned to `align` (a power of two ≤ 16).
  char* allocate(size_t bytes, size_t align = 8) {
    const size_t start = (used_ + align - 1) & ~(align - 1);
    if (start + bytes > capacity_) [[unlikely]]
      return allocate_slow(bytes);
    used_ = start + bytes;
    return current_ + start;
  }

  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* at = allocate(text.size(), 1);
    std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }

  template <typename T>
  std::span<T> array(size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= 16);
    T* at = reinterpret_cast<T*>(allocate(sizeof(T) * count, alignof(T)));
    for (size_t i = 0; i < count; ++i) new (at + i) T();
    return {at, count};
  }

  /// Bytes held, used or not.
  size_t footprint() const { return footprint_; }

 private:
  char* allocate_slow(size_t bytes);

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* current_ = nullptr;
  size_t used_ = 0;
  size_t capacity_ = 0;
  size_t next_block_;
  size_t footprint_ = 0;
};

}  // namespace tercet
