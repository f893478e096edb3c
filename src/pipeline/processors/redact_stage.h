// The redact stage: first in every pipeline (promise 6).
#pragma once

#include "base/metrics.h"
#include "pipeline/core/stage.h"
#include "redact/redact.h"

namespace tercet::pipeline {

class RedactStage final : public SpanStage {
 public:
  RedactStage(redact::RuleSet rules, MetricRegistry& registry);
  std::string_view name() const override { return "redact"; }
  Result<> process(const contract::Context& context, model::SpanBatch& batch) override;

 private:
  const redact::RuleSet rules_;
  Counter& batches_;
  Counter& values_;
};

}  // namespace tercet::pipeline
