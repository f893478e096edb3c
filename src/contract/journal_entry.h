// What the journal hands on, and to whom. A consumer (a store's head, a stateful stage, an exporter) gets every durable
// entry of the signals it asked for, in Lsn order, exactly once while the process lives and again from its cursor after
// a restart; so apply() must be idempotent across a restart for entries at or after cursor().
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "contract/signal.h"

namespace tercet::contract {

/// A position in the journal's endless byte stream. Grows for ever; 0 = before everything.
using Lsn = uint64_t;

struct JournalEntry {
  Lsn lsn = 0;   // where the record begins
  Lsn next = 0;  // where the following one begins: "durable through here"
  std::string_view tenant;
  Signal signal = Signal::kTraces;
  uint8_t encoding = 0;  // of the payload; each signal's format document lists its encodings
  /// The payload as it was appended (decompressed). Shared, so that a head may keep it without a copy.
  std::shared_ptr<const std::string> payload;
};

class JournalConsumer {
 public:
  virtual ~JournalConsumer() = default;
  /// Stable, [a-z0-9_-]+: names the cursor on disk and in metrics.
  virtual std::string_view name() const = 0;
  virtual bool wants(Signal signal) const = 0;
  /// Called from one thread at a time, after the entry is durable and before its sender is answered. Must not block on
  /// the network. An error counts the entry as lost by this consumer, with the error's code as the reason.
  virtual Result<> apply(const JournalEntry& entry) = 0;
  /// Everything before this position is durable in the consumer's own files or delivered: the journal may forget it.
  virtual Lsn cursor() const = 0;
};

}  // namespace tercet::contract
