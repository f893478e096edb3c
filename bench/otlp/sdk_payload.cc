#include "bench/otlp/sdk_payload.h"

#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "base/random.h"

namespace tercet::bench {

namespace {

using model::Value;

constexpr size_t kSpans = 512;
constexpr size_t kSpansPerTrace = 8;
constexpr uint64_t kStart = 1'770'000'000'000'000'000;

enum class Shape : uint8_t { kText, kInteger, kDouble, kBool };

struct Column {
  std::string_view key;
  std::string_view stem;  // of text values: stem and number
  uint32_t values;
  Shape shape = Shape::kText;
};

constexpr std::array<Column, 12> kSmall = {{{"http.request.method", "METHOD_", 7},
                                            {"http.response.status_code", "", 40, Shape::kInteger},
                                            {"http.route", "/api/v1/resource/{id}/part", 100},
                                            {"url.scheme", "http", 2},
                                            {"server.address", "adapter-", 50},
                                            {"server.port", "", 20, Shape::kInteger},
                                            {"network.protocol.version", "1.", 3},
                                            {"model.provider", "provider-", 8},
                                            {"model.id", "vendor/model-large-v", 60},
                                            {"model.selection", "fallback", 2},
                                            {"cache.hit", "", 2, Shape::kBool},
                                            {"team.id", "team-", 100}}};
constexpr std::array<Column, 6> kLarge = {{{"user.id", "user-", 10'000},
                                           {"tokens.input", "", 10'000, Shape::kInteger},
                                           {"tokens.output", "", 10'000, Shape::kInteger},
                                           {"cost.usd", "", 10'000, Shape::kDouble},
                                           {"client.address", "10.20.30.", 10'000},
                                           {"code.function.name", "service.module.Class.method_", 10'000}}};

class Payload {
 public:
  explicit Payload(uint64_t seed) : random_(seed) {}

  model::SpanBatch make(size_t service) {
    model::SpanBatch batch;
    batch_ = &batch;
    add_resource(service);
    for (size_t i = 0; i < kSpans; ++i) {
      if (i % kSpansPerTrace == 0) start_trace();
      add_span(i);
    }
    return batch;
  }

 private:
  std::string_view text(std::string_view stem, uint64_t number) {
    return batch_->arena.copy(std::string(stem) + std::to_string(number));
  }

  /// Small numbers are frequent.
  uint64_t skewed(uint64_t values) {
    const double u = random_.unit();
    return static_cast<uint64_t>(u * u * static_cast<double>(values));
  }

  std::string_view uuid() {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    for (int i = 0; i < 36; ++i) out += i == 8 || i == 13 || i == 18 || i == 23 ? '-' : kHex[random_.below(16)];
    return batch_->arena.copy(out);
  }

  void add(std::string_view key, Value value) { batch_->attributes.push_back({key, value}); }

  void add(const Column& column) {
    const uint64_t number = skewed(column.values);
    switch (column.shape) {
      case Shape::kText: return add(column.key, Value::string(text(column.stem, number)));
      case Shape::kInteger: return add(column.key, Value::integer(static_cast<int64_t>(number) + 100));
      case Shape::kDouble: return add(column.key, Value::real(static_cast<double>(number) * 1e-5));
      case Shape::kBool: return add(column.key, Value::boolean(number != 0));
    }
  }

  void add_resource(size_t service) {
    add("service.name", Value::string(text("agent-runner-", service)));
    add("service.version", Value::string("1.42.0"));
    add("service.instance.id", Value::string(text("agent-runner-7d9f8b6c5-", service)));
    add("telemetry.sdk.name", Value::string("opentelemetry"));
    add("telemetry.sdk.language", Value::string("python"));
    add("telemetry.sdk.version", Value::string("1.30.0"));
    add("host.name", Value::string(text("node-", service)));
    add("process.pid", Value::integer(static_cast<int64_t>(1'000 + service)));
    add("environment", Value::string("production"));
    batch_->resources.push_back(
        {{0, static_cast<uint32_t>(batch_->attributes.size())}, 0, "https://opentelemetry.io/schemas/1.30.0"});
    batch_->scopes.push_back({0, "opentelemetry.instrumentation.asgi", "0.51b0", {}, 0, {}});
  }

  void start_trace() {
    trace_ = {random_.next(), random_.next() | 1};
    root_ = {random_.next() | 1};
    correlation_ = uuid();
    task_ = uuid();
    time_ = kStart + random_.below(UINT64_C(60'000'000'000));
  }

  void add_span(size_t i) {
    model::Span s;
    s.trace_id = trace_;
    const bool is_root = i % kSpansPerTrace == 0;
    s.span_id = is_root ? root_ : model::SpanId{random_.next() | 1};
    if (!is_root) s.parent_span_id = root_;
    s.name = text("operation.step-", skewed(40));
    s.kind = is_root ? model::SpanKind::kServer : i % 2 == 0 ? model::SpanKind::kClient : model::SpanKind::kInternal;
    time_ += random_.below(5'000'000);
    s.start_ns = time_;
    s.end_ns = time_ + static_cast<uint64_t>(std::pow(10.0, 4 + 5 * random_.unit()));
    s.flags = 0x101;
    const auto begin = static_cast<uint32_t>(batch_->attributes.size());
    for (const Column& column : kSmall) add(column);
    for (const Column& column : kLarge) add(column);
    add("correlation.id", Value::string(correlation_));
    add("task.id", Value::string(task_));
    s.attributes = {begin, static_cast<uint32_t>(batch_->attributes.size()) - begin};
    if (i % 32 == 31) add_exception(s);
    if (i % 64 == 63) {
      s.links = {static_cast<uint32_t>(batch_->links.size()), 1};
      batch_->links.push_back({{random_.next(), random_.next() | 1}, {random_.next() | 1}, {}, {}, 0, 0x101});
    }
    batch_->spans.push_back(s);
  }

  void add_exception(model::Span& s) {
    s.status = model::StatusCode::kError;
    s.status_message = "upstream timed out";
    s.events = {static_cast<uint32_t>(batch_->events.size()), 1};
    const auto begin = static_cast<uint32_t>(batch_->attributes.size());
    add("exception.type", Value::string("TimeoutError"));
    add("exception.message", Value::string("upstream timed out after 30 s"));
    add("exception.stacktrace", Value::string(text("File \"/srv/app/adapter.py\", line ", skewed(500))));
    batch_->events.push_back({s.end_ns, "exception", {begin, 3}, 0});
  }

  SeededRandom random_;
  model::SpanBatch* batch_ = nullptr;
  model::TraceId trace_;
  model::SpanId root_;
  std::string_view correlation_, task_;
  uint64_t time_ = 0;
};

}  // namespace

std::vector<model::SpanBatch> sdk_batches(size_t requests, uint64_t seed) {
  constexpr size_t kServices = 4;
  Payload payload(seed);
  std::vector<model::SpanBatch> batches;
  for (size_t i = 0; i < requests; ++i) batches.push_back(payload.make(i % kServices));
  return batches;
}

}  // namespace tercet::bench
