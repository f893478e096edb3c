// Batches for tests, fuzzers and round trips, all of a seed: every shape of value, every field set and unset.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "base/random.h"
#include "model/events/span_batch.h"

namespace tercet::wire::otlp {

class RandomBatch {
 public:
  explicit RandomBatch(uint64_t seed) : random_(seed) {}

  /// Only what survives a round trip: keys of a list differ, ids of spans are valid, resources and scopes have spans.
  model::SpanBatch make() {
    model::SpanBatch batch;
    batch_ = &batch;
    const uint64_t resources = 1 + random_.below(3);
    for (uint64_t r = 0; r < resources; ++r) {
      batch.resources.push_back({attributes(5), count(), text()});
      const uint64_t scopes = 1 + random_.below(3);
      for (uint64_t s = 0; s < scopes; ++s) {
        batch.scopes.push_back(
            {static_cast<uint32_t>(batch.resources.size() - 1), text(), text(), attributes(3), count(), text()});
        const uint64_t spans = 1 + random_.below(6);
        for (uint64_t i = 0; i < spans; ++i) batch.spans.push_back(span());
      }
    }
    return batch;
  }

 private:
  bool often() { return random_.below(4) != 0; }
  uint32_t count() { return often() ? 0 : static_cast<uint32_t>(random_.next()); }
  uint64_t nonzero() { return random_.next() | 1; }

  std::string_view text() {
    static constexpr std::array<std::string_view, 9> kTexts = {
        "",   "GET",    "a name with spaces", "\"quoted\" \\ / \n\r\t\b\f\x01", "zwölf", "Приве́т",
        "道", "🜂 fire", "SPAN_KIND_SERVER"};
    if (often()) return kTexts[random_.below(kTexts.size())];
    std::string made(random_.below(80), 'x');
    for (char& c : made) c = static_cast<char>(' ' + random_.below(95));
    return batch_->arena.copy(made);
  }

  double real() {
    static constexpr double kInfinity = std::numeric_limits<double>::infinity();
    static constexpr std::array<double, 9> kReals = {
        0.0, -0.0, 1.0, 0.1, 1e300, 5e-324, kInfinity, -kInfinity, std::numeric_limits<double>::quiet_NaN()};
    if (often()) return kReals[random_.below(kReals.size())];
    const double made = std::bit_cast<double>(random_.next());
    return std::isnan(made) ? 1.5 : made;
  }

  int64_t integer() {
    static constexpr std::array<int64_t, 6> kIntegers = {0, 1, -1, INT64_MAX, INT64_MIN, (INT64_C(1) << 53) + 1};
    return often() ? kIntegers[random_.below(kIntegers.size())] : static_cast<int64_t>(random_.next());
  }

  std::string_view bytes() {
    std::string made(random_.below(9), '\0');
    for (char& c : made) c = static_cast<char>(random_.next());
    return batch_->arena.copy(made);
  }

  model::Value value(int depth) {
    switch (random_.below(depth > 0 ? 9 : 6)) {
      case 0: return {};
      case 1: return model::Value::boolean(often());
      case 2: return model::Value::integer(integer());
      case 3: return model::Value::real(real());
      case 4: return model::Value::bytes(bytes());
      case 5:
      case 6: return model::Value::string(text());
      case 7: {
        const auto items = batch_->arena.array<model::Value>(random_.below(4));
        for (model::Value& item : items) item = value(depth - 1);
        return model::Value::array(items);
      }
      default: {
        const auto entries = batch_->arena.array<model::Attribute>(random_.below(4));
        for (size_t i = 0; i < entries.size(); ++i) entries[i] = {key(i), value(depth - 1)};
        return model::Value::map(entries);
      }
    }
  }

  std::string_view key(size_t i) {
    if (i == 0 && !often()) return {};
    return batch_->arena.copy("key." + std::to_string(i) + (often() ? "" : " with \"ünusual\" letters"));
  }

  model::Range attributes(size_t most) {
    // Past 64 the decoders find duplicate keys another way.
    const size_t count = random_.below(64) != 0 ? random_.below(most + 1) : random_.below(100);
    const model::Range run{static_cast<uint32_t>(batch_->attributes.size()), static_cast<uint32_t>(count)};
    for (size_t i = 0; i < count; ++i) batch_->attributes.push_back({key(i), value(3)});
    return run;
  }

  model::Span span() {
    model::Span s;
    s.trace_id = {often() ? random_.next() : 0, nonzero()};
    s.span_id = {nonzero()};
    s.parent_span_id = {often() ? random_.next() : 0};
    s.scope = static_cast<uint32_t>(batch_->scopes.size() - 1);
    s.flags = count();
    s.name = text();
    s.trace_state = text();
    s.status_message = text();
    s.start_ns = often() ? random_.next() : 0;
    s.end_ns = often() ? random_.next() : 0;
    s.kind = static_cast<model::SpanKind>(random_.below(8));
    s.status = static_cast<model::StatusCode>(random_.below(4));
    s.dropped_attributes = count();
    s.dropped_events = count();
    s.dropped_links = count();
    s.attributes = attributes(12);
    s.events = {static_cast<uint32_t>(batch_->events.size()), static_cast<uint32_t>(random_.below(4))};
    for (uint32_t i = 0; i < s.events.count; ++i)
      batch_->events.push_back({random_.next(), text(), attributes(4), count()});
    s.links = {static_cast<uint32_t>(batch_->links.size()), static_cast<uint32_t>(random_.below(3))};
    for (uint32_t i = 0; i < s.links.count; ++i) {
      batch_->links.push_back({{random_.next(), often() ? random_.next() : 0},
                               {often() ? random_.next() : 0},
                               text(),
                               attributes(3),
                               count(),
                               count()});
    }
    return s;
  }

  SeededRandom random_;
  model::SpanBatch* batch_ = nullptr;
};

}  // namespace tercet::wire::otlp
