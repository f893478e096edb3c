// Events on their way out: column batches from a scan, whole traces by id.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contract/completeness.h"
#include "contract/context.h"
#include "contract/event_scan.h"
#include "model/events/span_batch.h"

namespace tercet::contract {

/// Rows × columns; cells borrow from the batch's owner for the length of the call.
struct ColumnBatch {
  size_t rows = 0;
  /// One vector a requested column (derived ones last), each `rows` long; kEmpty = the row lacks the field.
  std::vector<std::vector<model::Value>> columns;
};

struct FoundTrace {
  /// Every span of the trace once (duplicates by span id and start merged), any order. Empty = not found.
  model::SpanBatch batch;
  Completeness completeness;
};

/// A distinct value of a field, with its type as the senders wrote it.
struct FieldValue {
  model::ValueType type = model::ValueType::kString;
  std::string text;
};

class EventSource {
 public:
  virtual ~EventSource() = default;

  /// Batches arrive in the request's order (exact within and between batches). False from `visit` ends the scan.
  virtual Result<Completeness> scan(const Context& context, const ScanRequest& request,
                                    const std::function<bool(const ColumnBatch&)>& visit) = 0;

  /// `time` narrows where to look; the default looks everywhere.
  virtual Result<FoundTrace> find_trace(const Context& context, model::TraceId id, TimeRange time) = 0;

  /// Distinct attribute keys of `scope` in blocks that touch `time`, sorted; at most `limit`.
  virtual Result<std::vector<std::string>> field_names(const Context& context, FieldScope scope, TimeRange time,
                                                       size_t limit) = 0;
  /// Distinct values of `field` in blocks that touch `time`, sorted by text; at most `limit`.
  virtual Result<std::vector<FieldValue>> field_values(const Context& context, const Field& field, TimeRange time,
                                                       size_t limit) = 0;
};

}  // namespace tercet::contract
