// Between Beast's messages and ours: what is accepted of a request's head, and how an answer is framed. Private to net.
#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "net/http_server.h"

namespace tercet::net {

using MessageHead = boost::beast::http::request_header<boost::beast::http::fields>;
using MessageOut = boost::beast::http::response<boost::beast::http::string_body>;

/// Copies the head into `request` (method, target, headers); the refusal when it is not acceptable. What Beast lets
/// pass and RFC 9112 does not is refused here: a server behind a proxy must not see other message borders than the
/// proxy.
std::optional<Response> take_head(const MessageHead& head, const ServerConfig& config, Request& request);

struct Framing {
  bool head_only = false;  // of a HEAD request: the length without the bytes
  bool keep_alive = false;
  bool http_1_0 = false;  // such a client has to be told that the connection stays
  int64_t wall_ns = 0;
};

/// Header values are cut to one line of 8 KiB: nothing a handler echoes can add a header. 204 and 304 have no body.
void make_message(Response&& response, const Framing& framing, MessageOut& out);

/// "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(int64_t wall_ns);

}  // namespace tercet::net
