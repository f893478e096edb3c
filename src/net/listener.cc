#include "net/listener.h"

#include <boost/asio.hpp>

#include "net/session.h"

namespace tercet::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nX-Content-Type-Options: nosniff\r\nRetry-After: "
    "1\r\nContent-Length: 43\r\nConnection: close\r\n\r\ntoo many connections (max_connections hit)\n";
constexpr int64_t kComplainEvery = 10 * kSecond;

}  // namespace

Listener::Listener(std::shared_ptr<ServerContext> context, tcp::acceptor acceptor, std::shared_ptr<Endpoint> endpoint)
    : context_(std::move(context)),
      acceptor_(std::move(acceptor)),
      retry_(acceptor_.get_executor()),
      endpoint_(std::move(endpoint)) {}

void Listener::accept() {
  acceptor_.async_accept([self = shared_from_this()](boost::system::error_code error, tcp::socket socket) {
    if (self->stopped_) return;
    if (error) {
      // Out of descriptors: the connection stays in the backlog; trying at once would spin.
      self->endpoint_->refused("accept_error");
      self->complain("connections cannot be accepted; trying again", error.message());
      return self->accept_later();
    }
    self->serve(std::move(socket));
    self->accept();
  });
}

void Listener::accept_later() {
  retry_.expires_after(std::chrono::milliseconds(100));
  retry_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (!error && !self->stopped_) self->accept();
  });
}

void Listener::serve(tcp::socket socket) {
  if (context_->connections >= context_->config.max_connections && !make_room()) return turn_away(std::move(socket));
  auto session = std::make_shared<Session>(context_, endpoint_, std::move(socket));
  context_->sessions.insert(session);
  session->start();
}

// Many idle connections must not keep a new client out: the one that has been idle longest goes.
bool Listener::make_room() {
  std::shared_ptr<Session> oldest;
  for (const auto& session : context_->sessions) {
    if (session->idle() && (!oldest || session->idle_since_ns() < oldest->idle_since_ns())) oldest = session;
  }
  if (!oldest) return false;
  endpoint_->refused("idle_evicted");
  oldest->close();
  return true;
}

void Listener::turn_away(tcp::socket socket) {
  endpoint_->refused("too_many_connections");
  complain("connections are refused", "max_connections " + std::to_string(context_->config.max_connections));
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(kTooMany), ignored);
  socket.shutdown(tcp::socket::shutdown_send, ignored);
  // What is there already is read: closing over unread bytes is a reset, which can overtake the answer.
  char unread[16 * 1024];
  socket.read_some(asio::buffer(unread), ignored);
}

void Listener::complain(std::string_view message, std::string_view why) {
  const int64_t now = context_->clock.mono_ns();
  if (complained_ns_ != INT64_MIN && now - complained_ns_ < kComplainEvery) return;
  complained_ns_ = now;
  context_->log.warn(message, {{"listener", endpoint_->name()},
                               {"reason", why},
                               {"connections", static_cast<uint64_t>(context_->connections.load())}});
}

void Listener::stop() {
  stopped_ = true;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  retry_.cancel();
}

}  // namespace tercet::net
