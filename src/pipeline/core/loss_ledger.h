// Nothing is lost silently: every item that was refused or dropped is counted by signal, reason and sender. Senders are
// capped by the registry; the rest share sender="other".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "contract/signal.h"

namespace tercet::pipeline {

std::string_view signal_name(contract::Signal signal);

struct Loss {
  std::string signal;
  std::string reason;
  std::string sender;
  uint64_t count = 0;
};

class LossLedger {
 public:
  explicit LossLedger(MetricRegistry& registry) : registry_(registry) {}

  /// `reason` is a constant of the code, never a sender's text. `sender`: service name or address.
  void lost(contract::Signal signal, std::string_view reason, std::string_view sender, uint64_t items);
  void accepted(contract::Signal signal, uint64_t items);
  uint64_t accepted_total(contract::Signal signal) const;
  /// Everything counted so far, largest first.
  std::vector<Loss> losses() const;

 private:
  MetricRegistry& registry_;
};

}  // namespace tercet::pipeline
