#include "pipeline/core/span_pipeline.h"

#include "wire/events/span_block.h"

namespace tercet::pipeline {

namespace {

// Whom a batch came from, for the ledger: its first service, else nobody.
std::string sender_of(const model::SpanBatch& batch) {
  if (batch.scopes.empty()) return "unknown";
  const std::string_view service = batch.service_name(batch.scopes.front());
  return service.empty() ? "unknown" : std::string(service);
}

}  // namespace

SpanPipeline::SpanPipeline(io::Env& env, journal::Journal& journal, LossLedger& ledger,
                           std::vector<std::unique_ptr<SpanStage>> stages)
    : env_(env), journal_(journal), ledger_(ledger), stages_(std::move(stages)) {}

void SpanPipeline::consume(const contract::Context& context, model::SpanBatch&& batch, contract::Done done) {
  const uint64_t spans = batch.spans.size();
  if (spans == 0) return done(contract::Accepted{});
  std::string sender = sender_of(batch);
  MemoryAccount memory(env_.memory, MemoryClass::kIngest);
  if (!memory.try_grow(batch.footprint())) {
    ledger_.lost(contract::Signal::kTraces, "memory_limit", sender, spans);
    return done(fail(unavailable("ingest is over its share of memory_limit; send again later")
                         .with_retry_after(std::chrono::seconds(1))));
  }
  for (const auto& stage : stages_) {
    if (auto result = stage->process(context, batch); !result) {
      ledger_.lost(contract::Signal::kTraces, "stage_error", sender, spans);
      return done(fail(std::move(result).error().context(stage->name())));
    }
  }
  auto payload = std::make_shared<const std::string>(wire::encode_spans(batch, {}, {}));
  batch = {};  // the encoded form is all that is needed from here on
  memory.shrink_to(0);
  const journal::Record record{context.tenant, contract::Signal::kTraces, wire::kSpanBlockEncoding, std::move(payload)};
  journal_.append(record,
                  [this, spans, sender = std::move(sender), done = std::move(done)](Result<contract::Lsn> lsn) mutable {
                    if (!lsn) {
                      ledger_.lost(contract::Signal::kTraces, "journal", sender, spans);
                      return done(fail(std::move(lsn).error()));
                    }
                    ledger_.accepted(contract::Signal::kTraces, spans);
                    done(contract::Accepted{});
                  });
}

}  // namespace tercet::pipeline
