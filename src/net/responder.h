// The right to answer one request: once, later, from any thread. Destroyed unused, it answers 500 (a defect, counted).
#pragma once

#include <functional>
#include <memory>

#include "base/cancel.h"
#include "net/http_types.h"

namespace tercet::net {

class Responder {
 public:
  using Deliver = std::move_only_function<void(Response)>;

  Responder(Deliver deliver, CancelToken cancel) : deliver_(std::move(deliver)), cancel_(std::move(cancel)) {}
  Responder(Responder&& other) noexcept : deliver_(std::exchange(other.deliver_, nullptr)), cancel_(other.cancel_) {}
  Responder& operator=(Responder&&) = delete;
  ~Responder();

  void send(Response response);
  /// Cancelled when the client has left.
  const CancelToken& cancel_token() const { return cancel_; }

 private:
  Deliver deliver_;
  CancelToken cancel_;
};

using Handler = std::function<void(Request&&, Responder)>;

}  // namespace tercet::net
