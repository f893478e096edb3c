#include "base/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <iterator>
#include <map>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "base/check.h"

namespace tercet {

namespace {

enum class Kind : uint8_t { kCounter, kGauge, kHistogram };

/// One label set of a family; exactly one of the four is set.
struct Child {
  MetricLabels labels;
  std::unique_ptr<Counter> counter;
  std::unique_ptr<Gauge> gauge;
  std::unique_ptr<Histogram> histogram;
  std::function<double()> read;
};

struct Family {
  Kind kind;
  std::string help;
  std::deque<Child> children;
  std::unordered_map<std::string, size_t> by_labels;
};

bool is_valid_name(std::string_view name, bool colon_allowed) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (c == ':' && colon_allowed);
  });
}

void append_escaped(std::string& out, std::string_view text, bool in_quotes) {
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && in_quotes) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

void append_number(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else {
    fmt::format_to(std::back_inserter(out), "{}", value);
  }
}

/// Length-prefixed, so that no two label sets give the same key.
std::string key_of(const MetricLabels& labels) {
  std::string key;
  for (const auto& [name, value] : labels) {
    fmt::format_to(std::back_inserter(key), "{}={}:{}", name, value.size(), value);
  }
  return key;
}

/// `le` is the bucket's bound, or nothing.
void append_series(std::string& out, std::string_view name, const MetricLabels& labels, std::string_view le = {}) {
  out += name;
  if (labels.empty() && le.empty()) return;
  char separator = '{';
  for (const auto& [label, value] : labels) {
    out += separator;
    out += label;
    out += "=\"";
    append_escaped(out, value, true);
    out += '"';
    separator = ',';
  }
  if (!le.empty()) fmt::format_to(std::back_inserter(out), "{}le=\"{}\"", separator, le);
  out += '}';
}

void append_histogram(std::string& out, const std::string& name, const Child& child) {
  const Histogram& histogram = *child.histogram;
  uint64_t cumulative = 0;
  for (size_t i = 0; i <= histogram.bounds().size(); ++i) {
    cumulative += histogram.bucket(i);
    std::string bound;
    append_number(bound, i < histogram.bounds().size() ? histogram.bounds()[i] : HUGE_VAL);
    append_series(out, name + "_bucket", child.labels, bound);
    fmt::format_to(std::back_inserter(out), " {}\n", cumulative);
  }
  append_series(out, name + "_sum", child.labels);
  out += ' ';
  append_number(out, histogram.sum());
  out += '\n';
  append_series(out, name + "_count", child.labels);
  fmt::format_to(std::back_inserter(out), " {}\n", cumulative);
}

void append_child(std::string& out, const std::string& name, const Child& child) {
  if (child.histogram) return append_histogram(out, name, child);
  append_series(out, name, child.labels);
  out += ' ';
  if (child.counter) {
    fmt::format_to(std::back_inserter(out), "{}", child.counter->value());
  } else {
    append_number(out, child.gauge ? child.gauge->value() : child.read());
  }
  out += '\n';
}

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::kCounter: return "counter";
    case Kind::kGauge: return "gauge";
    case Kind::kHistogram: return "histogram";
  }
  return "untyped";
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), buckets_(std::make_unique<std::atomic<uint64_t>[]>(bounds_.size() + 1)) {
  for (size_t i = 0; i < bounds_.size(); ++i) {
    CHECK(std::isfinite(bounds_[i]));
    CHECK(i == 0 || bounds_[i - 1] < bounds_[i]);
  }
}

void Histogram::observe(double v) {
  size_t i = 0;
  while (i < bounds_.size() && !(v <= bounds_[i])) ++i;  // so that NaN lands in +Inf, as Prometheus has it
  buckets_[i].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(v, std::memory_order_relaxed);
}

struct MetricRegistry::Impl {
  mutable std::mutex mutex;
  std::map<std::string, Family, std::less<>> families;

  /// Finds or makes the child; a new one is empty and the caller fills it, still under the lock. `full` is set when the
  /// family was at its cap, so that the child is the shared one.
  Child& child(std::string_view name, std::string_view help, Kind kind, MetricLabels labels, bool* full = nullptr) {
    auto at = families.find(name);
    if (at == families.end()) {
      CHECK(is_valid_name(name, true));
      at = families.emplace(std::string(name), Family{kind, std::string(help), {}, {}}).first;
    }
    Family& family = at->second;
    CHECK(family.kind == kind);
    std::sort(labels.begin(), labels.end());
    std::string key = key_of(labels);
    if (const auto found = family.by_labels.find(key); found != family.by_labels.end()) {
      return family.children[found->second];
    }
    for (size_t i = 0; i < labels.size(); ++i) {
      CHECK(is_valid_name(labels[i].first, false));
      CHECK(i == 0 || labels[i - 1].first != labels[i].first);
    }
    if (family.children.size() >= kMaxChildren) {
      if (full != nullptr) *full = true;
      for (auto& [label, value] : labels) value = "other";
      key = key_of(labels);
      if (const auto found = family.by_labels.find(key); found != family.by_labels.end()) {
        return family.children[found->second];
      }
    }
    family.by_labels.emplace(std::move(key), family.children.size());
    family.children.emplace_back().labels = std::move(labels);
    return family.children.back();
  }
};

MetricRegistry::MetricRegistry() : impl_(std::make_unique<Impl>()) {}
MetricRegistry::~MetricRegistry() = default;

Counter& MetricRegistry::counter(std::string_view name, std::string_view help, MetricLabels labels) {
  const std::lock_guard lock(impl_->mutex);
  Child& child = impl_->child(name, help, Kind::kCounter, std::move(labels));
  CHECK(!child.read);
  if (!child.counter) child.counter = std::make_unique<Counter>();
  return *child.counter;
}

Gauge& MetricRegistry::gauge(std::string_view name, std::string_view help, MetricLabels labels) {
  const std::lock_guard lock(impl_->mutex);
  Child& child = impl_->child(name, help, Kind::kGauge, std::move(labels));
  CHECK(!child.read);
  if (!child.gauge) child.gauge = std::make_unique<Gauge>();
  return *child.gauge;
}

Histogram& MetricRegistry::histogram(std::string_view name, std::string_view help, std::vector<double> bounds,
                                     MetricLabels labels) {
  const std::lock_guard lock(impl_->mutex);
  Child& child = impl_->child(name, help, Kind::kHistogram, std::move(labels));
  if (!child.histogram) child.histogram = std::make_unique<Histogram>(std::move(bounds));
  return *child.histogram;
}

void MetricRegistry::callback(std::string_view name, std::string_view help, bool is_counter, MetricLabels labels,
                              std::function<double()> read) {
  const std::lock_guard lock(impl_->mutex);
  bool full = false;
  Child& child = impl_->child(name, help, is_counter ? Kind::kCounter : Kind::kGauge, std::move(labels), &full);
  CHECK(!child.counter && !child.gauge);
  if (full) {
    if (!child.read) child.read = [] { return std::nan(""); };
    return;
  }
  child.read = std::move(read);
}

std::string MetricRegistry::render() const {
  const std::lock_guard lock(impl_->mutex);
  std::string out;
  for (const auto& [name, family] : impl_->families) {
    fmt::format_to(std::back_inserter(out), "# HELP {} ", name);
    append_escaped(out, family.help, false);
    fmt::format_to(std::back_inserter(out), "\n# TYPE {} {}\n", name, kind_name(family.kind));
    for (const Child& child : family.children) append_child(out, name, child);
  }
  return out;
}

std::vector<std::pair<MetricLabels, uint64_t>> MetricRegistry::read_counters(std::string_view name) const {
  const std::lock_guard lock(impl_->mutex);
  std::vector<std::pair<MetricLabels, uint64_t>> out;
  const auto at = impl_->families.find(name);
  if (at == impl_->families.end() || at->second.kind != Kind::kCounter) return out;
  for (const Child& child : at->second.children) {
    out.emplace_back(child.labels, child.counter ? child.counter->value() : static_cast<uint64_t>(child.read()));
  }
  return out;
}

}  // namespace tercet
