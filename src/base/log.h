// Tercet's own log: one JSON object a line, with the field names of the platform's standard (timestamp, level, service,
// message). A Logger belongs to one server and writes whole lines to one sink; lines below the level cost a compare.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/error.h"

namespace tercet {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarn, kError };

struct LogField {
  std::string_view key;
  std::variant<std::string_view, int64_t, uint64_t, double, bool> value;

  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
  LogField(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
  LogField(std::string_view k, bool v) : key(k), value(v) {}
  LogField(std::string_view k, double v) : key(k), value(v) {}
  LogField(std::string_view k, int v) : key(k), value(static_cast<int64_t>(v)) {}
  LogField(std::string_view k, long v) : key(k), value(static_cast<int64_t>(v)) {}
  LogField(std::string_view k, long long v) : key(k), value(static_cast<int64_t>(v)) {}
  LogField(std::string_view k, unsigned v) : key(k), value(static_cast<uint64_t>(v)) {}
  LogField(std::string_view k, unsigned long v) : key(k), value(static_cast<uint64_t>(v)) {}
  LogField(std::string_view k, unsigned long long v) : key(k), value(static_cast<uint64_t>(v)) {}
  LogField(std::string_view k, const Error& e) : key(k), value(std::string_view(e.message())) {}
};

class Logger {
 public:
  /// Gets one line, newline included. Called under the logger's lock.
  using Sink = std::function<void(std::string_view line)>;
  using Fields = std::initializer_list<LogField>;

  Logger(Clock& clock, Sink sink, LogLevel level = LogLevel::kInfo)
      : clock_(clock), sink_(std::move(sink)), level_(level) {}

  void debug(std::string_view message, Fields fields = {}) { write(LogLevel::kDebug, message, fields); }
  void info(std::string_view message, Fields fields = {}) { write(LogLevel::kInfo, message, fields); }
  void warn(std::string_view message, Fields fields = {}) { write(LogLevel::kWarn, message, fields); }
  void error(std::string_view message, Fields fields = {}) { write(LogLevel::kError, message, fields); }
  void set_level(LogLevel level) { level_.store(level); }

 private:
  void write(LogLevel level, std::string_view message, Fields fields);

  Clock& clock_;
  Sink sink_;
  std::atomic<LogLevel> level_;
  std::mutex mutex_;
};

/// A sink that writes to file descriptor `fd` (2 = stderr).
Logger::Sink fd_sink(int fd);

/// Appends `text` as a JSON string with quotes; ill-formed UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace tercet
