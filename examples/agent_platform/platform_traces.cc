#include "examples/agent_platform/platform_traces.h"

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "base/clock.h"

namespace tercet::example {

using model::Attribute;
using model::Range;
using model::Span;
using model::SpanBatch;
using model::SpanKind;
using model::StatusCode;
using model::Value;

namespace {

struct Model {
  std::string_view provider;
  std::string_view id;
  double usd_per_input_token;
  double usd_per_output_token;
  double median_ms;
};

// Invented providers and prices: the example must not go stale with somebody's price list.
constexpr std::array<Model, 4> kModels = {{
    {"northwind", "northwind-large", 3e-6, 15e-6, 2400},
    {"northwind", "northwind-small", 0.3e-6, 1.2e-6, 700},
    {"contoso", "contoso-pro", 2.5e-6, 10e-6, 1800},
    {"local", "local-8b", 0, 0, 900},
}};
constexpr std::array<std::string_view, 4> kTeams = {"red", "blue", "growth", "platform"};
constexpr std::array<std::string_view, 3> kPriorities = {"low", "normal", "high"};

// Builds one trace span by span; times run forward from `cursor`.
class TraceBuilder {
 public:
  TraceBuilder(Random& random, SpanBatch& out) : random_(random), out_(out), trace_{random.next(), random.next() | 1} {}

  uint32_t scope(std::string_view service) {
    const auto begin = static_cast<uint32_t>(out_.attributes.size());
    add("service.name", Value::string(service));
    add("service.version", Value::string("2.4.1"));
    add("environment", Value::string("dev"));
    add("host.name", Value::string(keep("node-" + std::to_string(random_.below(3) + 1))));
    out_.resources.push_back({{begin, static_cast<uint32_t>(out_.attributes.size()) - begin}, 0, {}});
    out_.scopes.push_back({static_cast<uint32_t>(out_.resources.size() - 1), "agent_platform", "1.0.0", {}, 0, {}});
    return static_cast<uint32_t>(out_.scopes.size() - 1);
  }

  /// Opens a span; its attributes follow with add() until close() of it or of another one begins.
  Span begin(std::string_view name, uint32_t scope, model::SpanId parent, uint64_t start_ns, SpanKind kind) {
    Span span;
    span.trace_id = trace_;
    span.span_id = {random_.next() | 1};
    span.parent_span_id = parent;
    span.scope = scope;
    span.flags = 1;
    span.name = name;
    span.start_ns = start_ns;
    span.kind = kind;
    span.attributes.begin = static_cast<uint32_t>(out_.attributes.size());
    return span;
  }
  void add(std::string_view key, Value value) { out_.attributes.push_back({key, value}); }
  void end_attributes(Span& span) {
    span.attributes.count = static_cast<uint32_t>(out_.attributes.size()) - span.attributes.begin;
  }
  void finish(Span& span, uint64_t end_ns, StatusCode status = StatusCode::kOk, std::string_view message = {}) {
    span.end_ns = end_ns;
    span.status = status;
    span.status_message = message;
    out_.spans.push_back(span);
  }
  std::string_view keep(std::string text) { return out_.arena.copy(text); }
  uint64_t ms(double median) {
    // Log-normal by the sum of uniforms: a long tail as real services have.
    double sum = 0;
    for (int i = 0; i < 6; ++i) sum += random_.unit();
    return static_cast<uint64_t>(median * std::exp((sum - 3.0) * 0.9) * 1e6);
  }
  Random& random() { return random_; }

 private:
  Random& random_;
  SpanBatch& out_;
  model::TraceId trace_;
};

struct Task {
  std::string_view id, correlation, user, team, priority;
};

void add_task(TraceBuilder& t, const Task& task) {
  t.add("task.id", Value::string(task.id));
  t.add("correlation.id", Value::string(task.correlation));
  t.add("user.id", Value::string(task.user));
  t.add("team.id", Value::string(task.team));
}

void add_model(TraceBuilder& t, const Model& m) {
  t.add("model.provider", Value::string(m.provider));
  t.add("model.id", Value::string(m.id));
}

// router.select_model → adapter.health_check; returns the time behind it.
uint64_t select_model(TraceBuilder& t, const Task& task, uint32_t router, uint32_t adapter, model::SpanId parent,
                      uint64_t at, const Model& m, bool fallback) {
  Span select = t.begin("router.select_model", router, parent, at, SpanKind::kServer);
  add_task(t, task);
  add_model(t, m);
  t.add("model.selection", Value::string(fallback ? "fallback" : "primary"));
  t.end_attributes(select);
  const uint64_t checked = at + t.ms(3);
  Span check = t.begin("adapter.health_check", adapter, select.span_id, at + t.ms(0.4), SpanKind::kClient);
  add_model(t, m);
  t.end_attributes(check);
  t.finish(check, checked);
  const uint64_t end = checked + t.ms(0.5);
  t.finish(select, end);
  return end;
}

// adapter.complete → http.client, cost.calculate; returns the time behind it.
uint64_t complete(TraceBuilder& t, const Task& task, uint32_t adapter, model::SpanId parent, uint64_t at,
                  const Model& m, bool fails) {
  const auto input = static_cast<int64_t>(200 + t.random().below(6000));
  const auto output = fails ? 0 : static_cast<int64_t>(20 + t.random().below(1500));
  const double cost =
      static_cast<double>(input) * m.usd_per_input_token + static_cast<double>(output) * m.usd_per_output_token;
  Span adapter_span = t.begin("adapter.complete", adapter, parent, at, SpanKind::kInternal);
  add_task(t, task);
  add_model(t, m);
  t.add("tokens.input", Value::integer(input));
  t.add("tokens.output", Value::integer(output));
  t.add("cost.usd", Value::real(fails ? 0 : cost));
  t.end_attributes(adapter_span);
  const uint64_t answered = at + t.ms(fails ? m.median_ms * 3 : m.median_ms);
  Span http = t.begin("http.client", adapter, adapter_span.span_id, at + t.ms(1), SpanKind::kClient);
  t.add("http.request.method", Value::string("POST"));
  t.add("server.address", Value::string(t.keep("api." + std::string(m.provider) + ".example")));
  t.add("http.response.status_code", Value::integer(fails ? 529 : 200));
  t.end_attributes(http);
  t.finish(http, answered, fails ? StatusCode::kError : StatusCode::kUnset, fails ? "the provider is overloaded" : "");
  uint64_t end = answered + t.ms(0.3);
  if (!fails) {
    Span price = t.begin("cost.calculate", adapter, adapter_span.span_id, end, SpanKind::kInternal);
    add_model(t, m);
    t.add("cost.usd", Value::real(cost));
    t.end_attributes(price);
    end += t.ms(0.2);
    t.finish(price, end);
  }
  t.finish(adapter_span, end, fails ? StatusCode::kError : StatusCode::kOk, fails ? "529 from the provider" : "");
  return end;
}

}  // namespace

void append_task(Random& random, int64_t now_ns, SpanBatch& out) {
  TraceBuilder t(random, out);
  const auto id = [&](std::string_view prefix, uint64_t below) {
    return t.keep(std::string(prefix) + std::to_string(random.below(below)));
  };
  const Task task{id("task-", 1'000'000'000), id("corr-", 1'000'000'000), id("user-", 200),
                  kTeams[random.below(kTeams.size())], kPriorities[random.below(kPriorities.size())]};
  const uint32_t runner = t.scope("agent-runner");
  const uint32_t router = t.scope("router");
  const uint32_t adapter = t.scope("model-adapter");
  const uint32_t store = t.scope("artifact-store");
  const uint64_t begin = static_cast<uint64_t>(now_ns) - t.ms(4000);

  Span root = t.begin("task.execute", runner, {}, begin, SpanKind::kServer);
  add_task(t, task);
  t.add("task.priority", Value::string(task.priority));
  t.end_attributes(root);

  const Model* m = &kModels[random.below(kModels.size())];
  const bool first_fails = random.below(20) == 0;
  const bool all_fail = first_fails && random.below(3) == 0;
  uint64_t at = select_model(t, task, router, adapter, root.span_id, begin + t.ms(1), *m, false);
  at = complete(t, task, adapter, root.span_id, at, *m, first_fails);
  if (first_fails) {
    m = m == &kModels[3] ? &kModels[0] : &kModels[3];
    at = select_model(t, task, router, adapter, root.span_id, at, *m, true);
    at = complete(t, task, adapter, root.span_id, at, *m, all_fail);
  }
  if (!all_fail) {
    Span put = t.begin("artifact.store", store, root.span_id, at, SpanKind::kClient);
    add_task(t, task);
    t.add("artifact.bytes", Value::integer(static_cast<int64_t>(random.below(2'000'000))));
    t.end_attributes(put);
    at += t.ms(12);
    t.finish(put, at);
  }
  t.finish(root, at + t.ms(1), all_fail ? StatusCode::kError : StatusCode::kOk, all_fail ? "no model answered" : "");
}

}  // namespace tercet::example
