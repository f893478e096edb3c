#include "pipeline/receivers/otlp_http.h"

#include <memory>
#include <optional>

#include "net/status.h"
#include "wire/otlp/decode.h"
#include "wire/otlp/response.h"

namespace tercet::pipeline {

using wire::otlp::DecodeReport;
using wire::otlp::Encoding;

ConfigFields OtlpHttpConfig::fields() {
  return {
      integer_field("max_depth", max_depth, 1, 64,
                    "Nesting of attribute values; deeper requests are refused with 400."),
      integer_field("max_spans", max_spans, 1, 100'000'000,
                    "Spans of one request; larger requests are refused with 400."),
  };
}

namespace {

// The media type without its parameters, lower case.
std::optional<Encoding> encoding_of(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  for (char& c : type) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  if (type == "application/x-protobuf" || type == "application/protobuf") return Encoding::kProto;
  if (type == "application/json") return Encoding::kJson;
  return std::nullopt;
}

std::string_view content_type(Encoding encoding) {
  return encoding == Encoding::kProto ? "application/x-protobuf" : "application/json";
}

net::Response success(Encoding encoding, uint64_t rejected, std::string_view message) {
  net::Response response;
  response.status = 200;
  response.headers.set("Content-Type", content_type(encoding));
  response.body = wire::otlp::encode_trace_response(encoding, rejected, message);
  return response;
}

// Errors travel as google.rpc.Status in the request's encoding. What cannot succeed by waiting has no Retry-After.
net::Response failure(Encoding encoding, const Error& error) {
  net::Response response;
  response.status = net::http_status(error.code());
  response.headers.set("Content-Type", content_type(encoding));
  if (error.retry_after().count() > 0) response.headers.set("Retry-After", net::retry_after_seconds(error));
  response.body = wire::otlp::encode_status(encoding, error);
  return response;
}

}  // namespace

OtlpHttpReceiver::OtlpHttpReceiver(OtlpHttpConfig config, contract::SpanSink& spans, LossLedger& ledger,
                                   MetricRegistry& registry)
    : config_(config),
      spans_(spans),
      ledger_(ledger),
      mended_(
          registry.counter("tercet_otlp_mended_total",
                           "Ids blanked, duplicate keys merged and ill-formed strings repaired in accepted spans.")),
      requests_json_(registry.counter("tercet_otlp_requests_total", "OTLP requests by encoding.",
                                      {{"signal", "traces"}, {"encoding", "json"}})),
      requests_proto_(registry.counter("tercet_otlp_requests_total", "OTLP requests by encoding.",
                                       {{"signal", "traces"}, {"encoding", "protobuf"}})) {}

void OtlpHttpReceiver::mount(net::Router& router) {
  router.add("POST", "/v1/traces", [this](net::Request&& request, net::Responder responder) {
    traces(std::move(request), std::move(responder));
  });
}

void OtlpHttpReceiver::traces(net::Request&& request, net::Responder responder) {
  const auto encoding = encoding_of(request.headers.get("Content-Type"));
  if (!encoding) {
    return responder.send(net::text_response(415, "OTLP takes application/x-protobuf and application/json, not \"" +
                                                      std::string(request.headers.get("Content-Type")) + "\"\n"));
  }
  (*encoding == Encoding::kJson ? requests_json_ : requests_proto_).add();
  wire::otlp::DecodeLimits limits;
  limits.max_depth = static_cast<size_t>(config_.max_depth);
  limits.max_spans = static_cast<size_t>(config_.max_spans);
  model::SpanBatch batch;
  auto report = wire::otlp::decode_traces(*encoding, std::move(request.body), limits, batch);
  if (!report) {
    ledger_.lost(contract::Signal::kTraces, "undecodable_request", request.remote_address, 1);
    return responder.send(failure(*encoding, report.error()));
  }
  ledger_.lost(contract::Signal::kTraces, "invalid_id", request.remote_address, report->rejected_spans);
  mended_.add(report->invalid_parent_ids + report->invalid_link_ids + report->duplicate_keys + report->invalid_utf8);
  // Parked until the journal has synced the batch and the head shows it.
  spans_.consume({}, std::move(batch),
                 [responder = std::move(responder), encoding = *encoding,
                  report = std::move(*report)](Result<contract::Accepted> accepted) mutable {
                   if (!accepted) return responder.send(failure(encoding, accepted.error()));
                   const std::string_view between = report.message.empty() || accepted->message.empty() ? "" : "; ";
                   responder.send(success(encoding, report.rejected_spans + accepted->rejected,
                                          report.message + std::string(between) + accepted->message));
                 });
}

}  // namespace tercet::pipeline
