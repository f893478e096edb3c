// Clients that mean ill, or are broken: slow, too large, too many, ambiguous.
#include <gtest/gtest.h>

#include <thread>

#include "codec/compress.h"
#include "net/net_rig.h"

namespace tercet::net {
namespace {

class AbuseTest : public testing::Test, public NetRig {
 protected:
  void TearDown() override { stop(); }
};

TEST_F(AbuseTest, LimitsHaveTheirStatus) {
  ServerConfig config;
  config.max_body_bytes = 1000;
  config.max_header_bytes = 2000;
  config.max_target_bytes = 100;
  start(config);
  EXPECT_TRUE(
      has(ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n" + std::string(2000, 'x')), "413"));
  EXPECT_TRUE(has(ask("GET /hello HTTP/1.1\r\nHost: x\r\nX: " + std::string(5000, 'x') + "\r\n\r\n"), "431"));
  EXPECT_TRUE(has(ask("GET /" + std::string(500, 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n"), "414"));
  std::string bomb;
  ASSERT_TRUE(codec::compress(codec::Codec::kGzip, 9, std::string(10'000'000, '\0'), bomb));
  const std::string answer =
      ask("POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Encoding: gzip\r\nContent-Length: " +
          std::to_string(bomb.size()) + "\r\n\r\n" + bomb);
  EXPECT_TRUE(has(answer, "413")) << answer;
  EXPECT_EQ(refused("body_limit"), 2u);
}

TEST_F(AbuseTest, SmugglingIsRefused) {
  start();
  EXPECT_TRUE(
      has(ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
          "400"));
  EXPECT_TRUE(
      has(ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"), "400"));
  EXPECT_TRUE(has(ask("GET /hello HTTP/1.1\r\n\r\n"), "400")) << "no Host";
  EXPECT_TRUE(has(ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "505"));
  EXPECT_TRUE(has(ask("nonsense\r\n\r\n"), "400"));
}

TEST_F(AbuseTest, SlowHeadsAreCutWhileOthersAreServed) {
  ServerConfig config;
  config.header_timeout_ns = 200 * kMillisecond;
  start(config);
  Connection slow(address_);
  slow.send("GET /hello HTTP/1.1\r\nHo");
  EXPECT_TRUE(has(ask("GET /hello HTTP/1.0\r\n\r\n"), "hello"));
  EXPECT_EQ(slow.read_all(), "");
  // The socket closes a moment before the refusal is counted.
  while (refused("header_timeout") == 0) std::this_thread::yield();
  EXPECT_EQ(refused("header_timeout"), 1u);
}

TEST_F(AbuseTest, IdleConnectionsAreClosed) {
  ServerConfig config;
  config.idle_timeout_ns = 100 * kMillisecond;
  start(config);
  Connection idle(address_);
  EXPECT_EQ(idle.read_all(), "");
}

TEST_F(AbuseTest, TooManyConnectionsAreToldSo) {
  ServerConfig config;
  config.max_connections = 2;
  start(config);
  Connection a(address_);
  Connection b(address_);
  a.send("GET /parked HTTP/1.1\r\nHost: x\r\n\r\n");
  b.send("GET /parked HTTP/1.1\r\nHost: x\r\n\r\n");
  wait_parked(2);
  Connection third(address_);
  EXPECT_TRUE(has(third.read_all(), "503"));
  EXPECT_EQ(refused("too_many_connections"), 1u);
}

TEST_F(AbuseTest, IdleConnectionsDoNotKeepANewClientOut) {
  ServerConfig config;
  config.max_connections = 2;
  start(config);
  Connection oldest(address_);
  oldest.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  oldest.read_until("hello\n");
  Connection busy(address_);
  busy.send("GET /parked HTTP/1.1\r\nHost: x\r\n\r\n");
  wait_parked(1);
  EXPECT_TRUE(has(ask("GET /hello HTTP/1.0\r\n\r\n"), "hello"));
  EXPECT_EQ(oldest.read_all(), "") << "it went for the new one";
  EXPECT_EQ(refused("idle_evicted"), 1u);
  parked_[0]->send(text_response(200, "still here\n"));
  EXPECT_TRUE(has(busy.read_until("still here"), "200"));
}

TEST_F(AbuseTest, InflightBytesAreBounded) {
  ServerConfig config;
  config.max_inflight_bytes = 1000;
  start(config);
  const std::string answer =
      ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n" + std::string(50'000, 'x'));
  EXPECT_TRUE(has(answer, "503"));
  EXPECT_TRUE(has(answer, "Retry-After: 1"));
}

TEST_F(AbuseTest, BordersThatAProxyMightSeeOtherwiseAreRefused) {
  start();
  const auto post = [](std::string_view version, std::string_view headers) {
    return "POST /echo HTTP/" + std::string(version) + "\r\nHost: x\r\n" + std::string(headers) + "\r\n0\r\n\r\n";
  };
  EXPECT_TRUE(has(ask(post("1.1", "Transfer-Encoding: xchunked\r\n")), "501"));
  EXPECT_TRUE(has(ask(post("1.1", "Transfer-Encoding: identity\r\nContent-Length: 5\r\n")), "501"));
  EXPECT_TRUE(has(ask(post("1.1", "Transfer-Encoding: gzip, chunked\r\n")), "501"));
  EXPECT_TRUE(has(ask(post("1.1", "Transfer-Encoding: chunked, identity\r\n")), "501"));
  EXPECT_TRUE(has(ask(post("1.1", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")), "400"));
  EXPECT_TRUE(has(ask(post("1.1", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")), "400"));
  EXPECT_TRUE(has(ask(post("1.0", "Transfer-Encoding: chunked\r\n")), "400"));
  EXPECT_TRUE(has(ask("GET /hello HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"), "400"));
}

TEST_F(AbuseTest, ARefusalArrivesWhileTheClientStillSends) {
  ServerConfig config;
  config.max_wire_body_bytes = 1000;
  start(config);
  for (const std::string_view length : {"Content-Length: 30000000", "Transfer-Encoding: chunked"}) {
    Connection c(address_);
    c.send("POST /echo HTTP/1.1\r\nHost: x\r\n" + std::string(length) + "\r\n\r\n1c9c380\r\n");
    c.send(std::string(8'000'000, 'x'));
    const std::string answer = c.read_all();
    EXPECT_TRUE(has(answer, "413")) << length;
    EXPECT_TRUE(has(answer, "larger than 1000 bytes as sent (max_body_bytes)")) << answer;
  }
}

TEST_F(AbuseTest, LingeringEnds) {
  ServerConfig config;
  config.max_wire_body_bytes = 1000;
  config.linger_timeout_ns = 100 * kMillisecond;
  start(config);
  Connection c(address_);
  c.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n");
  EXPECT_TRUE(comes([&] { return has(metrics_.render(), "tercet_http_connections 0"); }));
}

TEST_F(AbuseTest, ChunkExtensionsAndTrailersAreBounded) {
  start();
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_TRUE(has(ask(head + "5;note=" + std::string(4'000'000, 'x')), "400"));
  EXPECT_TRUE(has(ask(head + "5\r\nhello\r\n0\r\nTrailer: " + std::string(4'000'000, 'x')), "400"));
  EXPECT_TRUE(has(ask(head + "5;note=short\r\nhello\r\n0\r\nTrailer: x\r\n\r\nGET /hello HTTP/1.0\r\n\r\n"), "hello"));
}

TEST_F(AbuseTest, TricklingDoesNotMoveTheDeadlineOfAHead) {
  ServerConfig config;
  config.header_timeout_ns = 300 * kMillisecond;
  start(config);
  Connection c(address_);
  c.send("GET /hello HTTP/1.1\r\nX: ");
  const int64_t began = clock_.mono_ns();
  while (!c.ends_within(20) && clock_.mono_ns() - began < 10 * kSecond) c.send("x");
  EXPECT_LT(clock_.mono_ns() - began, 5 * kSecond);
  EXPECT_TRUE(comes([&] { return refused("header_timeout") == 1; }));
}

TEST_F(AbuseTest, SlowBodiesAreCut) {
  ServerConfig config;
  config.body_timeout_ns = 200 * kMillisecond;
  start(config);
  Connection stuck(address_);
  stuck.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
  Connection trickling(address_);
  trickling.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
  while (!trickling.ends_within(10) && refused("body_timeout") < 2) trickling.send("x");
  EXPECT_TRUE(stuck.ends_within(10'000));
  EXPECT_TRUE(comes([&] { return refused("body_timeout") == 2; }));
}

TEST_F(AbuseTest, SlowReadersAreCut) {
  ServerConfig config;
  config.write_timeout_ns = 200 * kMillisecond;
  start(config);
  Connection c(address_);
  c.send("GET /huge HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(comes([&] { return refused("write_timeout") == 1; }));
}

TEST_F(AbuseTest, BytesInFlightAreGivenBack) {
  ServerConfig config;
  config.max_body_bytes = 100'000;
  start(config);
  std::string bomb;
  ASSERT_TRUE(codec::compress(codec::Codec::kGzip, 9, std::string(1'000'000, '\0'), bomb));
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Encoding: GZip\r\nContent-Length: ";
  Connection c(address_);
  c.send(head + std::to_string(bomb.size()) + "\r\n\r\n" + bomb);
  EXPECT_TRUE(has(c.read_until("inflated"), "413"));
  // The bomb was read to its end: the connection goes on.
  c.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(has(c.read_until("hello\n"), "200"));
  Connection leaves(address_);
  leaves.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabcde");
  EXPECT_TRUE(comes([&] { return has(metrics_.render(), "tercet_http_inflight_bytes 5"); }));
  leaves.abort();
  EXPECT_TRUE(comes([&] { return has(metrics_.render(), "tercet_http_inflight_bytes 0"); }));
}

}  // namespace
}  // namespace tercet::net
