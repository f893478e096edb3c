// ExportTraceServiceResponse{1: partial_success{1: int64 rejected, 2: string message}}; google.rpc.Status{1: code, 2:
// message, 3: repeated Any{1: type_url, 2: value}}; RetryInfo{1: Duration{1: int64 seconds, 2: int32 nanos}}.
#include "wire/otlp/response.h"

#include <fmt/format.h>

#include "text/json/json_writer.h"
#include "wire/otlp/proto_encoder.h"
#include "wire/otlp/proto_reader.h"

namespace tercet::wire::otlp {

using std::chrono::milliseconds;

namespace {

constexpr std::string_view kRetryInfo = "type.googleapis.com/google.rpc.RetryInfo";

struct Delay {
  uint64_t seconds;
  uint32_t nanos;
};

Delay delay_of(milliseconds delay) {
  const auto ms = static_cast<uint64_t>(delay.count());
  return {ms / 1000, static_cast<uint32_t>(ms % 1000 * 1'000'000)};
}

/// "1.500s", as protobuf's JSON writes a Duration.
std::string duration_text(Delay delay) {
  if (delay.nanos == 0) return fmt::format("{}s", delay.seconds);
  return fmt::format("{}.{:03}s", delay.seconds, delay.nanos / 1'000'000);
}

std::string status_proto(Code code, std::string_view message, milliseconds retry_delay) {
  ProtoWriter out(128 + message.size());
  if (retry_delay.count() > 0) {
    const Delay delay = delay_of(retry_delay);
    write_varint(out, 2, delay.nanos);
    write_varint(out, 1, delay.seconds);
    out.message_field(1, 0);  // RetryInfo.retry_delay
    out.message_field(2, 0);  // Any.value
    write_text(out, 1, kRetryInfo);
    out.message_field(3, 0);
  }
  write_text(out, 2, message);
  write_varint(out, 1, static_cast<uint64_t>(code));
  return std::string(out.bytes());
}

std::string status_json(Code code, std::string_view message, milliseconds retry_delay) {
  std::string text;
  text::JsonWriter out(text);
  out.begin_object();
  out.key("code");
  out.value(static_cast<int>(code));
  out.key("message");
  out.value(message);
  if (retry_delay.count() > 0) {
    out.key("details");
    out.begin_array();
    out.begin_object();
    out.key("@type");
    out.value(kRetryInfo);
    out.key("retryDelay");
    out.value(duration_text(delay_of(retry_delay)));
    out.end_object();
    out.end_array();
  }
  out.end_object();
  return text;
}

/// Walks a message; `on_field` looks at the reader. False when the bytes are malformed.
template <typename F>
bool each_field(std::string_view bytes, const char* message, ProtoFailure& failure, F on_field) {
  ProtoReader in(bytes, message, failure);
  while (in.next()) on_field(in);
  return !failure.failed();
}

milliseconds read_retry_info(std::string_view bytes, ProtoFailure& failure) {
  uint64_t seconds = 0;
  uint32_t nanos = 0;
  each_field(bytes, "RetryInfo", failure, [&](ProtoReader& info) {
    if (info.tag() != length(1)) return;
    each_field(info.bytes(), "Duration", failure, [&](ProtoReader& in) {
      if (in.tag() == varint(1)) seconds = in.scalar();
      if (in.tag() == varint(2)) nanos = in.u32();
    });
  });
  // A peer's hint is no more than a hint: nonsense (negative, beyond a year) is no hint.
  constexpr uint64_t kYear = 365 * 86'400;
  if (seconds > kYear || nanos >= 1'000'000'000) return milliseconds{0};
  return milliseconds{static_cast<int64_t>(seconds * 1000 + nanos / 1'000'000)};
}

}  // namespace

std::string encode_trace_response(Encoding encoding, uint64_t rejected_spans, std::string_view message) {
  const bool partial = rejected_spans != 0 || !message.empty();
  if (encoding == Encoding::kProto) {
    if (!partial) return {};
    ProtoWriter out(64 + message.size());
    write_text(out, 2, message);
    write_varint(out, 1, rejected_spans);
    out.message_field(1, 0);
    return std::string(out.bytes());
  }
  std::string text;
  text::JsonWriter out(text);
  out.begin_object();
  if (partial) {
    out.key("partialSuccess");
    out.begin_object();
    if (rejected_spans != 0) {
      out.key("rejectedSpans");
      out.quoted_int(rejected_spans);
    }
    if (!message.empty()) {
      out.key("errorMessage");
      out.value(message);
    }
    out.end_object();
  }
  out.end_object();
  return text;
}

std::string encode_status(Encoding encoding, Code code, std::string_view message, milliseconds retry_delay) {
  return encoding == Encoding::kProto ? status_proto(code, message, retry_delay)
                                      : status_json(code, message, retry_delay);
}

Result<TraceResponse> decode_trace_response_proto(std::string_view body) {
  TraceResponse response;
  ProtoFailure failure(body);
  each_field(body, "ExportTraceServiceResponse", failure, [&](ProtoReader& top) {
    if (top.tag() != length(1)) return;
    each_field(top.bytes(), "ExportTracePartialSuccess", failure, [&](ProtoReader& in) {
      if (in.tag() == varint(1)) response.rejected_spans = in.scalar();
      if (in.tag() == length(2)) response.message = in.bytes();
    });
  });
  if (failure.failed()) return fail(invalid_argument("malformed OTLP response: " + failure.text()));
  return response;
}

Result<RpcStatus> decode_status_proto(std::string_view body) {
  RpcStatus status;
  ProtoFailure failure(body);
  each_field(body, "Status", failure, [&](ProtoReader& in) {
    if (in.tag() == varint(1)) {
      status.code = in.scalar() <= static_cast<uint64_t>(Code::kUnauthenticated) ? static_cast<Code>(in.scalar())
                                                                                 : Code::kUnknown;
    }
    if (in.tag() == length(2)) status.message = in.bytes();
    if (in.tag() != length(3)) return;
    std::string_view type;
    std::string_view value;
    each_field(in.bytes(), "Any", failure, [&](ProtoReader& any) {
      if (any.tag() == length(1)) type = any.bytes();
      if (any.tag() == length(2)) value = any.bytes();
    });
    if (type.ends_with("/google.rpc.RetryInfo")) status.retry_delay = read_retry_info(value, failure);
  });
  if (failure.failed()) return fail(invalid_argument("malformed google.rpc.Status: " + failure.text()));
  return status;
}

}  // namespace tercet::wire::otlp
