#include "net/message.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace tercet::net {

namespace http = boost::beast::http;

namespace {

constexpr size_t kMaxHeaderValue = 8 * 1024;  // Beast itself throws beyond 64 KiB

std::string_view view(boost::beast::string_view s) { return {s.data(), s.size()}; }

std::string one_line(std::string_view value) {
  std::string out(value.substr(0, kMaxHeaderValue));
  for (char& c : out) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) c = ' ';
  }
  return out;
}

std::optional<Response> check_borders(const MessageHead& head) {
  const size_t codings = head.count(http::field::transfer_encoding);
  if (codings > 0 && head.version() < 11) {
    return text_response(400, "Transfer-Encoding is not part of HTTP/1.0\n");
  }
  if (codings > 1 || (codings == 1 && !boost::beast::iequals(head[http::field::transfer_encoding], "chunked"))) {
    return text_response(501, "of the transfer encodings only chunked is known\n");
  }
  const size_t hosts = head.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && head.version() == 11)) {
    return text_response(400, "an HTTP/1.1 request names its Host once\n");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Response> take_head(const MessageHead& head, const ServerConfig& config, Request& request) {
  request.method = view(head.method_string());
  for (const auto& field : head) request.headers.add(view(field.name_string()), view(field.value()));
  if (head.target().size() > config.max_target_bytes) {
    return text_response(414, "the request target is longer than " + std::to_string(config.max_target_bytes) +
                                  " bytes (max_target_bytes)\n");
  }
  if (auto refusal = check_borders(head)) return refusal;
  if (auto parsed = parse_target(view(head.target()), request); !parsed) {
    return text_response(400, std::string(parsed.error().message()) + "\n");
  }
  return std::nullopt;
}

void make_message(Response&& response, const Framing& framing, MessageOut& out) {
  const bool bodyless = response.status == 204 || response.status == 304;
  out.version(11);
  out.result(static_cast<unsigned>(response.status));
  out.set(http::field::date, http_date(framing.wall_ns));
  for (const auto& [name, value] : response.headers.entries()) out.insert(name, one_line(value));
  // No answer is to be taken for something that its type does not say.
  out.set("X-Content-Type-Options", "nosniff");
  out.keep_alive(framing.keep_alive);
  if (framing.http_1_0 && framing.keep_alive) out.set(http::field::connection, "keep-alive");
  if (bodyless) return;
  out.content_length(response.body.size());
  if (!framing.head_only) out.body() = std::move(response.body);
}

std::string http_date(int64_t wall_ns) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = wall_ns / kSecond;
  std::tm t{};
  ::gmtime_r(&seconds, &t);
  char text[64];
  const int n =
      std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[static_cast<size_t>(t.tm_wday)],
                    t.tm_mday, kMonths[static_cast<size_t>(t.tm_mon)], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
  return std::string(text, static_cast<size_t>(n));
}

}  // namespace tercet::net
