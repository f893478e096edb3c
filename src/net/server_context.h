// What the listeners and sessions of one server share. Held by shared_ptr: an answer may come after the server has
// gone. Private to net.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>

#include "net/http_server.h"

namespace tercet::net {

class Session;

/// The way onto the loop thread, from any thread. Once shut, work is dropped, so that nothing touches a loop that is
/// gone.
class LoopGate {
 public:
  explicit LoopGate(boost::asio::io_context& loop) : loop_(&loop) {}
  void post(std::move_only_function<void()> work) {
    const std::lock_guard lock(mutex_);
    if (loop_ != nullptr) boost::asio::post(*loop_, std::move(work));
  }
  void shut() {
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
  }

 private:
  std::mutex mutex_;
  boost::asio::io_context* loop_;
};

/// `sessions` belongs to the loop thread; the rest is for all.
struct ServerContext {
  ServerContext(const ServerConfig& c, Clock& k, Executor& w, MetricRegistry& m, Logger& l,
                boost::asio::io_context& loop)
      : config(c), clock(k), workers(w), metrics(m), log(l), gate(loop) {}

  const ServerConfig config;
  Clock& clock;
  Executor& workers;
  MetricRegistry& metrics;
  Logger& log;
  LoopGate gate;
  std::atomic<bool> draining{false};
  std::atomic<uint64_t> inflight_bytes{0};
  std::atomic<size_t> connections{0};
  /// The owner of every open session; a session takes itself out when it closes.
  std::set<std::shared_ptr<Session>> sessions;

  // Requests whose head was read and whose answer is not written; drain() waits until there is none.
  std::mutex requests_mutex;
  std::condition_variable requests_done;
  size_t requests = 0;

  void request_began() {
    const std::lock_guard lock(requests_mutex);
    ++requests;
  }
  void request_ended() {
    const std::lock_guard lock(requests_mutex);
    if (--requests == 0) requests_done.notify_all();
  }
};

}  // namespace tercet::net
