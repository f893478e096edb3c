// One accountant knows who holds memory. Users of much memory hold a MemoryAccount of a class and grow it as their data
// grows; the accountant is asked in 64 KiB steps, so the hot path is an add and a compare.
//
// At the limit try_grow() says no and the caller sheds (refuses a query, answers 429); nothing waits. kAlerts is never
// refused. What the process holds beyond all accounts is reported as class `unaccounted` (see unaccounted_bytes()).
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace tercet {

/// In shedding order: the first class is refused first. A class may grow only while the total of all classes, what it
/// asks for included, stays within its share of the limit: cache 70 %, query 80 %, compaction 85 %, head 90 %, exporter
/// 92 %, ingest 95 %, replay 97 %; alerts are never refused. Shares are of the total, not of the class: one class alone
/// may fill all of its share, and what is shed first leaves room for what must go on.
enum class MemoryClass : uint8_t { kCache, kQuery, kCompaction, kHead, kExporter, kIngest, kReplay, kAlerts };
constexpr size_t kMemoryClasses = 8;
std::string_view memory_class_name(MemoryClass c);
/// The class's share of the limit in percent; 100 for kAlerts, which no limit holds.
unsigned memory_class_share_percent(MemoryClass c);

class MemoryAccountant {
 public:
  explicit MemoryAccountant(uint64_t limit_bytes) : limit_(limit_bytes) {}

  uint64_t limit_bytes() const { return limit_; }
  uint64_t used_bytes() const { return used_.load(std::memory_order_relaxed); }
  uint64_t used_bytes(MemoryClass c) const { return by_class_[static_cast<size_t>(c)].load(std::memory_order_relaxed); }
  uint64_t refused(MemoryClass c) const { return refused_[static_cast<size_t>(c)].load(std::memory_order_relaxed); }
  /// RSS minus all accounts, never below zero. `rss_bytes` from process_rss_bytes().
  uint64_t unaccounted_bytes(uint64_t rss_bytes) const;

 private:
  friend class MemoryAccount;
  bool take(MemoryClass c, uint64_t bytes);
  void give(MemoryClass c, uint64_t bytes);

  const uint64_t limit_;
  std::atomic<uint64_t> used_{0};
  std::array<std::atomic<uint64_t>, kMemoryClasses> by_class_{};
  std::array<std::atomic<uint64_t>, kMemoryClasses> refused_{};
};

/// What one owner holds. Not thread-safe; returns everything when destroyed. A default one accounts nowhere.
class MemoryAccount {
 public:
  static constexpr uint64_t kStep = 64 * 1024;

  MemoryAccount() = default;
  MemoryAccount(MemoryAccountant& accountant, MemoryClass c) : accountant_(&accountant), class_(c) {}
  MemoryAccount(MemoryAccount&& other) noexcept { *this = std::move(other); }
  MemoryAccount& operator=(MemoryAccount&& other) noexcept;
  ~MemoryAccount() { shrink_to(0); }

  /// False at the limit: nothing was added.
  [[nodiscard]] bool try_grow(uint64_t bytes);
  void shrink(uint64_t bytes) { shrink_to(bytes < held_ ? held_ - bytes : 0); }
  void shrink_to(uint64_t bytes);
  uint64_t held() const { return held_; }

 private:
  MemoryAccountant* accountant_ = nullptr;
  MemoryClass class_ = MemoryClass::kCache;
  uint64_t held_ = 0;      // what the owner said
  uint64_t reserved_ = 0;  // what the accountant gave, a multiple of kStep
};

/// Resident set of this process from /proc/self/statm; 0 where there is none.
uint64_t process_rss_bytes();
/// What the process may use: the cgroup's limit, else physical memory.
uint64_t available_memory_bytes();

}  // namespace tercet
