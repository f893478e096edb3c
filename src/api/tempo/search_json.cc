#include "api/tempo/search_json.h"

#include <algorithm>
#include <set>

#include "base/clock.h"
#include "text/json/json_writer.h"

namespace tercet::api {

using text::JsonWriter;

namespace {

// Tempo trims leading zeros of a trace id in search answers.
std::string trimmed(const model::TraceId& id) {
  const std::string hex = id.hex();
  const size_t first = hex.find_first_not_of('0');
  return first == std::string::npos ? "0" : hex.substr(first);
}

void write_span(JsonWriter& w, const query::MatchedSpan& span) {
  w.begin_object();
  w.key("spanID");
  w.value(span.id.hex());
  w.key("name");
  w.value(span.name);
  w.key("startTimeUnixNano");
  w.value(std::to_string(span.start_ns));
  w.key("durationNanos");
  w.value(std::to_string(span.duration_ns));
  w.end_object();
}

void write_span_set(JsonWriter& w, const query::TraceSummary& trace) {
  w.begin_object();
  w.key("spans");
  w.begin_array();
  for (const query::MatchedSpan& span : trace.matched) write_span(w, span);
  w.end_array();
  w.key("matched");
  w.value(static_cast<int64_t>(trace.matched_total));
  w.end_object();
}

void write_trace(JsonWriter& w, const query::TraceSummary& trace) {
  w.begin_object();
  w.key("traceID");
  w.value(trimmed(trace.id));
  w.key("rootServiceName");
  w.value(trace.root_found ? std::string_view(trace.root_service) : std::string_view("<root span not yet received>"));
  w.key("rootTraceName");
  w.value(trace.root_name);
  w.key("startTimeUnixNano");
  w.value(std::to_string(trace.start_ns));
  // A 32-bit number in Tempo's protobuf.
  w.key("durationMs");
  w.value(
      static_cast<int64_t>(std::min<uint64_t>(trace.duration_ns() / static_cast<uint64_t>(kMillisecond), UINT32_MAX)));
  if (!trace.matched.empty()) {
    w.key("spanSet");
    write_span_set(w, trace);
    w.key("spanSets");
    w.begin_array();
    write_span_set(w, trace);
    w.end_array();
  }
  w.key("serviceStats");
  w.begin_object();
  for (const auto& [service, stats] : trace.services) {
    w.key(service);
    w.begin_object();
    w.key("spanCount");
    w.value(static_cast<int64_t>(stats.spans));
    if (stats.errors > 0) {
      w.key("errorCount");
      w.value(static_cast<int64_t>(stats.errors));
    }
    w.end_object();
  }
  w.end_object();
  w.end_object();
}

void write_strings(JsonWriter& w, const auto& strings) {
  w.begin_array();
  for (const auto& s : strings) w.value(s);
  w.end_array();
}

std::string_view type_name(model::ValueType type) {
  switch (type) {
    case model::ValueType::kInt: return "int";
    case model::ValueType::kDouble: return "float";
    case model::ValueType::kBool: return "bool";
    default: return "string";
  }
}

}  // namespace

std::string search_json(const query::TraceSearchResult& result) {
  std::string out;
  JsonWriter w(out);
  w.begin_object();
  w.key("traces");
  w.begin_array();
  for (const query::TraceSummary& trace : result.traces) write_trace(w, trace);
  w.end_array();
  w.key("metrics");
  w.begin_object();
  w.key("inspectedTraces");
  w.value(static_cast<int64_t>(result.traces.size()));
  w.key("inspectedBytes");
  w.value(std::to_string(result.completeness.bytes_inspected));
  w.key("totalBlocks");
  w.value(static_cast<int64_t>(result.completeness.blocks_total));
  w.key("completedJobs");
  w.value(static_cast<int64_t>(1));
  w.key("totalJobs");
  w.value(static_cast<int64_t>(1));
  w.end_object();
  w.end_object();
  return out;
}

std::string tag_names_json(const TagScopes& scopes) {
  std::set<std::string> names;
  for (const auto& [scope, list] : scopes) names.insert(list.begin(), list.end());
  std::string out;
  JsonWriter w(out);
  w.begin_object();
  w.key("tagNames");
  write_strings(w, names);
  w.end_object();
  return out;
}

std::string tag_names_v2_json(const TagScopes& scopes) {
  std::string out;
  JsonWriter w(out);
  w.begin_object();
  w.key("scopes");
  w.begin_array();
  for (const auto& [scope, names] : scopes) {
    w.begin_object();
    w.key("name");
    w.value(scope);
    w.key("tags");
    write_strings(w, names);
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return out;
}

std::string tag_values_json(const std::vector<contract::FieldValue>& values) {
  std::string out;
  JsonWriter w(out);
  w.begin_object();
  w.key("tagValues");
  w.begin_array();
  for (const contract::FieldValue& value : values) w.value(value.text);
  w.end_array();
  w.end_object();
  return out;
}

std::string tag_values_v2_json(const std::vector<contract::FieldValue>& values, bool keyword) {
  std::string out;
  JsonWriter w(out);
  w.begin_object();
  w.key("tagValues");
  w.begin_array();
  for (const contract::FieldValue& value : values) {
    w.begin_object();
    w.key("type");
    w.value(keyword ? std::string_view("keyword") : type_name(value.type));
    w.key("value");
    w.value(value.text);
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return out;
}

std::string buildinfo_json(const std::string& version) {
  std::string out;
  JsonWriter w(out);
  w.begin_object();
  for (const char* key : {"version", "revision", "branch", "buildUser", "buildDate", "goVersion"}) {
    w.key(key);
    w.value(std::string_view(key) == "version" ? std::string_view(version) : std::string_view(""));
  }
  w.end_object();
  return out;
}

std::vector<contract::FieldValue> fixed_values(contract::Intrinsic intrinsic) {
  std::vector<contract::FieldValue> out;
  const auto add = [&](std::initializer_list<const char*> names) {
    for (const char* name : names) out.push_back({model::ValueType::kString, name});
  };
  if (intrinsic == contract::Intrinsic::kStatus) add({"error", "ok", "unset"});
  if (intrinsic == contract::Intrinsic::kKind)
    add({"client", "consumer", "internal", "producer", "server", "unspecified"});
  return out;
}

}  // namespace tercet::api
