// The two encodings of OTLP. A response, errors included, has the encoding of its request.
#pragma once

#include <cstdint>

namespace tercet::wire::otlp {

enum class Encoding : uint8_t { kProto, kJson };

}  // namespace tercet::wire::otlp
