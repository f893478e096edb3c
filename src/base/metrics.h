// Tercet's own metrics: handles that cost one atomic add, a registry that renders the Prometheus text format.
// A registry belongs to one server; handles live as long as it. Children of a family are capped: past the cap a label
// set shares the child whose label values are all "other", so that a hostile sender cannot grow the registry.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tercet {

class Counter {
 public:
  void add(uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

class Gauge {
 public:
  void set(double v) { value_.store(v, std::memory_order_relaxed); }
  void add(double v) { value_.fetch_add(v, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

/// Explicit buckets, upper bounds inclusive, ascending; +Inf is implied.
class Histogram {
 public:
  explicit Histogram(std::vector<double> bounds);
  void observe(double v);
  const std::vector<double>& bounds() const { return bounds_; }
  /// Count of bucket i (not cumulative); i == bounds().size() is +Inf.
  uint64_t bucket(size_t i) const { return buckets_[i].load(std::memory_order_relaxed); }
  double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  std::vector<double> bounds_;
  std::unique_ptr<std::atomic<uint64_t>[]> buckets_;
  std::atomic<double> sum_{0};
};

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

class MetricRegistry {
 public:
  static constexpr size_t kMaxChildren = 200;

  MetricRegistry();
  ~MetricRegistry();
  MetricRegistry(const MetricRegistry&) = delete;

  /// Finds or makes. Names follow Prometheus: tercet_<what>_<unit>_total. Same name, same kind: a CHECK. Label order
  /// does not matter.
  Counter& counter(std::string_view name, std::string_view help, MetricLabels labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, MetricLabels labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, std::vector<double> bounds,
                       MetricLabels labels = {});
  /// A value computed when rendered, under the registry's lock: `read` must not call the registry and must stay
  /// callable until the registry dies. The same labels again replace `read`; past the cap of children a callback is not
  /// kept.
  void callback(std::string_view name, std::string_view help, bool is_counter, MetricLabels labels,
                std::function<double()> read);

  /// Prometheus text format 0.0.4, families by name, children in order of creation.
  std::string render() const;
  /// Every child of a counter family with its value; empty when there is no such family.
  std::vector<std::pair<MetricLabels, uint64_t>> read_counters(std::string_view name) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tercet
