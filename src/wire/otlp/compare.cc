#include "wire/otlp/compare.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/log.h"
#include "wire/otlp/encode_traces.h"

namespace tercet::wire::otlp {

using model::Attribute;
using model::Value;
using model::ValueType;

namespace {

void describe(std::string& out, std::span<const Attribute> attributes);

void describe(std::string& out, const Value& value) {
  switch (value.type()) {
    case ValueType::kEmpty: out += "empty"; return;
    case ValueType::kString: return append_json_string(out, value.text());
    case ValueType::kBool: out += value.as_bool() ? "true" : "false"; return;
    case ValueType::kInt: fmt::format_to(std::back_inserter(out), "{}", value.as_int()); return;
    case ValueType::kDouble:
      if (std::isnan(value.as_double())) {
        out += "NaN";
      } else {
        fmt::format_to(std::back_inserter(out), "{:a}", value.as_double());
      }
      return;
    case ValueType::kBytes: out += "0x" + hex_encode(value.text()); return;
    case ValueType::kArray:
      out += '[';
      for (const Value& item : value.items()) {
        describe(out, item);
        out += ',';
      }
      out += ']';
      return;
    case ValueType::kMap: return describe(out, value.entries());
  }
}

void describe(std::string& out, std::span<const Attribute> attributes) {
  out += '{';
  for (const Attribute& attribute : attributes) {
    append_json_string(out, attribute.key);
    out += ':';
    describe(out, attribute.value);
    out += ',';
  }
  out += '}';
}

void describe(std::string& out, std::string_view name, std::string_view text) {
  out += name;
  append_json_string(out, text);
}

std::vector<std::string> sorted_spans(const model::SpanBatch& batch) {
  std::vector<std::string> lines(batch.spans.size());
  for (size_t row = 0; row < lines.size(); ++row) lines[row] = describe_span(batch, row);
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace

std::string describe_span(const model::SpanBatch& batch, size_t row) {
  const model::Span& s = batch.spans[row];
  const model::Scope& scope = batch.scopes[s.scope];
  const model::Resource& resource = batch.resources[scope.resource];
  std::string out =
      fmt::format("{}/{} parent={} kind={} flags={:x} start={} end={} status={} dropped={}/{}/{}", s.trace_id.hex(),
                  s.span_id.hex(), s.parent_span_id.hex(), static_cast<int>(s.kind), s.flags, s.start_ns, s.end_ns,
                  static_cast<int>(s.status), s.dropped_attributes, s.dropped_events, s.dropped_links);
  describe(out, " name=", s.name);
  describe(out, " state=", s.trace_state);
  describe(out, " message=", s.status_message);
  describe(out, batch.attrs(s.attributes));
  for (const model::SpanEvent& event : events_of(batch, s)) {
    out += fmt::format(" event={} dropped={}", event.time_ns, event.dropped_attributes);
    describe(out, " name=", event.name);
    describe(out, batch.attrs(event.attributes));
  }
  for (const model::SpanLink& link : links_of(batch, s)) {
    out += fmt::format(" link={}/{} flags={:x} dropped={}", link.trace_id.hex(), link.span_id.hex(), link.flags,
                       link.dropped_attributes);
    describe(out, " state=", link.trace_state);
    describe(out, batch.attrs(link.attributes));
  }
  out += fmt::format(" scope dropped={}", scope.dropped_attributes);
  describe(out, " name=", scope.name);
  describe(out, " version=", scope.version);
  describe(out, " schema=", scope.schema_url);
  describe(out, batch.attrs(scope.attributes));
  out += fmt::format(" resource dropped={}", resource.dropped_attributes);
  describe(out, " schema=", resource.schema_url);
  describe(out, batch.attrs(resource.attributes));
  return out;
}

std::string first_difference(const model::SpanBatch& a, const model::SpanBatch& b) {
  const auto left = sorted_spans(a);
  const auto right = sorted_spans(b);
  const auto [l, r] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  if (l == left.end() && r == right.end()) return {};
  const std::string_view none = "nothing";
  return fmt::format("{} spans and {}; first to differ:\n  {}\n  {}", left.size(), right.size(),
                     l == left.end() ? none : std::string_view(*l), r == right.end() ? none : std::string_view(*r));
}

}  // namespace tercet::wire::otlp
