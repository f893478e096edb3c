// Whatever bytes the writer is given, the result is JSON, well-formed UTF-8, and parses to the bytes made lossy.
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "text/json/json_value.h"
#include "text/json/json_writer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace t = tercet::text;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::string lossy;
  tercet::append_utf8_lossy(lossy, bytes);
  for (const auto escape : {t::JsonEscape::kJson, t::JsonEscape::kHtml}) {
    std::string out;
    t::JsonWriter w(out, escape);
    w.begin_object().key(bytes).begin_array().value(bytes).value(static_cast<uint64_t>(size)).end_array().end_object();
    CHECK(w.complete() && tercet::is_valid_utf8(out));
    if (escape == t::JsonEscape::kHtml) CHECK(out.find_first_of("<>&") == std::string::npos);
    const auto value = t::parse_json(out);
    CHECK(value && value->members().size() == 1 && value->members()[0].key == lossy);
    CHECK(value->members()[0].value.items()[0].as_string() == lossy);
    CHECK(value->members()[0].value.items()[1].as_uint64() == size);
  }
  return 0;
}
