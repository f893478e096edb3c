#include "text/gofmt/logfmt.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace tercet::text {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_separator(char c) { return static_cast<uint8_t>(c) <= ' '; }

void append_code_point(std::string& out, uint32_t code) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

/// The four digits behind `\u` at the start of `text`.
std::optional<uint32_t> unicode_escape(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
  uint32_t code = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, code, 16);
  if (error != std::errc() || end != text.data() + 6) return std::nullopt;
  return code;
}

char simple_escape(char c) {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case '"':
    case '\\':
    case '/':
    case '\'': return c;
    default: return '\0';
  }
}

/// The value between the quotes; nothing when an escape is unknown or a control character stands beside one. A lone
/// surrogate and ill-formed UTF-8 become U+FFFD.
std::optional<std::string> unquote(std::string_view body) {
  // Without an escape the original takes the bytes as they are, control characters included.
  if (body.find('\\') == std::string_view::npos) return std::string(body);
  std::string raw;
  while (!body.empty()) {
    if (static_cast<uint8_t>(body.front()) < ' ') return std::nullopt;
    if (body.front() != '\\') {
      raw += body.front();
      body.remove_prefix(1);
      continue;
    }
    if (body.size() > 1 && body[1] == 'u') {
      const auto high = unicode_escape(body);
      if (!high) return std::nullopt;
      body.remove_prefix(6);
      if (*high < 0xD800 || *high > 0xDFFF) {
        append_code_point(raw, *high);
        continue;
      }
      const auto low = *high < 0xDC00 ? unicode_escape(body) : std::nullopt;
      if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
        append_code_point(raw, 0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00));
        body.remove_prefix(6);
      } else {
        raw += kReplacement;
      }
      continue;
    }
    const char c = body.size() > 1 ? simple_escape(body[1]) : '\0';
    if (c == '\0') return std::nullopt;
    raw += c;
    body.remove_prefix(2);
  }
  std::string out;
  append_utf8_lossy(out, raw);
  return out;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

class LineReader {
 public:
  LineReader(std::string_view line, size_t number) : line_(line), number_(number) {}

  Result<> read(Pairs& out) {
    while (true) {
      while (at_ < line_.size() && is_separator(line_[at_])) ++at_;
      if (at_ == line_.size()) return {};
      std::string key = TRY(read_key());
      std::string value;
      if (at_ < line_.size() && line_[at_] == '=') {
        ++at_;
        value = TRY(at_ < line_.size() && line_[at_] == '"' ? read_quoted() : read_plain());
      }
      out.emplace_back(std::move(key), std::move(value));
    }
  }

 private:
  Result<std::string> read_key() {
    const size_t start = at_;
    for (; at_ < line_.size() && line_[at_] != '=' && !is_separator(line_[at_]); ++at_) {
      if (line_[at_] == '"') return unexpected();
    }
    if (at_ == start) return unexpected();
    const std::string_view key = line_.substr(start, at_ - start);
    // The original looks for U+FFFD, which is also what ill-formed bytes decode to.
    if (!is_valid_utf8(key) || key.find(kReplacement) != std::string_view::npos) return error("invalid key");
    return std::string(key);
  }

  Result<std::string> read_plain() {
    const size_t start = at_;
    for (; at_ < line_.size() && !is_separator(line_[at_]); ++at_) {
      if (line_[at_] == '=' || line_[at_] == '"') return unexpected();
    }
    return std::string(line_.substr(start, at_ - start));
  }

  Result<std::string> read_quoted() {
    const size_t start = ++at_;
    while (at_ < line_.size() && line_[at_] != '"') at_ += line_[at_] == '\\' ? 2 : 1;
    if (at_ >= line_.size()) {
      at_ = line_.size();
      return error("unterminated quoted value");
    }
    const std::string_view body = line_.substr(start, at_++ - start);
    auto value = unquote(body);
    if (!value) return error("invalid quoted value");
    return *std::move(value);
  }

  std::unexpected<Error> unexpected() const { return error("unexpected '" + std::string(1, line_[at_]) + "'"); }

  std::unexpected<Error> error(std::string_view message) const {
    return fail(invalid_argument("logfmt syntax error at pos " + std::to_string(at_ + 1) + " on line " +
                                 std::to_string(number_) + ": " + std::string(message)));
  }

  std::string_view line_;
  size_t number_;
  size_t at_ = 0;
};

}  // namespace

Result<Pairs> parse_logfmt(std::string_view text) {
  Pairs pairs;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    TRY(LineReader(text.substr(0, end), number).read(pairs));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pairs;
}

}  // namespace tercet::text
