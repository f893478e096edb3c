// What both trace decoders do with ids and with a batch that they did not finish.
#pragma once

#include <algorithm>
#include <vector>

#include "model/events/span_batch.h"
#include "wire/otlp/decode.h"

namespace tercet::wire::otlp {

/// Why spans were dropped.
struct RejectedSpans {
  uint64_t invalid_trace_id = 0;
  uint64_t invalid_span_id = 0;

  /// Counts a span that has to go; false when its ids are good.
  bool reject(const model::Span& span) {
    if (!span.trace_id.valid()) {
      ++invalid_trace_id;
    } else if (!span.span_id.valid()) {
      ++invalid_span_id;
    } else {
      return false;
    }
    return true;
  }
  /// Fills rejected_spans and message.
  void write_to(DecodeReport& report) const;
};

/// The sizes of a batch's columns, to return to.
class BatchMark {
 public:
  explicit BatchMark(const model::SpanBatch& batch);
  void restore(model::SpanBatch& batch) const;

 private:
  size_t resources_, scopes_, attributes_, spans_, events_, links_;
};

/// Makes room for `more` elements without giving up doubling.
template <typename T>
void reserve_more(std::vector<T>& column, size_t more) {
  const size_t want = column.size() + more;
  if (want > column.capacity()) column.reserve(std::max(want, 2 * column.capacity()));
}

}  // namespace tercet::wire::otlp
