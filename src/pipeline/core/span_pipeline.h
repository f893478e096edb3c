// The way of a span batch from a receiver to the journal: stages in order, one encoding, one journal append.
// The answer leaves when the journal says that the batch is durable and applied.
#pragma once

#include <memory>
#include <vector>

#include "base/memory.h"
#include "contract/event_sink.h"
#include "io/env.h"
#include "journal/journal.h"
#include "pipeline/core/loss_ledger.h"
#include "pipeline/core/stage.h"

namespace tercet::pipeline {

class SpanPipeline final : public contract::SpanSink {
 public:
  /// Borrows `env`, `journal` and `ledger`, which outlive it. The first stage is the redact stage, by construction in
  /// app.
  SpanPipeline(io::Env& env, journal::Journal& journal, LossLedger& ledger,
               std::vector<std::unique_ptr<SpanStage>> stages);

  /// Admission: a batch that the memory accountant refuses is answered kUnavailable with a hint, nothing of it kept.
  void consume(const contract::Context& context, model::SpanBatch&& batch, contract::Done done) override;

 private:
  io::Env& env_;
  journal::Journal& journal_;
  LossLedger& ledger_;
  std::vector<std::unique_ptr<SpanStage>> stages_;
};

}  // namespace tercet::pipeline
