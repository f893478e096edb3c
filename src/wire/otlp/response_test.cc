#include <gtest/gtest.h>

#include "base/bytes.h"
#include "wire/otlp/response.h"

namespace tercet::wire::otlp {
namespace {

using std::chrono::milliseconds;

TEST(Response, FullSuccessIsEmpty) {
  EXPECT_EQ(encode_trace_response(Encoding::kProto, 0, ""), "");
  EXPECT_EQ(encode_trace_response(Encoding::kJson, 0, ""), "{}");
  const auto response = decode_trace_response_proto("");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->rejected_spans, 0u);
}

TEST(Response, PartialSuccess) {
  const std::string bytes = encode_trace_response(Encoding::kProto, 300, "why");
  EXPECT_EQ(hex_encode(bytes), "0a0808ac021203776879");
  const auto response = decode_trace_response_proto(bytes);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->rejected_spans, 300u);
  EXPECT_EQ(response->message, "why");
  EXPECT_EQ(encode_trace_response(Encoding::kJson, 300, "w\"y"),
            R"({"partialSuccess":{"rejectedSpans":"300","errorMessage":"w\"y"}})");
  // A message with nothing rejected is a warning.
  EXPECT_EQ(encode_trace_response(Encoding::kJson, 0, "w"), R"({"partialSuccess":{"errorMessage":"w"}})");
  EXPECT_EQ(decode_trace_response_proto(encode_trace_response(Encoding::kProto, 0, "w"))->message, "w");
  EXPECT_FALSE(decode_trace_response_proto("\x0A\x05"));
}

TEST(Response, Status) {
  EXPECT_EQ(hex_encode(encode_status(Encoding::kProto, Code::kInvalidArgument, "bad")), "08031203626164");
  EXPECT_EQ(encode_status(Encoding::kJson, Code::kInvalidArgument, "bad"), R"({"code":3,"message":"bad"})");
  EXPECT_EQ(
      encode_status(Encoding::kJson, Code::kUnavailable, "later", milliseconds{1'500}),
      R"({"code":14,"message":"later","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.500s"}]})");
  EXPECT_EQ(
      encode_status(Encoding::kJson, unavailable("x").with_retry_after(milliseconds{2'000})),
      R"({"code":14,"message":"x","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"2s"}]})");
}

TEST(Response, StatusWithRetryInfo) {
  const std::string bytes = encode_status(Encoding::kProto, Code::kUnavailable, "later", milliseconds{1'500});
  EXPECT_EQ(hex_encode(bytes),
            "080e12056c61746572"
            "1a36"
            "0a28" +
                hex_encode("type.googleapis.com/google.rpc.RetryInfo") +
                "120a"
                "0a08"
                "0801"
                "1080cab5ee01");
  const auto status = decode_status_proto(bytes);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, Code::kUnavailable);
  EXPECT_EQ(status->message, "later");
  EXPECT_EQ(status->retry_delay, milliseconds{1'500});
}

TEST(Response, StatusOfAnyServer) {
  EXPECT_EQ(decode_status_proto("")->code, Code::kOk);
  EXPECT_EQ(decode_status_proto("\x08\x63")->code, Code::kUnknown);
  // A negative delay is no hint.
  const std::string duration = hex_decode("0a0b08ffffffffffffffffff01").value();
  const std::string any = "\x0A\x28type.googleapis.com/google.rpc.RetryInfo\x12\x0D" + duration;
  const auto status = decode_status_proto("\x1A" + std::string(1, static_cast<char>(any.size())) + any);
  ASSERT_TRUE(status) << status.error().message();
  EXPECT_EQ(status->retry_delay, milliseconds{0});
  EXPECT_FALSE(decode_status_proto("\x1A\x05"));
}

}  // namespace
}  // namespace tercet::wire::otlp
