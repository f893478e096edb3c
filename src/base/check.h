// CHECK stays on in release: a failed one is a bug of ours and ends the process with file, line and condition.
// Input from outside must never reach one. DCHECK is for costly conditions, on in debug and sanitizer builds.
#pragma once

namespace tercet {
[[noreturn]] void check_failed(const char* file, int line, const char* condition);
}  // namespace tercet

#define CHECK(condition)                                      \
  do {                                                        \
    if (!(condition)) [[unlikely]]                            \
      ::tercet::check_failed(__FILE__, __LINE__, #condition); \
  } while (false)

#ifdef TERCET_DCHECKS
#define DCHECK(condition) CHECK(condition)
#else
#define DCHECK(condition) \
  do {                    \
  } while (false && (condition))
#endif
