// Names of the trace enums in protobuf's JSON; a name's place is its number.
#pragma once

#include <string_view>

namespace tercet::wire::otlp {

inline constexpr std::string_view kSpanKindNames[] = {"SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL",
                                                      "SPAN_KIND_SERVER",      "SPAN_KIND_CLIENT",
                                                      "SPAN_KIND_PRODUCER",    "SPAN_KIND_CONSUMER"};
inline constexpr std::string_view kStatusCodeNames[] = {"STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"};

}  // namespace tercet::wire::otlp
