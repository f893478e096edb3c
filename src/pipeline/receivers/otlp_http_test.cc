#include "pipeline/receivers/otlp_http.h"

#include <gtest/gtest.h>

#include <optional>

namespace tercet::pipeline {
namespace {

// Takes what comes and answers as told.
class FakeSink final : public contract::SpanSink {
 public:
  void consume(const contract::Context&, model::SpanBatch&& batch, contract::Done done) override {
    spans += batch.spans.size();
    if (error) return done(fail(*error));
    if (park) {
      parked = std::move(done);
      return;
    }
    done(contract::Accepted{});
  }
  size_t spans = 0;
  std::optional<Error> error;
  bool park = false;
  contract::Done parked;
};

class OtlpHttpTest : public testing::Test {
 protected:
  OtlpHttpTest() : receiver_({}, sink_, ledger_, registry_) { receiver_.mount(router_); }

  void post(std::string body, std::string_view type, const std::string& method = "POST",
            const std::string& path = "/v1/traces") {
    net::Request request;
    request.method = method;
    request.body = std::move(body);
    request.remote_address = "10.0.0.9";
    if (!type.empty()) request.headers.set("Content-Type", type);
    EXPECT_TRUE(net::parse_target(path, request));
    net::Router::Match match = router_.match(request);
    answered_ = false;
    if (match.handler == nullptr) {
      answered_ = true;
      response_ = match.refusal;
      return;
    }
    (*match.handler)(std::move(request), net::Responder(
                                             [this](net::Response r) {
                                               answered_ = true;
                                               response_ = std::move(r);
                                             },
                                             {}));
  }

  FakeSink sink_;
  MetricRegistry registry_;
  LossLedger ledger_{registry_};
  OtlpHttpReceiver receiver_;
  net::Router router_;
  net::Response response_;
  bool answered_ = false;
};

constexpr char kOneSpan[] =
    R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"x","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]})";
constexpr char kBadId[] =
    R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b","spanId":"eee19b7ec3c1b174"},{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174"}]}]}]})";

TEST_F(OtlpHttpTest, SuccessIsInTheRequestsEncoding) {
  post(kOneSpan, "application/json; charset=utf-8");
  EXPECT_EQ(response_.status, 200);
  EXPECT_EQ(response_.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(response_.body, "{}");
  EXPECT_EQ(sink_.spans, 1u);
  post("", "application/x-protobuf");
  EXPECT_EQ(response_.status, 200);
  EXPECT_EQ(response_.headers.get("Content-Type"), "application/x-protobuf");
  EXPECT_EQ(response_.body, "");
}

TEST_F(OtlpHttpTest, TheAnswerWaitsForTheSink) {
  sink_.park = true;
  post(kOneSpan, "application/json");
  EXPECT_FALSE(answered_);
  sink_.parked(contract::Accepted{});
  EXPECT_TRUE(answered_);
  EXPECT_EQ(response_.status, 200);
}

TEST_F(OtlpHttpTest, RejectedSpansArePartialSuccessAndCounted) {
  post(kBadId, "application/json");
  EXPECT_EQ(response_.status, 200);
  EXPECT_NE(response_.body.find("\"rejectedSpans\":\"1\""), std::string::npos) << response_.body;
  ASSERT_EQ(ledger_.losses().size(), 1u);
  EXPECT_EQ(ledger_.losses()[0].reason, "invalid_id");
  EXPECT_EQ(ledger_.losses()[0].sender, "10.0.0.9");
}

TEST_F(OtlpHttpTest, BadDataIs400AsStatus) {
  post("{", "application/json");
  EXPECT_EQ(response_.status, 400);
  EXPECT_NE(response_.body.find("\"code\":3"), std::string::npos) << response_.body;
  EXPECT_FALSE(response_.headers.has("Retry-After"));
  post("\x0a\x50\x01", "application/x-protobuf");
  EXPECT_EQ(response_.status, 400);
  EXPECT_EQ(ledger_.losses()[0].reason, "undecodable_request");
}

TEST_F(OtlpHttpTest, OverloadIsRetryableAndInternalIsNot) {
  sink_.error = unavailable("full").with_retry_after(std::chrono::seconds(3));
  post(kOneSpan, "application/json");
  EXPECT_EQ(response_.status, 503);
  EXPECT_EQ(response_.headers.get("Retry-After"), "3");
  sink_.error = resource_exhausted("limit").with_retry_after(std::chrono::milliseconds(200));
  post(kOneSpan, "application/json");
  EXPECT_EQ(response_.status, 429);
  EXPECT_EQ(response_.headers.get("Retry-After"), "1");
  sink_.error = internal_error("bug");
  post(kOneSpan, "application/json");
  EXPECT_EQ(response_.status, 500);
  EXPECT_FALSE(response_.headers.has("Retry-After"));
}

TEST_F(OtlpHttpTest, MethodsAndTypes) {
  post("x", "text/plain");
  EXPECT_EQ(response_.status, 415);
  post("x", "");
  EXPECT_EQ(response_.status, 415);
  post("", "", "GET");
  EXPECT_EQ(response_.status, 405);
  post("", "application/json", "POST", "/v1/other");
  EXPECT_EQ(response_.status, 404);
}

}  // namespace
}  // namespace tercet::pipeline
