// Log records as OTLP means them (opentelemetry-proto 1.9 logs.proto), in flat columns like spans.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/events/batch.h"
#include "model/events/ids.h"

namespace tercet::model {

struct LogRecord {
  uint64_t time_ns = 0;           // 0 = unknown
  uint64_t observed_time_ns = 0;  // 0 = unknown
  uint32_t scope = 0;             // index into scopes
  uint32_t flags = 0;             // low byte W3C trace flags
  uint8_t severity_number = 0;    // 1–24, 0 = unknown
  std::string_view severity_text;
  std::string_view event_name;
  Value body;
  Range attributes;
  uint32_t dropped_attributes = 0;
  TraceId trace_id;  // invalid() = none
  SpanId span_id;    // invalid() = none

  /// Time, else observed time, else `received_ns`.
  uint64_t effective_time_ns(uint64_t received_ns) const {
    return time_ns ? time_ns : observed_time_ns ? observed_time_ns : received_ns;
  }
};

struct LogBatch : EventBatch {
  std::vector<LogRecord> records;
};

}  // namespace tercet::model
