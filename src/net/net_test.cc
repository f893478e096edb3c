#include "net/http_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "codec/compress.h"
#include "net/http_client.h"
#include "net/net_rig.h"
#include "net/status.h"

namespace tercet::net {
namespace {

class NetTest : public testing::Test, public NetRig {
 protected:
  void TearDown() override { stop(); }
};

TEST_F(NetTest, AnswersAndKeepsTheConnection) {
  start();
  Connection c(address_);
  for (int i = 0; i < 3; ++i) {
    c.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(has(c.read_until("hello\n"), "200 OK"));
  }
  c.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(has(c.read_all(), "hello\n"));
}

TEST_F(NetTest, PipelinedRequestsAreAnsweredInOrder) {
  start();
  Connection c(address_);
  c.send(
      "GET /item/1/part HTTP/1.1\r\nHost: x\r\n\r\nGET /item/2/part HTTP/1.1\r\nHost: x\r\n\r\nGET /item/3/part "
      "HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string all = c.read_all();
  EXPECT_LT(all.find("1|none"), all.find("2|none"));
  EXPECT_LT(all.find("2|none"), all.find("3|none"));
  EXPECT_TRUE(has(all, "3|none"));
}

TEST_F(NetTest, RoutesDecodeAndRefuse) {
  start();
  EXPECT_TRUE(has(ask("GET /item/a%2Fb%20c/part?x=1%262 HTTP/1.0\r\n\r\n"), "a/b c|1&2"));
  EXPECT_TRUE(has(ask("GET /nowhere HTTP/1.0\r\n\r\n"), "404"));
  const std::string refused_method = ask("DELETE /hello HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(has(refused_method, "405"));
  EXPECT_TRUE(has(refused_method, "Allow: GET"));
  const std::string head = ask("HEAD /hello HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(has(head, "Content-Length: 6"));
  EXPECT_FALSE(has(head, "hello\n"));
  EXPECT_TRUE(has(ask("GET /hello%zz HTTP/1.0\r\n\r\n"), "400"));
  EXPECT_TRUE(has(ask("GET /hello%00 HTTP/1.0\r\n\r\n"), "400"));
  EXPECT_TRUE(has(ask("GET /dropped HTTP/1.0\r\n\r\n"), "500"));
}

TEST_F(NetTest, BodiesPlainChunkedAndCompressed) {
  start();
  EXPECT_TRUE(
      has(ask("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nplain"), "plain"));
  EXPECT_TRUE(has(ask("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: "
                      "chunked\r\n\r\n3\r\nchu\r\n4\r\nnked\r\n0\r\n\r\n"),
                  "chunked"));
  for (const auto& [name, kind] :
       {std::pair{"gzip", codec::Codec::kGzip}, {"zstd", codec::Codec::kZstd}, {"deflate", codec::Codec::kDeflate}}) {
    std::string packed;
    ASSERT_TRUE(codec::compress(kind, 1, "compressed body", packed));
    EXPECT_TRUE(
        has(ask("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Encoding: " + std::string(name) +
                "\r\nContent-Length: " + std::to_string(packed.size()) + "\r\n\r\n" + packed),
            "compressed body"))
        << name;
  }
  EXPECT_TRUE(has(ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx"), "415"));
  EXPECT_TRUE(has(ask("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Encoding: "
                      "gzip\r\nContent-Length: 3\r\n\r\nxyz"),
                  "400"));
  EXPECT_TRUE(has(
      ask("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"),
      "100 Continue"));
}

TEST_F(NetTest, LargeAnswersAreCompressedWhenAsked) {
  start();
  const std::string packed =
      ask("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Encoding: gzip\r\n\r\n");
  EXPECT_TRUE(has(packed, "Content-Encoding: gzip"));
  EXPECT_TRUE(has(packed, "Vary: Accept-Encoding"));
  EXPECT_LT(packed.size(), 10'000u);
  for (const char* accepts : {"gzip;q=0", "br, gzip ; q=0.000", "gzip;q=0.0, identity", "bzip"}) {
    EXPECT_GT(ask("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Encoding: " + std::string(accepts) +
                  "\r\n\r\n")
                  .size(),
              200'000u)
        << accepts;
  }
  EXPECT_LT(
      ask("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Encoding: br,\tgzip;q=0.5\r\n\r\n").size(),
      10'000u);
}

TEST_F(NetTest, AnAnswerMayComeLaterFromAnotherThread) {
  start();
  Connection c(address_);
  c.send("GET /parked HTTP/1.0\r\n\r\n");
  wait_parked(1);
  std::thread([this] { parked_[0]->send(text_response(202, "later\n")); }).join();
  EXPECT_TRUE(has(c.read_all(), "later"));
}

TEST_F(NetTest, AClientThatLeavesCancelsItsRequest) {
  start();
  auto c = std::make_unique<Connection>(address_);
  c->send("GET /parked HTTP/1.1\r\nHost: x\r\n\r\n");
  wait_parked(1);
  const CancelToken token = parked_[0]->cancel_token();
  EXPECT_FALSE(token.cancelled());
  c.reset();
  EXPECT_TRUE(comes([&] { return token.cancelled(); }));
}

TEST_F(NetTest, DrainWaitsForRequestsAndRefusesNewConnections) {
  start();
  Connection c(address_);
  c.send("GET /parked HTTP/1.1\r\nHost: x\r\n\r\n");
  wait_parked(1);
  Connection idle(address_);
  std::atomic<bool> drained{false};
  std::thread drain([&] {
    server_->drain(10 * kSecond);
    drained = true;
  });
  EXPECT_EQ(idle.read_all(), "") << "idle connections are closed at once";
  EXPECT_FALSE(drained);
  parked_[0]->send(text_response(200, "done\n"));
  const std::string answer = c.read_all();
  EXPECT_TRUE(has(answer, "done"));
  EXPECT_TRUE(has(answer, "Connection: close"));
  drain.join();
  EXPECT_TRUE(drained);
  EXPECT_FALSE(Connection(address_).connected());
}

TEST_F(NetTest, DrainWaitsForABodyOnItsWay) {
  start();
  Connection c(address_);
  c.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello");
  EXPECT_TRUE(comes([&] { return has(metrics_.render(), "tercet_http_inflight_bytes 5"); }));
  std::thread drain([&] { server_->drain(10 * kSecond); });
  EXPECT_TRUE(comes([&] { return !Connection(address_).connected(); }));
  c.send("world");
  EXPECT_TRUE(has(c.read_all(), "helloworld"));
  drain.join();
}

TEST_F(NetTest, AnswersMayComeAfterTheServerHasGone) {
  start();
  Connection c(address_);
  c.send("GET /parked HTTP/1.1\r\nHost: x\r\n\r\n");
  wait_parked(1);
  server_->close();
  server_->close();
  server_.reset();
  EXPECT_TRUE(parked_[0]->cancel_token().cancelled());
  std::thread([this] { parked_[0]->send(text_response(200, "nobody\n")); }).join();
  EXPECT_EQ(c.read_all(), "");
}

TEST_F(NetTest, AServerThatNeverStartedCloses) {
  start();
  const auto other = HttpServer::create({}, clock_, *workers_, metrics_, log_);
  ASSERT_TRUE((*other)->listen("other", "127.0.0.1:0", Router()));
  (*other)->drain(kSecond);
}

TEST_F(NetTest, AFullQueueIsAnswered503) {
  start({}, 0);
  const std::string answer = ask("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(has(answer, "503"));
  EXPECT_EQ(refused("queue_full"), 1u);
}

TEST_F(NetTest, FramingOfAnswersWithoutABody) {
  start();
  Connection c(address_);
  c.send("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string nothing = c.read_until("\r\n\r\n");
  EXPECT_TRUE(has(nothing, "204"));
  EXPECT_FALSE(has(nothing, "Content-Length"));
  c.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(c.read_until("\r\n\r\n").starts_with("HTTP/1.1 200")) << "nothing of the 204's body came";
  c.send("PRI * HTTP/2.0\r\n\r\n");
  EXPECT_TRUE(has(c.read_all(), "HTTP/2 is not spoken")) << "an answer to no HEAD has its body";
}

TEST_F(NetTest, Http10ClientsAreToldThatTheConnectionStays) {
  start();
  Connection c(address_);
  c.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(has(c.read_until("hello\n"), "Connection: keep-alive"));
  c.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(has(c.read_all(), "Connection: close"));
}

TEST_F(NetTest, EveryAnswerIsDatedAndNotSniffed) {
  start();
  for (const char* request : {"GET /hello HTTP/1.0\r\n\r\n", "GET /nowhere HTTP/1.0\r\n\r\n", "nonsense\r\n\r\n"}) {
    const std::string answer = ask(request);
    EXPECT_TRUE(has(answer, "X-Content-Type-Options: nosniff")) << answer;
    EXPECT_TRUE(has(answer, " GMT\r\n")) << answer;
  }
}

TEST_F(NetTest, HeaderValuesStayOnTheirLine) {
  start();
  const std::string answer = ask("GET /inject HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(has(answer, "X-Note: one  Set-Cookie: two\r\n")) << answer.substr(0, 400);
  EXPECT_LT(answer.size(), 9'000u) << "the long value is cut, and no exception";
}

TEST_F(NetTest, Cors) {
  start();
  const std::string preflight =
      ask("OPTIONS /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: "
          "https://app.example\r\nAccess-Control-Request-Method: POST\r\n\r\n");
  EXPECT_TRUE(has(preflight, "204"));
  EXPECT_TRUE(has(preflight, "Access-Control-Allow-Origin: https://app.example"));
  // A page may read why it was refused, too.
  EXPECT_TRUE(has(ask("POST /echo HTTP/1.1\r\nHost: x\r\nOrigin: https://app.example\r\nContent-Encoding: "
                      "br\r\nContent-Length: 1\r\n\r\nx"),
                  "Access-Control-Allow-Origin"));
  EXPECT_FALSE(has(ask("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: https://evil.example\r\n\r\n"),
                   "Access-Control-Allow-Origin"));
}

TEST_F(NetTest, ATakenPortIsNamed) {
  start();
  const auto again = server_->listen("again", address_, Router());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), Code::kAlreadyExists);
  EXPECT_TRUE(has(again.error().message(), address_));
  EXPECT_FALSE(server_->listen("bad", "nonsense", Router()));
  EXPECT_FALSE(server_->listen("bad", "127.0.0.1:99999", Router()));
}

TEST_F(NetTest, ClientFetchesCapsAndNamesErrors) {
  start();
  HttpClient client;
  ClientRequest request;
  request.url = "http://" + address_ + "/hello";
  auto answer = client.fetch(request, {});
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(answer->body, "hello\n");
  request.method = "POST";
  request.url = "http://" + address_ + "/echo";
  request.body = std::string(100'000, 'b');
  EXPECT_EQ(client.fetch(request, {})->body.size(), 100'000u);
  ClientOptions small;
  small.max_body_bytes = 1000;
  EXPECT_EQ(client.fetch(request, small).error().code(), Code::kResourceExhausted);
  ClientRequest secret;
  secret.url = "http://user:password@127.0.0.1:1/path?token=abc";
  const auto refused_connection = client.fetch(secret, {});
  ASSERT_FALSE(refused_connection);
  EXPECT_FALSE(has(refused_connection.error().message(), "password"));
  EXPECT_FALSE(has(refused_connection.error().message(), "abc"));
  ClientRequest file;
  file.url = "file:///etc/passwd";
  EXPECT_FALSE(client.fetch(file, {}));
}

TEST(Status, CodesMapOnce) {
  EXPECT_EQ(http_status(Code::kUnavailable), 503);
  EXPECT_EQ(http_status(Code::kResourceExhausted), 429);
  EXPECT_EQ(http_status(Code::kInvalidArgument), 400);
  EXPECT_EQ(retry_after_seconds(unavailable("x").with_retry_after(std::chrono::milliseconds(1500))), "2");
}

TEST(Types, QueryAndHeaders) {
  Headers h;
  h.add("Content-Type", "a");
  EXPECT_EQ(h.get("content-TYPE"), "a");
  h.set("CONTENT-type", "b");
  EXPECT_EQ(h.entries().size(), 1u);
  const auto q = parse_query("a=1&b=x+y&a=2&&c");
  ASSERT_TRUE(q);
  EXPECT_EQ(q->get("b"), "x y");
  EXPECT_EQ(q->get("a"), "1");
  EXPECT_EQ(q->get("c"), "");
  EXPECT_FALSE(q->get("d"));
  EXPECT_FALSE(parse_query("a=%"));
  EXPECT_FALSE(percent_decode("%1"));
}

}  // namespace
}  // namespace tercet::net
