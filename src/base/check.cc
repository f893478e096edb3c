#include "base/check.h"

#include <execinfo.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace tercet {

void check_failed(const char* file, int line, const char* condition) {
  // The heap may be what is broken: nothing here allocates.
  char text[1024];
  const int length = std::snprintf(text, sizeof text, "%s:%d: CHECK failed: %s\n", file, line, condition);
  if (length > 0) {
    const size_t bytes = static_cast<size_t>(length) < sizeof text ? static_cast<size_t>(length) : sizeof text - 1;
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text, bytes);
  }
  void* frames[64];
  ::backtrace_symbols_fd(frames, ::backtrace(frames, 64), STDERR_FILENO);
  std::abort();
}

}  // namespace tercet
