#include "net/responder.h"

#include "base/check.h"

namespace tercet::net {

Responder::~Responder() {
  if (deliver_) deliver_(text_response(500, "the request was dropped by a defect of the server\n"));
}

void Responder::send(Response response) {
  CHECK(deliver_ != nullptr);
  std::exchange(deliver_, nullptr)(std::move(response));
}

}  // namespace tercet::net
