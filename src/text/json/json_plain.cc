#include "text/json/json_plain.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "text/json/utf8.h"

namespace tercet::text {

namespace {

// Objects below this size are compared pair by pair; above, a sorted index is cheaper.
constexpr size_t kPairwiseMembers = 16;
constexpr size_t kShownBytes = 24;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Of a number (without its sign) that no double can hold: too small rather than too large?
bool is_below_one(std::string_view number) {
  const size_t mantissa_end = std::min(number.find_first_of("eE"), number.size());
  const std::string_view mantissa = number.substr(0, mantissa_end);
  const auto first = static_cast<int64_t>(std::min(mantissa.find_first_of("123456789"), mantissa.size()));
  const auto point = static_cast<int64_t>(std::min(mantissa.find('.'), mantissa.size()));
  int64_t exponent = 0;
  if (mantissa_end < number.size()) {
    std::string_view digits = number.substr(mantissa_end + 1);
    const bool negative = digits.front() == '-';
    if (negative || digits.front() == '+') digits.remove_prefix(1);
    if (std::from_chars(digits.data(), digits.data() + digits.size(), exponent).ec != std::errc()) return negative;
    if (negative) exponent = -exponent;
  }
  return point - first + exponent < 0;
}

class PlainReader {
 public:
  PlainReader(std::string_view text, const JsonLimits& limits) : text_(text), limits_(limits) {}

  Result<JsonValue> read() {
    if (const size_t valid = first_ill_formed(); valid < text_.size()) return error(valid, "the text is no UTF-8");
    skip_blanks();
    if (at_ == text_.size()) return error(at_, "expected a value, found nothing");
    JsonValue value = TRY(read_value(0));
    skip_blanks();
    if (at_ < text_.size()) return unexpected("the end of the text");
    return value;
  }

 private:
  Result<JsonValue> read_value(size_t depth) {
    if (at_ == text_.size()) return unexpected("a value");
    switch (text_[at_]) {
      case '{':
      case '[':
        if (depth >= limits_.max_depth) {
          return fail(resource_exhausted(place(at_) + ": more than " + std::to_string(limits_.max_depth) +
                                         " arrays and objects inside one another"));
        }
        return text_[at_] == '{' ? read_object(depth) : read_array(depth);
      case '"': return JsonValue(TRY(read_string()));
      case 't': return read_word("true", JsonValue(true));
      case 'f': return read_word("false", JsonValue(false));
      case 'n': return read_word("null", JsonValue());
      default: break;
    }
    if (text_[at_] == '-' || is_digit(text_[at_])) return read_number();
    return unexpected("a value");
  }

  Result<JsonValue> read_array(size_t depth) {
    JsonValue::Array items;
    ++at_;
    skip_blanks();
    if (take(']')) return JsonValue(std::move(items));
    while (true) {
      skip_blanks();
      items.push_back(TRY(read_value(depth + 1)));
      skip_blanks();
      if (take(']')) return JsonValue(std::move(items));
      if (!take(',')) return unexpected("',' or ']'");
    }
  }

  Result<JsonValue> read_object(size_t depth) {
    JsonValue::Object members;
    std::vector<size_t> places;
    ++at_;
    skip_blanks();
    if (take('}')) return JsonValue(std::move(members));
    while (true) {
      skip_blanks();
      if (at_ == text_.size() || text_[at_] != '"') return unexpected("a key in double quotes");
      places.push_back(at_);
      std::string key = TRY(read_string());
      skip_blanks();
      if (!take(':')) return unexpected("':' after the key");
      skip_blanks();
      JsonValue value = TRY(read_value(depth + 1));
      members.push_back({std::move(key), std::move(value)});
      skip_blanks();
      if (take('}')) break;
      if (!take(',')) return unexpected("',' or '}'");
    }
    if (const auto twice = find_duplicate(members)) {
      return error(places[twice->second], "the key " + shown_string(members[twice->second].key) +
                                              " stands twice in one object, first at " + place(places[twice->first]));
    }
    return JsonValue(std::move(members));
  }

  Result<JsonValue> read_word(std::string_view word, JsonValue value) {
    size_t end = at_;
    while (end < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[end])) != 0 || text_[end] == '_'))
      ++end;
    if (text_.substr(at_, end - at_) != word) return unexpected("a value");
    at_ = end;
    return value;
  }

  Result<JsonValue> read_number() {
    const size_t start = at_;
    const auto digits = [&] {
      const size_t first = at_;
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
      return at_ - first;
    };
    bool whole = true;
    take('-');
    const bool leading_zero = at_ < text_.size() && text_[at_] == '0';
    if (const size_t count = digits(); count == 0)
      return unexpected("a digit");
    else if (leading_zero && count > 1)
      return error(start, "a number with a leading zero");
    if (take('.')) {
      whole = false;
      if (digits() == 0) return unexpected("a digit");
    }
    if (take('e') || take('E')) {
      whole = false;
      if (!take('+')) take('-');
      if (digits() == 0) return unexpected("a digit");
    }
    return convert_number(start, whole);
  }

  Result<JsonValue> convert_number(size_t start, bool whole) {
    const char* first = text_.data() + start;
    const char* last = text_.data() + at_;
    if (whole) {
      int64_t number = 0;
      if (std::from_chars(first, last, number).ec == std::errc()) return JsonValue(number);
      uint64_t large = 0;
      if (*first != '-' && std::from_chars(first, last, large).ec == std::errc()) return JsonValue(large);
    }
    double number = 0;
    const auto result = std::from_chars(first, last, number);
    const bool out_of_range = result.ec == std::errc::result_out_of_range || std::isinf(number);
    if (!out_of_range) return JsonValue(number);
    if (is_below_one(text_.substr(start + (*first == '-'), at_ - start - (*first == '-')))) {
      return JsonValue(*first == '-' ? -0.0 : 0.0);
    }
    return error(start, "a number beyond the range of a double");
  }

  /// `at_` is at the opening quote.
  Result<std::string> read_string() {
    const size_t start = at_++;
    std::string out;
    while (true) {
      if (at_ == text_.size()) return error(start, "the string that starts here has no closing quote");
      const char c = text_[at_];
      if (c == '"') break;
      if (static_cast<uint8_t>(c) < ' ') {
        // A line break in a string is nearly always a forgotten quote.
        return error(at_, c == '\n' || c == '\r' ? "the string has no closing quote on its line"
                                                 : "a control character in a string must be written as \\u00XX");
      }
      if (c == '\\') {
        TRY(read_escape(out));
      } else {
        out += c;
        ++at_;
      }
    }
    ++at_;
    return out;
  }

  Result<> read_escape(std::string& out) {
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    switch (c) {
      case '"':
      case '\\':
      case '/': out += c; break;
      case 'b': out += '\b'; break;
      case 'f': out += '\f'; break;
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 't': out += '\t'; break;
      case 'u': return read_unicode_escape(out);
      default: return error(at_, "an unknown escape; JSON has \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
    }
    at_ += 2;
    return {};
  }

  Result<> read_unicode_escape(std::string& out) {
    const auto high = hex_at(at_);
    if (!high) return error(at_, "\\u must be followed by four hex digits");
    at_ += 6;
    if (*high < 0xD800 || *high > 0xDFFF) {
      append_code_point(out, *high);
      return {};
    }
    const auto low = *high < 0xDC00 ? hex_at(at_) : std::nullopt;
    if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
      append_code_point(out, 0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00));
      at_ += 6;
    } else {
      append_code_point(out, 0xFFFD);
    }
    return {};
  }

  std::optional<uint32_t> hex_at(size_t at) const {
    if (at + 6 > text_.size() || text_[at] != '\\' || text_[at + 1] != 'u') return std::nullopt;
    uint32_t code = 0;
    const auto [end, ec] = std::from_chars(text_.data() + at + 2, text_.data() + at + 6, code, 16);
    if (ec != std::errc() || end != text_.data() + at + 6) return std::nullopt;
    return code;
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  /// Index of the first ill-formed byte; the size of the text when there is none.
  size_t first_ill_formed() const {
    const char* const end = text_.data() + text_.size();
    const char* at = is_valid_utf8(text_) ? end : text_.data();
    while (at != end) {
      const int bytes = static_cast<uint8_t>(*at) < 0x80 ? 1 : utf8_length(at, end);
      if (bytes < 0) break;
      at += bytes;
    }
    return static_cast<size_t>(at - text_.data());
  }

  /// "line 3, column 7".
  std::string place(size_t at) const {
    const std::string_view before = text_.substr(0, at);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::string_view row = before.substr(before.rfind('\n') + 1);
    const auto column = 1 + std::count_if(row.begin(), row.end(), [](char c) { return (c & 0xC0) != 0x80; });
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
  }

  std::unexpected<Error> error(size_t at, const std::string& message) const {
    return fail(invalid_argument(place(at) + ": " + message));
  }

  std::unexpected<Error> unexpected(std::string_view wanted) const {
    return error(at_, "expected " + std::string(wanted) + ", found " + shown());
  }

  static std::string shown_string(std::string_view text) {
    std::string out;
    append_json_string(out, text.substr(0, kShownBytes));
    if (text.size() > kShownBytes) out.insert(out.size() - 1, "...");
    return out;
  }

  /// What stands at `at_`, for a message.
  std::string shown() const {
    if (at_ == text_.size()) return "the end of the text";
    const char c = text_[at_];
    if (c == '"') return "a string";
    if (is_digit(c)) return "a number";
    size_t end = at_;
    while (end < text_.size() && end < at_ + kShownBytes &&
           (std::isalnum(static_cast<unsigned char>(text_[end])) != 0 || text_[end] == '_')) {
      ++end;
    }
    if (end > at_) return shown_string(text_.substr(at_, end - at_));
    if (c > ' ' && c < 0x7F) return std::string("'") + c + "'";
    end = at_ + 1;
    while (end < text_.size() && (text_[end] & 0xC0) == 0x80) ++end;
    return shown_string(text_.substr(at_, end - at_));
  }

  std::string_view text_;
  const JsonLimits& limits_;
  size_t at_ = 0;
};

}  // namespace

Result<JsonValue> parse_json_plain(std::string_view text, const JsonLimits& limits) {
  return PlainReader(text, limits).read();
}

std::optional<std::pair<size_t, size_t>> find_duplicate(std::span<const JsonMember> members) {
  if (members.size() <= kPairwiseMembers) {
    for (size_t second = 1; second < members.size(); ++second) {
      for (size_t first = 0; first < second; ++first) {
        if (members[first].key == members[second].key) return std::pair(first, second);
      }
    }
    return std::nullopt;
  }
  std::vector<size_t> order(members.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const int by_key = members[a].key.compare(members[b].key);
    return by_key != 0 ? by_key < 0 : a < b;
  });
  std::optional<std::pair<size_t, size_t>> found;
  for (size_t i = 1; i < order.size(); ++i) {
    if (members[order[i - 1]].key != members[order[i]].key) continue;
    if (!found || order[i] < found->second) found = std::pair(order[i - 1], order[i]);
  }
  return found;
}

}  // namespace tercet::text
