// A stateless stage of a pipeline: changes a batch in place before it is journalled. Stages run on the receiver's
// worker thread, one batch at a time, and hold no state that outlives the call (DESIGN section 3, step 5).
#pragma once

#include <string_view>

#include "base/result.h"
#include "contract/context.h"
#include "model/events/span_batch.h"

namespace tercet::pipeline {

class SpanStage {
 public:
  virtual ~SpanStage() = default;
  /// For metrics and errors.
  virtual std::string_view name() const = 0;
  /// An error refuses the whole batch.
  virtual Result<> process(const contract::Context& context, model::SpanBatch& batch) = 0;
};

}  // namespace tercet::pipeline
