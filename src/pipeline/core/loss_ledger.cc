#include "pipeline/core/loss_ledger.h"

#include <algorithm>

namespace tercet::pipeline {

namespace {
constexpr char kLost[] = "tercet_lost_items_total";
constexpr char kLostHelp[] = "Items that were refused or dropped, by signal, reason and sender.";
constexpr char kAccepted[] = "tercet_accepted_items_total";
constexpr char kAcceptedHelp[] = "Items made durable and acknowledged, by signal.";
// Label values of the outside world are cut: a sender's name is a name, not a payload.
constexpr size_t kMaxSenderBytes = 128;
}  // namespace

std::string_view signal_name(contract::Signal signal) {
  switch (signal) {
    case contract::Signal::kTraces: return "traces";
    case contract::Signal::kLogs: return "logs";
    case contract::Signal::kSeries:
    case contract::Signal::kOtelMetrics: return "metrics";
    case contract::Signal::kControl: return "control";
  }
  return "unknown";
}

void LossLedger::lost(contract::Signal signal, std::string_view reason, std::string_view sender, uint64_t items) {
  if (items == 0) return;
  registry_
      .counter(kLost, kLostHelp,
               {{"signal", std::string(signal_name(signal))},
                {"reason", std::string(reason)},
                {"sender", std::string(sender.substr(0, kMaxSenderBytes))}})
      .add(items);
}

void LossLedger::accepted(contract::Signal signal, uint64_t items) {
  registry_.counter(kAccepted, kAcceptedHelp, {{"signal", std::string(signal_name(signal))}}).add(items);
}

uint64_t LossLedger::accepted_total(contract::Signal signal) const {
  uint64_t total = 0;
  for (const auto& [labels, value] : registry_.read_counters(kAccepted)) {
    for (const auto& [name, text] : labels) {
      if (name == "signal" && text == signal_name(signal)) total += value;
    }
  }
  return total;
}

std::vector<Loss> LossLedger::losses() const {
  std::vector<Loss> out;
  for (const auto& [labels, value] : registry_.read_counters(kLost)) {
    Loss loss;
    loss.count = value;
    for (const auto& [name, text] : labels) {
      if (name == "signal") loss.signal = text;
      if (name == "reason") loss.reason = text;
      if (name == "sender") loss.sender = text;
    }
    out.push_back(std::move(loss));
  }
  std::sort(out.begin(), out.end(), [](const Loss& a, const Loss& b) { return a.count > b.count; });
  return out;
}

}  // namespace tercet::pipeline
