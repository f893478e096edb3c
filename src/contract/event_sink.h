// Spans and logs on their way in. One call a batch.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "contract/context.h"
#include "model/events/log_batch.h"
#include "model/events/span_batch.h"

namespace tercet::contract {

/// What became of an accepted batch. rejected > 0: those items are gone and must not be sent again.
struct Accepted {
  uint64_t rejected = 0;
  std::string message;
};

/// Called exactly once, on any thread. A value means: durable, and visible to queries. An error means that nothing of
/// the batch was kept; kUnavailable and kResourceExhausted with retry_after() are the retryable ones.
using Done = std::move_only_function<void(Result<Accepted>)>;

class SpanSink {
 public:
  virtual ~SpanSink() = default;
  virtual void consume(const Context& context, model::SpanBatch&& batch, Done done) = 0;
};

class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void consume(const Context& context, model::LogBatch&& batch, Done done) = 0;
};

}  // namespace tercet::contract
