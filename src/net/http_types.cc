#include "net/http_types.h"

#include <algorithm>

namespace tercet::net {

namespace {

char lower(char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); }

bool equal_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

std::string_view Headers::get(std::string_view name) const {
  for (const auto& [key, value] : entries_) {
    if (equal_name(key, name)) return value;
  }
  return {};
}

bool Headers::has(std::string_view name) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const auto& e) { return equal_name(e.first, name); });
}

void Headers::set(std::string_view name, std::string_view value) {
  std::erase_if(entries_, [&](const auto& e) { return equal_name(e.first, name); });
  entries_.emplace_back(name, value);
}

std::optional<std::string_view> Params::get(std::string_view name) const {
  for (const auto& [key, value] : entries_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

Response text_response(int status, std::string body) {
  Response response;
  response.status = status;
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  response.body = std::move(body);
  return response;
}

Result<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out.push_back(' ');
    } else if (text[i] != '%') {
      out.push_back(text[i]);
    } else {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return fail(invalid_argument("broken percent escape at character " + std::to_string(i)));
      if (high == 0 && low == 0) return fail(invalid_argument("an encoded NUL is not allowed"));
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return out;
}

Result<Params> parse_query(std::string_view query) {
  Params params;
  while (!query.empty()) {
    const size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    std::string name = TRY_CTX(percent_decode(pair.substr(0, equals), true), "query parameter");
    std::string value = equals == std::string_view::npos
                            ? std::string()
                            : TRY_CTX(percent_decode(pair.substr(equals + 1), true), "query parameter");
    params.add(std::move(name), std::move(value));
  }
  return params;
}

Result<> parse_target(std::string_view target, Request& request) {
  if (target.empty() || target.front() != '/') return fail(invalid_argument("the request target must begin with '/'"));
  target = target.substr(0, target.find('#'));
  request.target = target;
  const size_t question = target.find('?');
  request.raw_path = target.substr(0, question);
  request.path = TRY_CTX(percent_decode(request.raw_path), "path");
  if (question != std::string_view::npos) request.query = TRY(parse_query(target.substr(question + 1)));
  return {};
}

}  // namespace tercet::net
