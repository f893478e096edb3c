// Promise 1 seen from a socket: while the sync that covers a batch has not returned, not one byte of its answer leaves;
// when it has, the answer comes and the batch can be found. When the sync fails, the answer is no 2xx.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

#include "io/sim_file_system.h"
#include "net/http_server.h"
#include "pipeline/core/span_pipeline.h"
#include "pipeline/processors/redact_stage.h"
#include "pipeline/receivers/otlp_http.h"
#include "store/events/event_store.h"

namespace tercet {
namespace {

constexpr char kBody[] =
    R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"x","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]})";

// A gate in front of the disk's syncs.
class Gate {
 public:
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  void open() {
    const std::lock_guard lock(mutex_);
    closed_ = false;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    if (!closed_) return;
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !closed_; });
    --waiting_;
  }
  void wait_until_someone_waits() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closed_ = false;
  int waiting_ = 0;
};

class AckOrderTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(files_.make_dirs("journal"));
    journal_ = *journal::Journal::open({}, env_, "journal");
    store_ = *store::EventStore::open({}, env_, "events");
    journal_->add_consumer(*store_);
    ASSERT_TRUE(journal_->start());
    std::vector<std::unique_ptr<pipeline::SpanStage>> stages;
    stages.push_back(std::make_unique<pipeline::RedactStage>(redact::RuleSet{}, metrics_));
    spans_ = std::make_unique<pipeline::SpanPipeline>(env_, *journal_, ledger_, std::move(stages));
    receiver_ = std::make_unique<pipeline::OtlpHttpReceiver>(pipeline::OtlpHttpConfig{}, *spans_, ledger_, metrics_);
    server_ = *net::HttpServer::create({}, clock_, workers_, metrics_, log_);
    net::Router router;
    receiver_->mount(router);
    const std::string address = *server_->listen("otlp", "127.0.0.1:0", std::move(router));
    server_->start();
    files_.set_hook([this](io::FileOp op, std::string_view) {
      if (op == io::FileOp::kSyncData) gate_.pass();
    });
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    ASSERT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  }
  void TearDown() override {
    gate_.open();
    ::close(socket_);
    server_->drain(kSecond);
    journal_->close();
    server_->close();
    workers_.close();
  }
  void send() const {
    const std::string request =
        "POST /v1/traces HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: "
        "application/json\r\nContent-Length: " +
        std::to_string(sizeof kBody - 1) + "\r\n\r\n" + kBody;
    ASSERT_EQ(::send(socket_, request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
  }
  bool readable_within(int ms) const {
    pollfd p{socket_, POLLIN, 0};
    return ::poll(&p, 1, ms) > 0;
  }
  std::string receive() const {
    std::string out;
    char buffer[2048];
    for (ssize_t n; (n = ::recv(socket_, buffer, sizeof buffer, 0)) > 0;) out.append(buffer, static_cast<size_t>(n));
    return out;
  }
  size_t stored_spans() {
    return store_->find_trace({}, {0x5b8efff798038103u, 0xd269b633813fc60cu}, {})->batch.spans.size();
  }

  SystemClock clock_;
  SystemRandom random_;
  io::SimFileSystem files_;
  ThreadPool workers_{clock_, "w", 2, 100};
  MemoryAccountant memory_{uint64_t{1} << 30};
  MetricRegistry metrics_;
  Logger log_{clock_, [](std::string_view) {}};
  io::Env env_{clock_, random_, files_, workers_, memory_, metrics_, log_};
  pipeline::LossLedger ledger_{metrics_};
  std::unique_ptr<store::EventStore> store_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<pipeline::SpanPipeline> spans_;
  std::unique_ptr<pipeline::OtlpHttpReceiver> receiver_;
  std::unique_ptr<net::HttpServer> server_;
  Gate gate_;
  int socket_ = -1;
};

TEST_F(AckOrderTest, NoByteBeforeTheSyncReturned) {
  gate_.close();
  send();
  gate_.wait_until_someone_waits();
  EXPECT_FALSE(readable_within(300)) << "the batch is written, its sync has begun and not returned";
  EXPECT_EQ(stored_spans(), 0u) << "what is not durable is not shown";
  gate_.open();
  const std::string answer = receive();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_EQ(stored_spans(), 1u) << "what is acknowledged can be found";
}

TEST_F(AckOrderTest, AFailedSyncIsNeverAcknowledged) {
  files_.inject({io::FileOp::kSyncData, io::FaultKind::kEio, 1, false, {}});
  send();
  const std::string answer = receive();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503")) << answer;
  EXPECT_EQ(stored_spans(), 0u);
  EXPECT_EQ(journal_->status().state, journal::State::kStopped);
}

TEST_F(AckOrderTest, AFullDiskIs503WithRetryAfter) {
  files_.set_capacity(1);
  files_.inject({io::FileOp::kPreallocate, io::FaultKind::kEnospc, 1, true, {}});
  files_.inject({io::FileOp::kWrite, io::FaultKind::kEnospc, 1, true, {}});
  send();
  const std::string answer = receive();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503")) << answer;
}

}  // namespace
}  // namespace tercet
