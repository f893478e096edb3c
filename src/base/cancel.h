// A cancellation token: set once, read from anywhere. A query's parts poll it between blocks of work.
#pragma once

#include <atomic>
#include <memory>

namespace tercet {

class CancelToken {
 public:
  CancelToken() : flag_(std::make_shared<std::atomic<bool>>(false)) {}
  void cancel() const { flag_->store(true, std::memory_order_relaxed); }
  bool cancelled() const { return flag_->load(std::memory_order_relaxed); }

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
};

}  // namespace tercet
