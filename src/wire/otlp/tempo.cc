#include "wire/otlp/tempo.h"

#include "wire/otlp/encode_traces.h"
#include "wire/otlp/json_encoder.h"
#include "wire/otlp/proto_encoder.h"

namespace tercet::wire::otlp {

namespace {

constexpr uint64_t kPartial = 1;  // PartialStatus; COMPLETE = 0 is left out

}  // namespace

void encode_tempo_trace_proto(const model::SpanBatch& batch, std::string& out) { encode_traces_proto(batch, out); }

void encode_trace_by_id_proto(const model::SpanBatch& batch, const TraceByIdInfo& info, std::string& out) {
  ProtoWriter writer(expected_bytes(batch));
  write_text(writer, 4, info.message);
  write_varint(writer, 3, info.partial ? kPartial : 0);
  size_t end = writer.size();
  write_varint(writer, 1, info.inspected_bytes);
  writer.message_field(2, end);
  end = writer.size();
  write_traces(writer, batch);
  writer.message_field(1, end);
  out.append(writer.bytes());
}

void encode_trace_by_id_json(const model::SpanBatch& batch, const TraceByIdInfo& info, std::string& out) {
  std::string text;
  text::JsonWriter json(text);
  json.begin_object();
  json.key("trace");
  write_traces(json, batch, JsonDialect::kProtobufJson, "resourceSpans");
  json.key("metrics");
  json.begin_object();
  write_u64(json, "inspectedBytes", info.inspected_bytes);
  json.end_object();
  if (info.partial) {
    json.key("status");
    json.value("PARTIAL");
  }
  write_text(json, "message", info.message);
  json.end_object();
  out += text;
}

}  // namespace tercet::wire::otlp
