#include "net/session.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio.hpp>

#include "net/response_encoding.h"

namespace tercet::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr int64_t kSlowAfter = 10 * kSecond;  // a body may start slowly

// What a worker gets; it keeps alive what the handler needs, not the session.
struct Job {
  std::shared_ptr<Endpoint> endpoint;
  const Handler* handler;
  Request request;
  BodyReader body;
  Responder responder;
};

void run(Job& job) {
  auto body = job.body.decode();
  if (!body) {
    BodyRefusal refusal = refuse_body(body.error());
    job.endpoint->refused(refusal.reason);
    return job.responder.send(std::move(refusal.response));
  }
  job.request.body = std::move(*body);
  (*job.handler)(std::move(job.request), std::move(job.responder));
}

bool is_http_error(const boost::system::error_code& error) {
  return error.category() == http::make_error_code(http::error::bad_method).category();
}

}  // namespace

Session::Session(std::shared_ptr<ServerContext> context, std::shared_ptr<Endpoint> endpoint,
                 asio::ip::tcp::socket socket)
    : context_(std::move(context)),
      endpoint_(std::move(endpoint)),
      stream_(std::move(socket)),
      // A chunk's extensions and the trailers have no limit in Beast but the buffer's.
      buffer_(size_t{context_->config.max_header_bytes} + sizeof chunk_) {
  ++context_->connections;
  Error ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  const auto peer = stream_.socket().remote_endpoint(ignored);
  if (!ignored) remote_ = peer.address().to_string();
}

Session::~Session() = default;

void Session::close() {
  if (closed()) return;
  phase_ = Phase::kClosed;
  cancel_.cancel();
  Error ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  stream_.close();
  budget_.reset();
  body_.reset();
  if (std::exchange(counted_, false)) context_->request_ended();
  --context_->connections;
  context_->sessions.erase(shared_from_this());
}

void Session::read_request() {
  parser_.emplace();
  parser_->header_limit(context_->config.max_header_bytes);
  parser_->body_limit(context_->config.max_wire_body_bytes);
  request_ = {};
  body_.reset();
  budget_.reset();
  response_.reset();
  route_ = "refused";
  origin_.clear();
  head_only_ = false;
  http_1_0_ = false;
  if (buffer_.size() > 0) return read_head();
  // An idle connection may wait long; once a request began, its head must follow soon.
  phase_ = Phase::kIdle;
  idle_since_ns_ = context_->clock.mono_ns();
  expires_after(context_->config.idle_timeout_ns);
  stream_.async_read_some(buffer_.prepare(4096), [self = shared_from_this()](Error error, size_t n) {
    if (error || self->closed()) return self->close();
    self->buffer_.commit(n);
    self->read_head();
  });
}

void Session::read_head() {
  phase_ = Phase::kHeader;
  began_ns_ = context_->clock.mono_ns();
  if (buffer_.size() >= 3 && std::string_view(static_cast<const char*>(buffer_.data().data()), 3) == "PRI") {
    return refuse("http2", text_response(505, "HTTP/2 is not spoken on this port yet\n"));
  }
  // A deadline, not a time between bytes: a client that trickles does not move it.
  expires_after(context_->config.header_timeout_ns);
  http::async_read_header(stream_, buffer_, *parser_,
                          [self = shared_from_this()](Error error, size_t) { self->on_head(error); });
}

void Session::on_head(Error error) {
  if (closed()) return;
  const ServerConfig& config = context_->config;
  if (error == beast::error::timeout) {
    endpoint_->refused("header_timeout");
    return close();
  }
  if (error) return refuse_malformed(error);
  const auto& head = parser_->get();
  request_.remote_address = remote_;
  head_only_ = head.method() == http::verb::head;
  http_1_0_ = head.version() < 11;
  if (auto refusal = take_head(head, config, request_)) return refuse("bad_request", std::move(*refusal));
  origin_ = request_.headers.get("Origin");
  budget_ = std::make_shared<BodyBudget>(std::shared_ptr<std::atomic<uint64_t>>(context_, &context_->inflight_bytes),
                                         config.max_inflight_bytes);
  auto body = BodyReader::create(request_.headers.get("Content-Encoding"),
                                 {config.max_body_bytes, config.max_wire_body_bytes, config.body_limit_name}, budget_);
  if (!body) {
    Response response = text_response(415, std::string(body.error().message()) + "\n");
    response.headers.set("Accept-Encoding", "gzip, zstd, deflate, identity");
    return refuse("bad_encoding", std::move(response));
  }
  body_.emplace(std::move(*body));
  counted_ = true;
  context_->request_began();
  if (parser_->is_done() || !beast::iequals(head[http::field::expect], "100-continue")) return read_body();
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  expires_after(config.write_timeout_ns);
  asio::async_write(stream_, asio::buffer(kContinue), [self = shared_from_this()](Error e, size_t) {
    e || self->closed() ? self->close() : self->read_body();
  });
}

void Session::read_body() {
  phase_ = Phase::kBody;
  if (parser_->is_done()) return dispatch();
  auto& into = parser_->get().body();
  into.data = chunk_;
  into.size = sizeof chunk_;
  into.more = true;
  const int64_t left = began_ns_ + context_->config.body_timeout_ns - context_->clock.mono_ns();
  expires_after(std::clamp<int64_t>(left, kMillisecond, kSlowAfter));
  http::async_read_some(stream_, buffer_, *parser_,
                        [self = shared_from_this()](Error error, size_t) { self->on_body(error); });
}

bool Session::body_is_too_slow() const {
  const ServerConfig& config = context_->config;
  const int64_t elapsed = context_->clock.mono_ns() - began_ns_;
  if (elapsed > config.body_timeout_ns) return true;
  return elapsed > kSlowAfter &&
         body_->wire_bytes() < config.min_body_bytes_per_second * static_cast<uint64_t>(elapsed / kSecond);
}

void Session::on_body(Error error) {
  if (closed()) return;
  if (error == http::error::need_buffer) error = {};
  if (error == beast::error::timeout) {
    endpoint_->refused("body_timeout");
    return close();
  }
  if (error) return refuse_malformed(error);
  if (body_is_too_slow()) {
    return refuse("body_timeout", text_response(408,
                                                "the body arrives too slowly (body_timeout, "
                                                "min_body_bytes_per_second)\n"));
  }
  const size_t got = sizeof chunk_ - parser_->get().body().size;
  if (auto fed = body_->feed({chunk_, got}); !fed) {
    BodyRefusal refusal = refuse_body(fed.error());
    return refuse(refusal.reason, std::move(refusal.response));
  }
  read_body();
}

void Session::dispatch() {
  phase_ = Phase::kHandler;
  const bool keep_alive = parser_->get().keep_alive();
  Response preflight;
  if (answer_preflight(endpoint_->cors(), request_, preflight)) {
    route_ = "preflight";
    return on_answer(std::move(preflight), keep_alive);
  }
  Router::Match match = endpoint_->router().match(request_);
  route_ = match.label;
  if (match.handler == nullptr) return on_answer(std::move(match.refusal), keep_alive);
  stream_.expires_never();
  cancel_ = {};
  watch_client();
  // The answer may come from any thread, and after the server has gone: the session is only touched on the loop thread,
  // and the gate knows whether there still is one. The budget goes with the answer.
  Responder responder(
      [context = context_, session = weak_from_this(), budget = std::move(budget_), keep_alive,
       accepts = std::string(request_.headers.get("Accept-Encoding"))](Response response) mutable {
        encode_response(accepts, response);
        budget.reset();
        context->gate.post([session = std::move(session), keep_alive, response = std::move(response)]() mutable {
          if (const auto self = session.lock()) self->on_answer(std::move(response), keep_alive);
        });
      },
      cancel_);
  auto job = std::make_shared<Job>(
      Job{endpoint_, match.handler, std::move(request_), std::move(*body_), std::move(responder)});
  body_.reset();
  if (context_->workers.post([job] { run(*job); })) return;
  endpoint_->refused("queue_full");
  Response response = text_response(503, "too many requests wait for a worker\n");
  response.headers.set("Retry-After", "1");
  job->responder.send(std::move(response));
}

// A client that leaves while its query runs should not be worked for. Only the end of the stream is taken from the
// socket here; bytes of a next, pipelined request stay where they are.
void Session::watch_client() {
  stream_.socket().async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this()](Error error) {
    if (error || self->phase_ != Phase::kHandler) return;
    char byte;
    const ssize_t n = ::recv(self->stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) self->cancel_.cancel();
  });
}

void Session::on_answer(Response response, bool keep_alive) {
  if (phase_ != Phase::kHandler) return;
  write(std::move(response), keep_alive && !context_->draining);
}

// What Beast could not read: a malformed request gets an answer, a broken connection gets none.
void Session::refuse_malformed(Error error) {
  if (!is_http_error(error) || error == http::error::end_of_stream || error == http::error::partial_message) {
    return close();
  }
  const ServerConfig& config = context_->config;
  if (error == http::error::header_limit) {
    return refuse("header_limit",
                  text_response(431, "the request's head is larger than " + std::to_string(config.max_header_bytes) +
                                         " bytes (max_header_bytes)\n"));
  }
  if (error == http::error::body_limit) {
    return refuse("body_limit",
                  text_response(413, "the body is larger than " + std::to_string(config.max_wire_body_bytes) +
                                         " bytes as sent (" + config.body_limit_name + ")\n"));
  }
  if (error == http::error::bad_version) return refuse("bad_request", text_response(505, "HTTP/1.1 is spoken here\n"));
  refuse("bad_request", text_response(400, "this is no well-formed HTTP/1.1 request\n"));
}

void Session::refuse(std::string_view reason, Response response) {
  endpoint_->refused(reason);
  // The rest of the request is not read, so the connection cannot go on.
  write(std::move(response), false);
}

void Session::write(Response response, bool keep_alive) {
  phase_ = Phase::kWriting;
  budget_.reset();
  body_.reset();
  apply_cors(endpoint_->cors(), origin_, response);
  make_message(std::move(response), {head_only_, keep_alive, http_1_0_, context_->clock.wall_ns()},
               response_.emplace());
  expires_after(context_->config.write_timeout_ns);
  http::async_write(stream_, *response_, [self = shared_from_this(), keep_alive](Error error, size_t) {
    self->on_written(error, keep_alive);
  });
}

void Session::on_written(Error error, bool keep_alive) {
  const int status = error ? 499 : static_cast<int>(response_->result_int());
  endpoint_->answered(route_, status, context_->clock.mono_ns() - began_ns_);
  if (std::exchange(counted_, false)) context_->request_ended();
  if (error == beast::error::timeout) endpoint_->refused("write_timeout");
  if (error || closed()) return close();
  keep_alive ? read_request() : linger();
}

// Closing over bytes that the client sent and nobody read is a reset, and a reset can overtake the answer. So our side
// ends, and what still comes is thrown away until the client closes, too.
void Session::linger() {
  phase_ = Phase::kLingering;
  response_.reset();
  parser_.reset();
  Error ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  expires_after(context_->config.linger_timeout_ns);
  discard();
}

void Session::discard() {
  stream_.async_read_some(asio::buffer(chunk_), [self = shared_from_this()](Error error, size_t) {
    error || self->closed() ? self->close() : self->discard();
  });
}

}  // namespace tercet::net
