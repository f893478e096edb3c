#include "api/tempo/tempo_api.h"

#include <gtest/gtest.h>

#include "api/tempo/search_params.h"
#include "io/sim_env.h"
#include "store/events/event_store.h"
#include "wire/events/span_block.h"

namespace tercet::api {
namespace {

// The API over the real store, without sockets.
class TempoApiTest : public testing::Test {
 protected:
  void SetUp() override {
    store_ = *store::EventStore::open({}, sim_.env, "events");
    api_ = std::make_unique<TempoApi>(TempoConfig{}, *store_, sim_.clock, "1.2.3");
    api_->mount(router_, "/tempo");
    model::SpanBatch b;
    b.attributes.push_back({"service.name", model::Value::string("router")});
    b.resources.push_back({{0, 1}, 0, {}});
    b.scopes.push_back({});
    for (uint64_t i = 0; i < 3; ++i) {
      model::Span s;
      s.trace_id = {0, 0xabc + i};
      s.span_id = {i + 1};
      s.name = b.keep("op" + std::to_string(i));
      s.start_ns = (100 + i) * static_cast<uint64_t>(kSecond);
      s.end_ns = s.start_ns + (i + 1) * 1'500'000;
      b.spans.push_back(s);
    }
    contract::JournalEntry entry;
    entry.next = 10;
    entry.tenant = "default";
    entry.encoding = wire::kSpanBlockEncoding;
    entry.payload = std::make_shared<const std::string>(wire::encode_spans(b, {}, {}));
    ASSERT_TRUE(store_->apply(entry));
  }
  net::Response get(const std::string& target, std::string_view accept = {}) {
    net::Request request;
    request.method = "GET";
    EXPECT_TRUE(net::parse_target(target, request));
    if (!accept.empty()) request.headers.set("Accept", accept);
    net::Router::Match match = router_.match(request);
    if (match.handler == nullptr) return match.refusal;
    net::Response out;
    (*match.handler)(std::move(request), net::Responder([&](net::Response r) { out = std::move(r); }, {}));
    return out;
  }

  io::SimEnv sim_;
  std::unique_ptr<store::EventStore> store_;
  std::unique_ptr<TempoApi> api_;
  net::Router router_;
};

TEST_F(TempoApiTest, SearchHasExactlyTheFieldsOfTempo) {
  const net::Response all = get("/tempo/api/search?limit=1");
  EXPECT_EQ(all.status, 200);
  EXPECT_EQ(
      all.body,
      R"({"traces":[{"traceID":"abe","rootServiceName":"router","rootTraceName":"op2","startTimeUnixNano":"102000000000","durationMs":4,)"
      R"("serviceStats":{"router":{"spanCount":1}}}],"metrics":{"inspectedTraces":1,"inspectedBytes":")" +
          all.body.substr(all.body.find("inspectedBytes") + 17,
                          all.body.find("\",\"totalBlocks") - all.body.find("inspectedBytes") - 17) +
          R"(","totalBlocks":2,"completedJobs":1,"totalJobs":1}})");
  const net::Response tagged = get("/tempo/api/search?tags=service.name%3Drouter%20name%3Dop1");
  EXPECT_NE(
      tagged.body.find(
          R"("spanSet":{"spans":[{"spanID":"0000000000000002","name":"op1","startTimeUnixNano":"101000000000","durationNanos":"3000000"}],"matched":1})"),
      std::string::npos)
      << tagged.body;
}

TEST_F(TempoApiTest, SearchFiltersAndLimits) {
  EXPECT_NE(get("/tempo/api/search?start=100&end=100").body.find("op0"), std::string::npos);
  EXPECT_EQ(get("/tempo/api/search?start=100&end=100").body.find("op1"), std::string::npos);
  EXPECT_EQ(get("/tempo/api/search?minDuration=4ms").body.find("op1"), std::string::npos);
  EXPECT_NE(get("/tempo/api/search?q=%7B%7D").body.find("op1"), std::string::npos);
}

TEST_F(TempoApiTest, BadParametersAreNamed) {
  for (const char* query :
       {"limit=0", "limit=x", "limit=99999", "start=-1", "minDuration=fast", "start=5&end=4", "tags=a%3D%22",
        "minDuration=2s&maxDuration=1s", "q=%7B%20.a%3D1%20%7D", "q=%7B%7D&tags=a%3Db"}) {
    const net::Response response = get(std::string("/tempo/api/search?") + query);
    EXPECT_EQ(response.status, 400) << query << response.body;
    EXPECT_EQ(response.headers.get("Content-Type"), "text/plain; charset=utf-8");
  }
  EXPECT_NE(get("/tempo/api/search?limit=x").body.find("limit"), std::string::npos);
  EXPECT_EQ(get("/tempo/api/v2/search/tags?scope=everything").status, 400);
  EXPECT_EQ(get("/tempo/api/v2/search/tags?scope=event").status, 200);
}

TEST_F(TempoApiTest, TracesInEveryForm) {
  const net::Response v1 = get("/tempo/api/traces/abc");
  EXPECT_TRUE(v1.body.starts_with("{\"batches\":[")) << v1.body;
  EXPECT_NE(v1.body.find("\"traceId\":\"AAAAAAAAAAAAAAAAAAAKvA==\""), std::string::npos) << v1.body;
  const net::Response v2 = get("/tempo/api/v2/traces/00000000000000000000000000000abc");
  EXPECT_TRUE(v2.body.starts_with("{\"trace\":{\"resourceSpans\":[")) << v2.body;
  const net::Response proto = get("/tempo/api/v2/traces/abc", "application/protobuf");
  EXPECT_EQ(proto.headers.get("Content-Type"), "application/protobuf");
  EXPECT_EQ(proto.body[0], '\x0a');
  EXPECT_EQ(get("/tempo/api/traces/fff").status, 404);
  EXPECT_EQ(get("/tempo/api/traces/fff").body, "");
  EXPECT_EQ(get("/tempo/api/v2/traces/xyz").status, 400);
}

TEST_F(TempoApiTest, TagsAndValues) {
  EXPECT_EQ(get("/tempo/api/search/tags").body, R"({"tagNames":["kind","name","service.name","status"]})");
  EXPECT_EQ(get("/tempo/api/search/tag/service.name/values").body, R"({"tagValues":["router"]})");
  EXPECT_EQ(get("/tempo/api/search/tag/name/values").body, R"({"tagValues":["op0","op1","op2"]})");
  EXPECT_EQ(get("/tempo/api/v2/search/tag/resource.service%252Ename/values").body,
            R"({"tagValues":[{"type":"string","value":"router"}]})");
  EXPECT_EQ(
      get("/tempo/api/v2/search/tag/status/values").body,
      R"({"tagValues":[{"type":"keyword","value":"error"},{"type":"keyword","value":"ok"},{"type":"keyword","value":"unset"}]})");
  EXPECT_EQ(get("/tempo/api/v2/search/tags?scope=resource").body,
            R"({"scopes":[{"name":"resource","tags":["service.name"]}]})");
}

TEST_F(TempoApiTest, SmallThings) {
  EXPECT_EQ(get("/tempo/api/echo").body, "echo");
  EXPECT_EQ(get("/tempo/ready").status, 200);
  EXPECT_NE(get("/tempo/api/status/buildinfo").body.find("\"version\":\"1.2.3\""), std::string::npos);
  EXPECT_EQ(get("/tempo/api/unknown").status, 404);
}

}  // namespace
}  // namespace tercet::api
