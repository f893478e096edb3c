// HTTP messages as handlers see them: plain values, bodies already inflated, nothing of the library underneath.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tercet::net {

/// Ordered; names compare without case.
class Headers {
 public:
  /// The first value, empty when there is none.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const;
  /// Replaces all of the name.
  void set(std::string_view name, std::string_view value);
  void add(std::string_view name, std::string_view value) { entries_.emplace_back(name, value); }
  const std::vector<std::pair<std::string, std::string>>& entries() const { return entries_; }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

/// Decoded parameters of a query string or of a route, in order; a name may repeat.
class Params {
 public:
  /// The first value.
  std::optional<std::string_view> get(std::string_view name) const;
  void add(std::string name, std::string value) { entries_.emplace_back(std::move(name), std::move(value)); }
  const std::vector<std::pair<std::string, std::string>>& entries() const { return entries_; }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

struct Request {
  std::string method;
  std::string target;    // as sent
  std::string raw_path;  // still encoded
  std::string path;      // decoded
  Params query;
  Params params;  // of the route's {names}
  Headers headers;
  std::string body;  // inflated
  std::string remote_address;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  /// Static bytes that are gzip already and take the body's place; inflated for clients that do not take gzip.
  std::string_view static_gzip;

  void set_gzip_body(std::string_view bytes) { static_gzip = bytes; }
};

/// text/plain; charset=utf-8.
Response text_response(int status, std::string body);

/// %XX and, where `plus_is_space`, "+". kInvalidArgument for a broken escape or an encoded NUL.
Result<std::string> percent_decode(std::string_view text, bool plus_is_space = false);
/// "a=1&b=2"; the error names what is broken.
Result<Params> parse_query(std::string_view query);
/// Splits a target into path and query and decodes both into the request.
Result<> parse_target(std::string_view target, Request& request);

}  // namespace tercet::net
