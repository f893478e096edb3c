// One connection: reads a request, hands it to a worker, writes the answer, and again. Lives on the loop thread; the
// answer comes from any thread and is posted back. ServerContext owns it until close(). Private to net.
#pragma once

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <memory>
#include <optional>
#include <string>

#include "net/body_reader.h"
#include "net/endpoint.h"
#include "net/message.h"
#include "net/server_context.h"

namespace tercet::net {

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<ServerContext> context, std::shared_ptr<Endpoint> endpoint,
          boost::asio::ip::tcp::socket socket);
  ~Session();

  void start() { read_request(); }
  /// Waits for a request of which nothing has come.
  bool idle() const { return phase_ == Phase::kIdle; }
  int64_t idle_since_ns() const { return idle_since_ns_; }
  /// Ends it, whatever it does. Idempotent.
  void close();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;
  using Error = boost::system::error_code;
  enum class Phase { kIdle, kHeader, kBody, kHandler, kWriting, kLingering, kClosed };

  /// A completion may already be queued when another one closes the session: each looks here first.
  bool closed() const { return phase_ == Phase::kClosed; }
  void read_request();
  void read_head();
  void on_head(Error error);
  void read_body();
  void on_body(Error error);
  bool body_is_too_slow() const;
  void dispatch();
  void watch_client();
  void on_answer(Response response, bool keep_alive);
  void refuse_malformed(Error error);
  void refuse(std::string_view reason, Response response);
  void write(Response response, bool keep_alive);
  void on_written(Error error, bool keep_alive);
  void linger();
  void discard();
  void expires_after(int64_t ns) { stream_.expires_after(std::chrono::nanoseconds(ns)); }

  const std::shared_ptr<ServerContext> context_;
  const std::shared_ptr<Endpoint> endpoint_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::string remote_;
  Phase phase_ = Phase::kIdle;
  int64_t idle_since_ns_ = 0;
  char chunk_[16 * 1024];

  // Of the present request.
  std::optional<Parser> parser_;
  Request request_;
  std::optional<BodyReader> body_;
  std::shared_ptr<BodyBudget> budget_;
  std::optional<MessageOut> response_;
  CancelToken cancel_;
  std::string_view route_;
  std::string origin_;
  bool head_only_ = false;
  bool http_1_0_ = false;
  bool counted_ = false;  // in ServerContext::requests
  int64_t began_ns_ = 0;
};

}  // namespace tercet::net
