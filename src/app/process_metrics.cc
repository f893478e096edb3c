#include "app/process_metrics.h"

#include <dirent.h>
#include <sys/resource.h>

#include <string>

namespace tercet::app {

namespace {

double cpu_seconds() {
  struct rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double open_descriptors() {
  DIR* folder = ::opendir("/proc/self/fd");
  if (folder == nullptr) return 0;
  double count = -3;  // ".", ".." and the folder's own
  while (::readdir(folder) != nullptr) ++count;
  ::closedir(folder);
  return count;
}

}  // namespace

void register_process_metrics(MetricRegistry& registry, Clock& clock, const MemoryAccountant& accountant) {
  registry.callback("process_cpu_seconds_total", "CPU time of user and system in seconds.", true, {}, cpu_seconds);
  registry.callback("process_resident_memory_bytes", "Resident memory in bytes.", false, {},
                    [] { return static_cast<double>(process_rss_bytes()); });
  registry.callback("process_open_fds", "Open file descriptors.", false, {}, open_descriptors);
  const double started = static_cast<double>(clock.wall_ns()) / 1e9;
  registry.callback("process_start_time_seconds", "Start time since 1970 in seconds.", false, {},
                    [started] { return started; });
  registry.callback("tercet_memory_limit_bytes", "What the memory accountant may give.", false, {},
                    [&accountant] { return static_cast<double>(accountant.limit_bytes()); });
  for (size_t c = 0; c < kMemoryClasses; ++c) {
    const auto which = static_cast<MemoryClass>(c);
    registry.callback("tercet_memory_used_bytes", "Memory by class of the accountant.", false,
                      {{"class", std::string(memory_class_name(which))}},
                      [&accountant, which] { return static_cast<double>(accountant.used_bytes(which)); });
    registry.callback("tercet_memory_refused_total", "Times that a class was refused memory.", true,
                      {{"class", std::string(memory_class_name(which))}},
                      [&accountant, which] { return static_cast<double>(accountant.refused(which)); });
  }
  registry.callback("tercet_memory_used_bytes", "Memory by class of the accountant.", false, {{"class", "unaccounted"}},
                    [&accountant] { return static_cast<double>(accountant.unaccounted_bytes(process_rss_bytes())); });
}

}  // namespace tercet::app
