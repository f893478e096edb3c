// A synchronous HTTP client on libcurl. One instance keeps its connections and is used by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "net/http_types.h"

namespace tercet::net {

struct ClientRequest {
  std::string method = "GET";
  std::string url;  // http or https
  Headers headers;
  std::string body;
};

struct ClientOptions {
  int64_t connect_timeout_ms = 5'000;
  int64_t total_timeout_ms = 30'000;
  uint64_t max_body_bytes = uint64_t{64} << 20;
};

class HttpClient {
 public:
  HttpClient();
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;

  /// Any status is a value; an error means that there was no whole answer. Redirects are not followed. Errors name the
  /// URL without its userinfo and query.
  Result<Response> fetch(const ClientRequest& request, const ClientOptions& options);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tercet::net
