#include "pipeline/processors/redact_stage.h"

namespace tercet::pipeline {

RedactStage::RedactStage(redact::RuleSet rules, MetricRegistry& registry)
    : rules_(std::move(rules)),
      batches_(registry.counter("tercet_redact_batches_total", "Batches that passed the redact stage.")),
      values_(registry.counter("tercet_redact_values_total", "Values that the redact stage replaced.")) {}

Result<> RedactStage::process(const contract::Context&, model::SpanBatch& batch) {
  batches_.add();
  values_.add(redact::redact(rules_, batch).values_replaced);
  return {};
}

}  // namespace tercet::pipeline
