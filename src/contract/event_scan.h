// A scan over events (spans or logs): time, a predicate tree, the columns wanted, order and limits.
// Predicates and derived columns run on distinct values first, so their functions must be pure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/events/ids.h"
#include "model/events/value.h"

namespace tercet::contract {

enum class EventTable : uint8_t { kSpans, kLogs };

/// Where a field is looked up. kAny: span (or log record) first, then resource; scope and event fields by their own.
enum class FieldScope : uint8_t { kIntrinsic, kAny, kResource, kInstrumentation, kRecord, kEvent, kLink };

/// Intrinsic columns. Ids are strings of raw bytes (16 or 8), times and durations integers in nanoseconds.
enum class Intrinsic : uint8_t {
  kTraceId,
  kSpanId,
  kParentSpanId,
  kName,
  kService,
  kStart,
  kEnd,
  kDuration,
  kKind,
  kStatus,
  kStatusMessage,
  kTraceState,
  kScopeName,
  kScopeVersion,
  kTime,
  kObservedTime,
  kSeverity,
  kSeverityText,
  kBody,
  kEventName,
};

struct Field {
  FieldScope scope = FieldScope::kIntrinsic;
  Intrinsic intrinsic = Intrinsic::kName;
  std::string key;  // attribute key unless kIntrinsic
};

using Literal = std::variant<std::string, int64_t, double, bool>;

enum class CompareOp : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kContains,
  kMatch,
  kExists
};

/// A tree. A row lacking the field fails every comparison, kNotEqual included (as TraceQL has it); kNot turns that
/// round.
struct Predicate {
  enum class Kind : uint8_t { kTrue, kAnd, kOr, kNot, kCompare };
  Kind kind = Kind::kTrue;
  std::vector<Predicate> children;
  Field field;
  CompareOp op = CompareOp::kEqual;
  Literal literal;
  std::function<bool(std::string_view)> matches;  // for kMatch
  /// Compare numbers and booleans by the text a person would write for them ("500" equals int 500).
  bool loose = false;
};

struct TimeRange {
  int64_t min_ns = 0;          // inclusive
  int64_t max_ns = INT64_MAX;  // inclusive
};

/// A column computed from another one's distinct values, appended after `columns`.
struct DerivedColumn {
  size_t from = 0;  // index into columns
  std::function<std::string(std::string_view)> compute;
};

struct Aggregate {
  enum class Op : uint8_t { kCount, kDistinct } op = Op::kCount;
  std::vector<size_t> by;  // indices into columns
};

enum class Order : uint8_t { kNewestFirst, kOldestFirst };

struct ScanRequest {
  EventTable table = EventTable::kSpans;
  TimeRange time;
  Predicate where;
  std::vector<Field> columns;
  std::vector<DerivedColumn> derived;
  std::optional<Aggregate> aggregate;
  Order order = Order::kNewestFirst;
  uint64_t limit_rows = 1000;
  uint64_t limit_bytes = 0;  // read from disk; 0 = the store's own limit
  /// When not empty, only rows of these traces (looked up by the trace index).
  std::vector<model::TraceId> traces;
};

}  // namespace tercet::contract
