// Garbage never crashes the logfmt reader, and what it accepts is read again as the same pairs once written with
// quotes.
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "text/gofmt/logfmt.h"

namespace {

// Every value in quotes, with an escape for each byte that needs one.
std::string written(const auto& pairs) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const auto& [key, value] : pairs) {
    out += key + "=\"";
    for (const char c : value) {
      const auto byte = static_cast<uint8_t>(c);
      if (byte < ' ') {
        out += {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]};
      } else {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
      }
    }
    out += "\" ";
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto pairs = tercet::text::parse_logfmt(text);
  if (!pairs) {
    CHECK(pairs.error().message().starts_with("logfmt syntax error at pos "));
    return 0;
  }
  for (const auto& [key, value] : *pairs) {
    CHECK(!key.empty());
    // Ill-formed bytes are kept where no escape stands beside them and replaced where one does.
    if (!tercet::is_valid_utf8(value)) return 0;
  }
  CHECK(tercet::text::parse_logfmt(written(*pairs)) == *pairs);
  return 0;
}
