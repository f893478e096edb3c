#include "base/memory.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <limits>
#include <optional>
#include <string>

#include "base/check.h"

namespace tercet {

namespace {

struct ClassRow {
  std::string_view name;
  unsigned share_percent;
};

// Indexed by MemoryClass.
constexpr ClassRow kClasses[kMemoryClasses] = {
    {"cache", 70},    {"query", 80},  {"compaction", 85}, {"head", 90},
    {"exporter", 92}, {"ingest", 95}, {"replay", 97},     {"alerts", 100},
};

uint64_t round_up_to_step(uint64_t bytes) {
  constexpr uint64_t mask = MemoryAccount::kStep - 1;
  return bytes > std::numeric_limits<uint64_t>::max() - mask ? ~mask : (bytes + mask) & ~mask;
}

/// The start of a small file of the kernel's; empty when it cannot be read.
std::string read_small_file(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "re");
  if (file == nullptr) return {};
  char text[4096];
  const size_t bytes = std::fread(text, 1, sizeof text, file);
  std::fclose(file);
  return {text, bytes};
}

std::optional<uint64_t> leading_number(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

/// The path of this process in the hierarchy whose line in /proc/self/cgroup has `controllers` in its middle field.
std::optional<std::string> cgroup_path(std::string_view controllers) {
  const std::string table = read_small_file("/proc/self/cgroup");
  std::string_view rest = table;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const size_t first = line.find(':');
    if (first == std::string_view::npos) continue;
    const size_t second = line.find(':', first + 1);
    if (second == std::string_view::npos || line.substr(first + 1, second - first - 1) != controllers) continue;
    return std::string(line.substr(second + 1));
  }
  return std::nullopt;
}

/// The smallest limit from the group up to the root: a parent's limit holds too.
uint64_t smallest_limit(const std::string& mount, std::string path, const std::string& file) {
  uint64_t smallest = std::numeric_limits<uint64_t>::max();
  while (true) {
    const auto limit =
        leading_number(read_small_file(fmt::format("{}{}/{}", mount, path, file)));  // "max" is no number
    if (limit && *limit > 0) smallest = std::min(smallest, *limit);
    const size_t slash = path.rfind('/');
    if (slash == std::string::npos || path.empty()) return smallest;
    path.resize(slash);
  }
}

}  // namespace

std::string_view memory_class_name(MemoryClass c) { return kClasses[static_cast<size_t>(c)].name; }

unsigned memory_class_share_percent(MemoryClass c) { return kClasses[static_cast<size_t>(c)].share_percent; }

uint64_t MemoryAccountant::unaccounted_bytes(uint64_t rss_bytes) const {
  const uint64_t used = used_bytes();
  return rss_bytes > used ? rss_bytes - used : 0;
}

bool MemoryAccountant::take(MemoryClass c, uint64_t bytes) {
  const auto index = static_cast<size_t>(c);
  // Divided first: a limit near 2^64 (none at all) must not overflow.
  const uint64_t share =
      limit_ / 100 * kClasses[index].share_percent + limit_ % 100 * kClasses[index].share_percent / 100;
  uint64_t used = used_.load(std::memory_order_relaxed);
  do {
    if (c != MemoryClass::kAlerts && (used > share || bytes > share - used)) {
      refused_[index].fetch_add(1, std::memory_order_relaxed);
      return false;
    }
  } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
  by_class_[index].fetch_add(bytes, std::memory_order_relaxed);
  return true;
}

void MemoryAccountant::give(MemoryClass c, uint64_t bytes) {
  by_class_[static_cast<size_t>(c)].fetch_sub(bytes, std::memory_order_relaxed);
  const uint64_t before = used_.fetch_sub(bytes, std::memory_order_relaxed);
  CHECK(before >= bytes);
}

MemoryAccount& MemoryAccount::operator=(MemoryAccount&& other) noexcept {
  if (this == &other) return *this;
  shrink_to(0);
  accountant_ = other.accountant_;
  class_ = other.class_;
  held_ = std::exchange(other.held_, 0);
  reserved_ = std::exchange(other.reserved_, 0);
  return *this;
}

bool MemoryAccount::try_grow(uint64_t bytes) {
  uint64_t held = 0;
  if (__builtin_add_overflow(held_, bytes, &held)) return false;
  if (accountant_ != nullptr && held > reserved_) {
    const uint64_t reserved = round_up_to_step(held);
    if (reserved < held || !accountant_->take(class_, reserved - reserved_)) return false;
    reserved_ = reserved;
  }
  held_ = held;
  return true;
}

void MemoryAccount::shrink_to(uint64_t bytes) {
  if (bytes >= held_) return;
  held_ = bytes;
  const uint64_t reserved = round_up_to_step(bytes);
  if (accountant_ != nullptr && reserved < reserved_) accountant_->give(class_, reserved_ - reserved);
  reserved_ = std::min(reserved_, reserved);
}

uint64_t process_rss_bytes() {
  const std::string statm = read_small_file("/proc/self/statm");
  const size_t space = statm.find(' ');
  if (space == std::string::npos) return 0;
  const auto pages = leading_number(std::string_view(statm).substr(space + 1));
  return pages.value_or(0) * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

uint64_t available_memory_bytes() {
  uint64_t available =
      static_cast<uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  if (const auto path = cgroup_path("")) {
    available = std::min(available, smallest_limit("/sys/fs/cgroup", *path, "memory.max"));
  }
  if (const auto path = cgroup_path("memory")) {  // the first generation of cgroups
    available = std::min(available, smallest_limit("/sys/fs/cgroup/memory", *path, "memory.limit_in_bytes"));
  }
  return available;
}

}  // namespace tercet
