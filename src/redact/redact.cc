#include "redact/redact.h"

namespace tercet::redact {

Report redact(const RuleSet& rules, model::SpanBatch&) {
  (void)rules;
  return {};
}

Report redact(const RuleSet& rules, model::LogBatch&) {
  (void)rules;
  return {};
}

}  // namespace tercet::redact
