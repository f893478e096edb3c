// One bound port: accepts connections up to the limit. Lives on the loop thread. Private to net.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "net/endpoint.h"
#include "net/server_context.h"

namespace tercet::net {

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  Listener(std::shared_ptr<ServerContext> context, boost::asio::ip::tcp::acceptor acceptor,
           std::shared_ptr<Endpoint> endpoint);

  void start() { accept(); }
  void stop();

 private:
  void accept();
  void accept_later();
  void serve(boost::asio::ip::tcp::socket socket);
  bool make_room();
  void turn_away(boost::asio::ip::tcp::socket socket);
  void complain(std::string_view message, std::string_view why);

  const std::shared_ptr<ServerContext> context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer retry_;
  const std::shared_ptr<Endpoint> endpoint_;
  int64_t complained_ns_ = INT64_MIN;
  bool stopped_ = false;
};

}  // namespace tercet::net
