#include "api/tempo/tempo_api.h"

#include <algorithm>
#include <iterator>

#include "api/tempo/search_json.h"
#include "api/tempo/search_params.h"
#include "net/status.h"
#include "wire/otlp/encode.h"
#include "wire/otlp/tempo.h"

namespace tercet::api {

using net::Request;
using net::Responder;
using net::Response;

namespace {

constexpr size_t kMaxTagNames = 10'000;
constexpr size_t kMaxTagValues = 10'000;

Response failure(const Error& error) {
  return net::text_response(net::http_status(error.code()), error.message() + "\n");
}

Response json(std::string body) {
  Response response;
  response.status = 200;
  response.headers.set("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

Response protobuf(std::string body) {
  Response response;
  response.status = 200;
  response.headers.set("Content-Type", "application/protobuf");
  response.body = std::move(body);
  return response;
}

// For a header or an error's text: bounded, and on one line.
constexpr size_t kMaxReasonBytes = 2048;

std::string join(const std::vector<std::string>& reasons) {
  std::string out;
  for (const std::string& reason : reasons) {
    if (!out.empty()) out += "; ";
    out += reason;
    if (out.size() <= kMaxReasonBytes) continue;
    out.resize(kMaxReasonBytes);
    out += " ...";
    break;
  }
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  return out;
}

}  // namespace

TempoApi::TempoApi(TempoConfig config, contract::EventSource& source, Clock& clock, std::string version)
    : config_(config), source_(source), clock_(clock), version_(std::move(version)) {}

void TempoApi::mount(net::Router& router, const std::string& prefix) {
  const auto get = [&](const std::string& path, auto handler) { router.add("GET", prefix + path, handler); };
  get("/api/echo", [](Request&&, Responder r) { r.send(net::text_response(200, "echo")); });
  get("/ready", [](Request&&, Responder r) { r.send(net::text_response(200, "ready\n")); });
  get("/api/status/buildinfo", [this](Request&&, Responder r) { r.send(json(buildinfo_json(version_))); });
  get("/status/version",
      [this](Request&&, Responder r) { r.send(net::text_response(200, "tercet " + version_ + "\n")); });
  get("/api/traces/{id}", [this](Request&& q, Responder r) { trace_by_id(std::move(q), std::move(r), false); });
  get("/api/v2/traces/{id}", [this](Request&& q, Responder r) { trace_by_id(std::move(q), std::move(r), true); });
  get("/api/search", [this](Request&& q, Responder r) { search(std::move(q), std::move(r)); });
  get("/api/search/tags", [this](Request&& q, Responder r) { tag_names(std::move(q), std::move(r), false); });
  get("/api/v2/search/tags", [this](Request&& q, Responder r) { tag_names(std::move(q), std::move(r), true); });
  get("/api/search/tag/{tag}/values",
      [this](Request&& q, Responder r) { tag_values(std::move(q), std::move(r), false); });
  get("/api/v2/search/tag/{tag}/values",
      [this](Request&& q, Responder r) { tag_values(std::move(q), std::move(r), true); });
}

contract::Context TempoApi::context_for(Responder& responder) const {
  contract::Context context;
  context.deadline_mono_ns = clock_.mono_ns() + config_.query_timeout_ns;
  context.cancel = responder.cancel_token();
  return context;
}

void TempoApi::trace_by_id(Request&& request, Responder responder, bool v2) {
  const auto id = model::TraceId::from_hex(request.params.get("id").value_or(""));
  if (!id) return responder.send(net::text_response(400, "a trace id is 1 to 32 hex digits\n"));
  const auto range = parse_time_range(request);
  if (!range) return responder.send(failure(range.error()));
  // The range is a hint for engines that must ask object stores; here the index is asked, and a trace that reaches
  // beyond the range is shown whole.
  auto found = source_.find_trace(context_for(responder), *id, {});
  if (!found) return responder.send(failure(found.error()));
  const contract::Completeness& completeness = found->completeness;
  if (found->batch.spans.empty()) {
    if (!completeness.complete)
      return responder.send(net::text_response(
          500, "trace not found, but the search was incomplete: " + join(completeness.reasons) + "\n"));
    return responder.send(net::text_response(404, v2 ? "trace not found\n" : ""));
  }
  const bool wants_proto = request.headers.get("Accept").find("protobuf") != std::string_view::npos;
  const std::string reasons = join(completeness.reasons);
  const wire::otlp::TraceByIdInfo info{completeness.bytes_inspected, !completeness.complete, reasons};
  std::string body;
  if (v2 && wants_proto) {
    wire::otlp::encode_trace_by_id_proto(found->batch, info, body);
  } else if (v2) {
    wire::otlp::encode_trace_by_id_json(found->batch, info, body);
  } else if (wants_proto) {
    wire::otlp::encode_tempo_trace_proto(found->batch, body);
  } else {
    wire::otlp::encode_traces_json(found->batch, wire::otlp::JsonDialect::kProtobufJson, body, "batches");
  }
  responder.send(wants_proto ? protobuf(std::move(body)) : json(std::move(body)));
}

void TempoApi::search(Request&& request, Responder responder) {
  const bool has_query = !request.query.get("q").value_or("").empty();
  const bool has_tags =
      request.query.get("tags") || request.query.get("minDuration") || request.query.get("maxDuration");
  if (has_query && has_tags)
    return responder.send(net::text_response(400, "q and tags, minDuration, maxDuration exclude one another\n"));
  // The empty TraceQL query asks for everything, which the tag search can answer; all others need the language.
  const std::string q(request.query.get("q").value_or(""));
  if (has_query && q.find_first_not_of("{ }") != std::string::npos) {
    return responder.send(
        net::text_response(400, "TraceQL is not there yet: search with tags, minDuration, maxDuration\n"));
  }
  const auto params = parse_search(request, config_.search_limit_max);
  if (!params) return responder.send(failure(params.error()));
  const auto result = query::search_traces(source_, context_for(responder), *params);
  if (!result) return responder.send(failure(result.error()));
  Response response = json(search_json(*result));
  // Grafana refuses unknown fields in this JSON, so what is missing travels in a header.
  if (!result->completeness.complete) response.headers.set("X-Tercet-Partial", join(result->completeness.reasons));
  responder.send(std::move(response));
}

void TempoApi::tag_names(Request&& request, Responder responder, bool v2) {
  const auto range = parse_time_range(request);
  if (!range) return responder.send(failure(range.error()));
  const contract::Context context = context_for(responder);
  const std::string scope(request.query.get("scope").value_or(""));
  static constexpr std::string_view kScopes[] = {"",          "none",  "resource", "span",
                                                 "intrinsic", "event", "link",     "instrumentation"};
  if (std::find(std::begin(kScopes), std::end(kScopes), scope) == std::end(kScopes)) {
    return responder.send(net::text_response(
        400, "parameter scope: is none of resource, span, intrinsic, event, link, instrumentation, none\n"));
  }
  TagScopes scopes;
  if (scope.empty() || scope == "resource" || scope == "none") {
    auto names = source_.field_names(context, contract::FieldScope::kResource, *range, kMaxTagNames);
    if (!names) return responder.send(failure(names.error()));
    scopes.emplace_back("resource", std::move(*names));
  }
  if (scope.empty() || scope == "span" || scope == "none") {
    auto names = source_.field_names(context, contract::FieldScope::kRecord, *range, kMaxTagNames);
    if (!names) return responder.send(failure(names.error()));
    scopes.emplace_back("span", std::move(*names));
  }
  if (scope.empty() || scope == "intrinsic")
    scopes.emplace_back("intrinsic", std::vector<std::string>{"kind", "name", "status"});
  responder.send(json(v2 ? tag_names_v2_json(scopes) : tag_names_json(scopes)));
}

void TempoApi::tag_values(Request&& request, Responder responder, bool v2) {
  const auto range = parse_time_range(request);
  if (!range) return responder.send(failure(range.error()));
  // Grafana encodes the tag twice.
  const auto tag = net::percent_decode(request.params.get("tag").value_or(""));
  if (!tag) return responder.send(failure(tag.error()));
  const contract::Field field = parse_tag(*tag);
  std::vector<contract::FieldValue> values;
  const bool listed =
      field.scope == contract::FieldScope::kIntrinsic &&
      (field.intrinsic == contract::Intrinsic::kStatus || field.intrinsic == contract::Intrinsic::kKind);
  if (listed) {
    values = fixed_values(field.intrinsic);
  } else {
    auto found = source_.field_values(context_for(responder), field, *range, kMaxTagValues);
    if (!found) return responder.send(failure(found.error()));
    values = std::move(*found);
  }
  responder.send(json(v2 ? tag_values_v2_json(values, listed) : tag_values_json(values)));
}

}  // namespace tercet::api
