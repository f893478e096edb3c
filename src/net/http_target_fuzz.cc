// Targets and query strings from outside: no crash, and what decodes decodes to something without NUL.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "net/http_types.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  tercet::net::Request request;
  if (tercet::net::parse_target(text, request) && text.find('\0') == std::string_view::npos)
    CHECK(request.path.find('\0') == std::string::npos);
  (void)tercet::net::percent_decode(text);
  return 0;
}
