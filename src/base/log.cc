#include "base/log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <iterator>

#include "base/bytes.h"

namespace tercet {

namespace {

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarn: return "warn";
    case LogLevel::kError: return "error";
  }
  return "error";
}

struct AppendValue {
  std::string& out;

  void operator()(std::string_view v) const { append_json_string(out, v); }
  void operator()(bool v) const { out += v ? "true" : "false"; }
  void operator()(int64_t v) const { fmt::format_to(std::back_inserter(out), "{}", v); }
  void operator()(uint64_t v) const { fmt::format_to(std::back_inserter(out), "{}", v); }
  void operator()(double v) const {
    if (std::isfinite(v)) {
      fmt::format_to(std::back_inserter(out), "{}", v);
    } else {
      out += "null";  // JSON has no word for it
    }
  }
};

}  // namespace

void Logger::write(LogLevel level, std::string_view message, Fields fields) {
  if (level < level_.load(std::memory_order_relaxed)) return;
  std::string line = R"({"timestamp":")";
  line += format_rfc3339(clock_.wall_ns());
  line += R"(","level":")";
  line += level_name(level);
  line += R"(","service":"tercet","message":)";
  append_json_string(line, message);
  for (const LogField& field : fields) {
    line += ',';
    append_json_string(line, field.key);
    line += ':';
    std::visit(AppendValue{line}, field.value);
  }
  line += "}\n";
  const std::lock_guard lock(mutex_);
  sink_(line);
}

Logger::Sink fd_sink(int fd) {
  return [fd](std::string_view line) {
    while (!line.empty()) {
      const ssize_t written = ::write(fd, line.data(), line.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;  // Nobody is left to tell.
      line.remove_prefix(static_cast<size_t>(written));
    }
  };
}

void append_json_string(std::string& out, std::string_view text) {
  std::string mended;
  if (!is_valid_utf8(text)) {
    append_utf8_lossy(mended, text);
    text = mended;
  }
  out += '"';
  size_t copied = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<uint8_t>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text.substr(copied, i - copied));
    copied = i + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
    }
  }
  out.append(text.substr(copied));
  out += '"';
}

}  // namespace tercet
