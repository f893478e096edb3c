// OTLP over HTTP: POST /v1/traces in protobuf and JSON, with the status and retry semantics of the OTLP
// specification 1.11. Handlers run on workers; the answer leaves when the sink says that the batch is durable and
// visible.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "base/config_field.h"
#include "base/metrics.h"
#include "contract/event_sink.h"
#include "net/router.h"
#include "pipeline/core/loss_ledger.h"

namespace tercet::pipeline {

struct OtlpHttpConfig {
  /// Nesting of attribute values; deeper requests are refused (400).
  int64_t max_depth = 64;
  /// Spans of one request; larger ones are refused (400) and the sender should split them.
  int64_t max_spans = 1'000'000;

  ConfigFields fields();
};

class OtlpHttpReceiver {
 public:
  /// Borrows all but the config; they outlive it.
  OtlpHttpReceiver(OtlpHttpConfig config, contract::SpanSink& spans, LossLedger& ledger, MetricRegistry& registry);

  /// Adds /v1/traces. The receiver outlives the router's use.
  void mount(net::Router& router);

 private:
  void traces(net::Request&& request, net::Responder responder);

  const OtlpHttpConfig config_;
  contract::SpanSink& spans_;
  LossLedger& ledger_;
  Counter& mended_;
  Counter& requests_json_;
  Counter& requests_proto_;
};

}  // namespace tercet::pipeline
