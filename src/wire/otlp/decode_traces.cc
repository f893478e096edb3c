#include "wire/otlp/decode_traces.h"

#include <fmt/format.h>

namespace tercet::wire::otlp {

void RejectedSpans::write_to(DecodeReport& report) const {
  report.rejected_spans = invalid_trace_id + invalid_span_id;
  const auto add = [&](uint64_t count, std::string_view what) {
    if (count == 0) return;
    report.message += fmt::format("{}{} span{} with an invalid {}", report.message.empty() ? "" : ", ", count,
                                  count == 1 ? "" : "s", what);
  };
  add(invalid_trace_id, "trace id");
  add(invalid_span_id, "span id");
}

BatchMark::BatchMark(const model::SpanBatch& batch)
    : resources_(batch.resources.size()),
      scopes_(batch.scopes.size()),
      attributes_(batch.attributes.size()),
      spans_(batch.spans.size()),
      events_(batch.events.size()),
      links_(batch.links.size()) {}

void BatchMark::restore(model::SpanBatch& batch) const {
  batch.resources.resize(resources_);
  batch.scopes.resize(scopes_);
  batch.attributes.resize(attributes_);
  batch.spans.resize(spans_);
  batch.events.resize(events_);
  batch.links.resize(links_);
}

}  // namespace tercet::wire::otlp
