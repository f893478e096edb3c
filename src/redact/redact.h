// Redaction: personal data and secrets leave a batch before anything of it is written. The stage stands in the way of
// every batch from the first day; the rules come with the governance work, so a rule set is empty now and says so:
// `pii_redacted` may be claimed only when rules ran.
#pragma once

#include <cstdint>

#include "model/events/log_batch.h"
#include "model/events/span_batch.h"

namespace tercet::redact {

class RuleSet {
 public:
  bool empty() const { return true; }
};

struct Report {
  uint64_t items_changed = 0;
  uint64_t values_replaced = 0;
};

/// Applies `rules` to every text of the batch, in place. Never fails: what cannot be judged is replaced whole.
Report redact(const RuleSet& rules, model::SpanBatch& batch);
Report redact(const RuleSet& rules, model::LogBatch& batch);

}  // namespace tercet::redact
