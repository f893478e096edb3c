#include "base/executor.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/check.h"

namespace tercet {

namespace {

/// A far timer is looked at again after this long, so that no delay overflows the condition variable's deadline.
constexpr int64_t kLongestWait = kHour;

int64_t due_at(int64_t now, int64_t delay_ns) {
  int64_t due = 0;
  return __builtin_add_overflow(now, std::max<int64_t>(delay_ns, 0), &due) ? INT64_MAX : due;
}

}  // namespace

ThreadPool::ThreadPool(Clock& clock, std::string name, size_t threads, size_t queue_limit)
    : clock_(clock), queue_limit_(queue_limit) {
  CHECK(threads > 0);
  name.resize(std::min<size_t>(name.size(), 15));  // what the kernel keeps of a thread's name
  threads_.reserve(threads);
  for (size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { run(); });
    ::pthread_setname_np(threads_.back().native_handle(), name.c_str());
  }
}

ThreadPool::~ThreadPool() { close(); }

bool ThreadPool::post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || queue_.size() >= queue_limit_) return false;
    queue_.push_back(std::move(task));
  }
  wake_.notify_one();
  return true;
}

void ThreadPool::post_after(int64_t delay_ns, Task task) {
  const int64_t due = due_at(clock_.mono_ns(), delay_ns);
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    const bool is_next = timers_.empty() || due < timers_.begin()->first;
    timers_.emplace(due, std::move(task));
    if (!is_next) return;
  }
  // Sleepers wait for what was the next timer: one of them has to look again.
  wake_.notify_one();
}

void ThreadPool::close() {
  std::vector<std::thread> threads;
  std::multimap<int64_t, Task> timers;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    threads.swap(threads_);
    timers.swap(timers_);
  }
  wake_.notify_all();
  timers.clear();  // outside the lock: what a task captured may post when it dies
  for (std::thread& thread : threads) {
    CHECK(thread.get_id() != std::this_thread::get_id());
    thread.join();
  }
}

size_t ThreadPool::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void ThreadPool::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    Task task;
    const int64_t now = timers_.empty() ? 0 : clock_.mono_ns();
    if (!timers_.empty() && timers_.begin()->first <= now) {
      task = std::move(timers_.extract(timers_.begin()).mapped());
      // The notification of the timer that comes next may have gone to this thread, which is busy now.
      if (!timers_.empty()) wake_.notify_one();
    } else if (!queue_.empty()) {
      task = std::move(queue_.front());
      queue_.pop_front();
    } else if (closed_) {
      return;
    } else if (timers_.empty()) {
      wake_.wait(lock);
      continue;
    } else {
      const int64_t wait = std::min(timers_.begin()->first - now, kLongestWait);
      wake_.wait_for(lock, std::chrono::nanoseconds(wait));
      continue;
    }
    lock.unlock();
    task();
    task = nullptr;  // before the lock: what it captured may post when it dies
    lock.lock();
  }
}

bool SimExecutor::post(Task task) {
  queue_.push_back(std::move(task));
  return true;
}

void SimExecutor::post_after(int64_t delay_ns, Task task) {
  timers_.emplace(due_at(clock_.mono_ns(), delay_ns), std::move(task));
}

bool SimExecutor::run_one() {
  while (!timers_.empty() && timers_.begin()->first <= clock_.mono_ns()) {
    queue_.push_back(std::move(timers_.extract(timers_.begin()).mapped()));
  }
  if (queue_.empty()) return false;
  Task task = std::move(queue_.front());
  queue_.pop_front();
  task();
  return true;
}

void SimExecutor::run_until_idle() {
  while (run_one()) {
  }
}

bool SimExecutor::run_next_timer() {
  if (timers_.empty()) return false;
  auto node = timers_.extract(timers_.begin());
  clock_.advance(std::max<int64_t>(node.key() - clock_.mono_ns(), 0));
  node.mapped()();
  return true;
}

}  // namespace tercet
