// Work on other threads. ThreadPool is the real executor, SimExecutor runs tasks one by one when a test asks.
// Tasks must not block on each other; they report failures through what they captured, an exception ends the process.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace tercet {

using Task = std::move_only_function<void()>;

class Executor {
 public:
  virtual ~Executor() = default;
  /// Runs `task` soon on some thread. False when the queue is at its limit (the caller sheds) or the executor is
  /// closed.
  [[nodiscard]] virtual bool post(Task task) = 0;
  /// Runs `task` no earlier than `delay_ns` of monotonic time from now. Not counted against the queue's limit.
  /// Tasks whose time has not come when the executor closes are destroyed unrun.
  virtual void post_after(int64_t delay_ns, Task task) = 0;
};

class ThreadPool final : public Executor {
 public:
  /// `queue_limit` tasks may wait; more are refused by post().
  ThreadPool(Clock& clock, std::string name, size_t threads, size_t queue_limit);
  ~ThreadPool() override;
  bool post(Task task) override;
  void post_after(int64_t delay_ns, Task task) override;
  /// Refuses new tasks, runs those queued, joins. Idempotent.
  void close();
  size_t queued() const;

 private:
  void run();

  Clock& clock_;
  const size_t queue_limit_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> queue_;
  std::multimap<int64_t, Task> timers_;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

/// Deterministic twin: tasks run on the caller's thread, in order, when run_one() or run_until_idle() is called.
class SimExecutor final : public Executor {
 public:
  explicit SimExecutor(SimClock& clock) : clock_(clock) {}
  bool post(Task task) override;
  void post_after(int64_t delay_ns, Task task) override;
  bool run_one();
  void run_until_idle();
  /// Advances the clock to the next timer and runs it; false when there is none.
  bool run_next_timer();

 private:
  SimClock& clock_;
  std::deque<Task> queue_;
  std::multimap<int64_t, Task> timers_;
};

}  // namespace tercet
