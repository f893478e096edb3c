#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "app/commands.h"
#include "base/clock.h"
#include "model/events/span_batch.h"
#include "net/http_client.h"
#include "wire/otlp/decode.h"

namespace tercet::app {

namespace {

using model::Span;
using model::SpanBatch;

// Control characters of a sender's text must not reach a terminal.
std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c);
  return out;
}

// Three significant digits in the largest fitting unit: 705 ms, 1.23 s, 452 µs.
std::string short_duration(uint64_t ns) {
  struct Unit {
    uint64_t ns;
    const char* name;
  };
  static constexpr Unit kUnits[] = {{static_cast<uint64_t>(kSecond), "s"},
                                    {static_cast<uint64_t>(kMillisecond), "ms"},
                                    {static_cast<uint64_t>(kMicrosecond), "us"}};
  for (const Unit& unit : kUnits) {
    if (ns < unit.ns) continue;
    const double value = static_cast<double>(ns) / static_cast<double>(unit.ns);
    char text[32];
    std::snprintf(text, sizeof text, "%.*f %s", value >= 100 ? 0 : value >= 10 ? 1 : 2, value, unit.name);
    return text;
  }
  return std::to_string(ns) + " ns";
}

class TreePrinter {
 public:
  explicit TreePrinter(const SpanBatch& batch) : batch_(batch) {
    std::map<uint64_t, size_t> by_id;
    for (size_t i = 0; i < batch.spans.size(); ++i) by_id[batch.spans[i].span_id.value] = i;
    for (size_t i = 0; i < batch.spans.size(); ++i) {
      const Span& span = batch.spans[i];
      start_ = std::min(start_, span.start_ns);
      const auto parent = by_id.find(span.parent_span_id.value);
      const bool is_root = !span.parent_span_id.valid() || parent == by_id.end() || parent->second == i;
      (is_root ? roots_ : children_[parent->second]).push_back(i);
    }
    by_start(roots_);
    for (auto& [parent, list] : children_) by_start(list);
    printed_.assign(batch.spans.size(), false);
  }

  void print() {
    for (const size_t root : roots_) print_span(root, 0);
    // What hangs on a cycle of parents has no root; it is shown all the same.
    for (size_t i = 0; i < printed_.size(); ++i) {
      if (!printed_[i]) print_span(i, 0);
    }
  }

 private:
  void by_start(std::vector<size_t>& list) {
    std::sort(list.begin(), list.end(),
              [this](size_t a, size_t b) { return batch_.spans[a].start_ns < batch_.spans[b].start_ns; });
  }

  // An explicit stack: a trace may be as deep as it is long.
  void print_span(size_t first, int first_depth) {
    std::vector<std::pair<size_t, int>> stack{{first, first_depth}};
    while (!stack.empty()) {
      const auto [i, depth] = stack.back();
      stack.pop_back();
      if (printed_[i]) continue;
      printed_[i] = true;
      print_line(batch_.spans[i], depth);
      const auto it = children_.find(i);
      if (it == children_.end()) continue;
      for (auto child = it->second.rbegin(); child != it->second.rend(); ++child) stack.emplace_back(*child, depth + 1);
    }
  }

  void print_line(const Span& span, int depth) const {
    const bool orphan = span.parent_span_id.valid() && depth == 0;
    const std::string text = std::string(static_cast<size_t>(std::min(depth, 40)) * 2, ' ') + printable(span.name) +
                             (orphan ? " (parent missing)" : "");
    const bool failed = span.status == model::StatusCode::kError;
    std::printf("%10s %10s  %-20s %s%s%s\n", ("+" + short_duration(span.start_ns - start_)).c_str(),
                short_duration(span.duration_ns()).c_str(),
                printable(batch_.service_name(batch_.scopes[span.scope])).c_str(), text.c_str(),
                failed ? "  ERROR " : "", failed ? printable(span.status_message).c_str() : "");
  }

  const SpanBatch& batch_;
  uint64_t start_ = UINT64_MAX;
  std::vector<size_t> roots_;
  std::map<size_t, std::vector<size_t>> children_;
  std::vector<bool> printed_;
};

}  // namespace

int show_trace(const TraceOptions& options) {
  if (!model::TraceId::from_hex(options.id)) {
    std::fprintf(stderr, "tercet trace: \"%s\" is no trace id: 1 to 32 hex digits\n", printable(options.id).c_str());
    return 2;
  }
  net::HttpClient client;
  net::ClientRequest request;
  std::string server = options.server;
  while (server.ends_with('/')) server.pop_back();
  request.url = server + (options.json ? "/tempo/api/v2/traces/" : "/tempo/api/traces/") + options.id;
  request.headers.set("Accept", options.json ? "application/json" : "application/protobuf");
  const auto response = client.fetch(request, {});
  if (!response) {
    std::fprintf(stderr, "tercet trace: %s; is the server running there? (--server)\n",
                 response.error().message().c_str());
    return 1;
  }
  if (response->status == 404) {
    std::fprintf(stderr, "tercet trace: trace %s not found at %s\n", options.id.c_str(), options.server.c_str());
    return 1;
  }
  if (response->status != 200) {
    std::fprintf(stderr, "tercet trace: the server answered %d: %s\n", response->status,
                 printable(response->body).c_str());
    return 1;
  }
  if (options.json) {
    std::printf("%s\n", response->body.c_str());
    return 0;
  }
  SpanBatch batch;
  if (auto decoded = wire::otlp::decode_traces_proto(response->body, {}, batch); !decoded) {
    std::fprintf(stderr, "tercet trace: the answer is no trace: %s\n", decoded.error().message().c_str());
    return 1;
  }
  std::printf("%10s %10s  %-20s %s\n", "start", "duration", "service", "span");
  TreePrinter(batch).print();
  return 0;
}

}  // namespace tercet::app
