#include <algorithm>
#include <unordered_map>

#include "base/bytes.h"
#include "base/check.h"
#include "codec/int_pack.h"
#include "codec/varint.h"
#include "wire/events/attribute_table.h"
#include "wire/events/block_format.h"
#include "wire/events/sections.h"
#include "wire/events/span_block.h"
#include "wire/events/value_bytes.h"

namespace tercet::wire {

using model::Attribute;
using model::Range;
using model::Resource;
using model::Scope;
using model::Span;
using model::SpanBatch;
using model::SpanEvent;
using model::SpanLink;

namespace {

void append_content(std::string& out, std::span<const Attribute> attributes) {
  codec::append_varint(out, attributes.size());
  for (const Attribute& a : attributes) {
    write_text(out, a.key);
    append_value_bytes(out, a.value);
  }
}

// Numbers the scopes and resources that the rows use, equal content once.
class ScopeNumbering {
 public:
  explicit ScopeNumbering(const SpanBatch& batch)
      : batch_(batch), scope_number_(batch.scopes.size(), kUnseen), resource_number_(batch.resources.size(), kUnseen) {}

  uint32_t number(uint32_t scope) {
    if (scope_number_[scope] == kUnseen) scope_number_[scope] = add_scope(batch_.scopes[scope]);
    return scope_number_[scope];
  }
  /// In the order of their numbers; a scope with the number of its resource.
  const std::vector<std::pair<const Scope*, uint32_t>>& scopes() const { return scopes_; }
  const std::vector<const Resource*>& resources() const { return resources_; }

 private:
  static constexpr uint32_t kUnseen = UINT32_MAX;

  uint32_t add_resource(uint32_t index) {
    if (resource_number_[index] != kUnseen) return resource_number_[index];
    const Resource& resource = batch_.resources[index];
    std::string content;
    write_text(content, resource.schema_url);
    codec::append_varint(content, resource.dropped_attributes);
    append_content(content, batch_.attrs(resource.attributes));
    const auto [it, added] = resource_ids_.emplace(std::move(content), static_cast<uint32_t>(resources_.size()));
    if (added) resources_.push_back(&resource);
    return resource_number_[index] = it->second;
  }

  uint32_t add_scope(const Scope& scope) {
    const uint32_t resource = add_resource(scope.resource);
    std::string content;
    codec::append_varint(content, resource);
    write_text(content, scope.name);
    write_text(content, scope.version);
    write_text(content, scope.schema_url);
    codec::append_varint(content, scope.dropped_attributes);
    append_content(content, batch_.attrs(scope.attributes));
    const auto [it, added] = scope_ids_.emplace(std::move(content), static_cast<uint32_t>(scopes_.size()));
    if (added) scopes_.emplace_back(&scope, resource);
    return it->second;
  }

  const SpanBatch& batch_;
  std::vector<uint32_t> scope_number_;
  std::vector<uint32_t> resource_number_;
  std::unordered_map<std::string, uint32_t> scope_ids_;
  std::unordered_map<std::string, uint32_t> resource_ids_;
  std::vector<std::pair<const Scope*, uint32_t>> scopes_;
  std::vector<const Resource*> resources_;
};

class Encoder {
 public:
  Encoder(const SpanBatch& batch, std::span<const uint32_t> rows) : batch_(batch), rows_(rows), scopes_(batch) {}

  std::string run(const SpanBlockOptions& options) {
    write_ids();
    write_times();
    write_texts();
    write_small_numbers();
    write_span_attributes();
    write_events();
    write_links();
    write_scopes();
    return out_.finish(options.sealed, options.zstd_level);
  }

 private:
  template <typename Get>
  std::vector<uint64_t> column(Get get) const {
    std::vector<uint64_t> values;
    values.reserve(rows_.size());
    for (const uint32_t row : rows_) values.push_back(get(batch_.spans[row]));
    return values;
  }
  static std::string packed(const std::vector<uint64_t>& values) {
    std::string out;
    codec::pack_u64(values, out);
    return out;
  }
  template <typename Get>
  void add_numbers(uint32_t section, Get get) {
    out_.add(section, packed(column(get)));
  }
  template <typename Get>
  void add_texts(uint32_t section, Get get) {
    StringColumnWriter texts;
    for (const uint32_t row : rows_) texts.add(get(batch_.spans[row]));
    std::string bytes;
    texts.finish(bytes);
    out_.add(section, std::move(bytes));
  }

  void write_ids() {
    std::unordered_map<model::TraceId, uint64_t> numbers;
    std::string distinct;
    std::string spans;
    std::string parents;
    std::vector<uint64_t> trace_rows;
    trace_rows.reserve(rows_.size());
    char raw[16];
    for (const uint32_t row : rows_) {
      const Span& span = batch_.spans[row];
      const auto [it, added] = numbers.emplace(span.trace_id, numbers.size());
      if (added) {
        span.trace_id.to_bytes(raw);
        distinct.append(raw, 16);
      }
      trace_rows.push_back(it->second);
      span.span_id.to_bytes(raw);
      spans.append(raw, 8);
      span.parent_span_id.to_bytes(raw);
      parents.append(raw, 8);
    }
    out_.add(kTraceIds, std::move(distinct));
    out_.add(kTraceRows, packed(trace_rows));
    out_.add(kSpanIds, std::move(spans));
    out_.add(kParentIds, std::move(parents));
  }

  void write_times() {
    SpanBlockMeta meta{rows_.size(), UINT64_MAX, 0, UINT64_MAX, 0, 0, 0};
    for (const uint32_t row : rows_) {
      const Span& span = batch_.spans[row];
      meta.min_start_ns = std::min(meta.min_start_ns, span.start_ns);
      meta.max_start_ns = std::max(meta.max_start_ns, span.start_ns);
      meta.min_end_ns = std::min(meta.min_end_ns, span.end_ns);
      meta.max_end_ns = std::max(meta.max_end_ns, span.end_ns);
      meta.max_duration_ns = std::max(meta.max_duration_ns, span.duration_ns());
      meta.errors += span.status == model::StatusCode::kError;
    }
    std::string bytes;
    for (const uint64_t value : {meta.rows, meta.min_start_ns, meta.max_start_ns, meta.min_end_ns, meta.max_end_ns,
                                 meta.max_duration_ns, meta.errors}) {
      codec::append_varint(bytes, value);
    }
    out_.add(kMeta, std::move(bytes));
    add_numbers(kStart, [](const Span& s) { return s.start_ns; });
    add_numbers(kDuration, [](const Span& s) { return s.end_ns - s.start_ns; });
  }

  void write_texts() {
    add_texts(kName, [](const Span& s) { return s.name; });
    add_texts(kStatusMessage, [](const Span& s) { return s.status_message; });
    add_texts(kTraceState, [](const Span& s) { return s.trace_state; });
  }

  void write_small_numbers() {
    add_numbers(kKind, [](const Span& s) { return static_cast<uint64_t>(s.kind); });
    add_numbers(kStatus, [](const Span& s) { return static_cast<uint64_t>(s.status); });
    add_numbers(kFlags, [](const Span& s) { return s.flags; });
    std::string dropped = packed(column([](const Span& s) { return s.dropped_attributes; }));
    dropped += packed(column([](const Span& s) { return s.dropped_events; }));
    dropped += packed(column([](const Span& s) { return s.dropped_links; }));
    out_.add(kDropped, std::move(dropped));
    add_numbers(kRowScope, [this](const Span& s) { return scopes_.number(s.scope); });
    add_numbers(kEventCount, [](const Span& s) { return s.events.count; });
    add_numbers(kLinkCount, [](const Span& s) { return s.links.count; });
  }

  void write_span_attributes() {
    AttributeTableWriter table(AttributeTableId::kSpans);
    for (const uint32_t row : rows_) table.add_row(batch_.attrs(batch_.spans[row].attributes));
    table.finish(out_);
  }

  void write_events() {
    AttributeTableWriter table(AttributeTableId::kEvents);
    StringColumnWriter names;
    std::vector<uint64_t> times;
    std::vector<uint64_t> dropped;
    for (const uint32_t row : rows_) {
      const Span& span = batch_.spans[row];
      for (const SpanEvent& event : std::span(batch_.events).subspan(span.events.begin, span.events.count)) {
        times.push_back(event.time_ns - span.start_ns);
        names.add(event.name);
        dropped.push_back(event.dropped_attributes);
        table.add_row(batch_.attrs(event.attributes));
      }
    }
    if (times.empty()) return;
    std::string bytes = packed(times);
    names.finish_framed(bytes);
    bytes += packed(dropped);
    out_.add(kEvents, std::move(bytes));
    table.finish(out_);
  }

  void write_links() {
    AttributeTableWriter table(AttributeTableId::kLinks);
    StringColumnWriter states;
    std::string ids;
    std::vector<uint64_t> dropped;
    std::vector<uint64_t> flags;
    char raw[16];
    for (const uint32_t row : rows_) {
      const Range range = batch_.spans[row].links;
      for (const SpanLink& link : std::span(batch_.links).subspan(range.begin, range.count)) {
        link.trace_id.to_bytes(raw);
        ids.append(raw, 16);
        link.span_id.to_bytes(raw);
        ids.append(raw, 8);
        states.add(link.trace_state);
        dropped.push_back(link.dropped_attributes);
        flags.push_back(link.flags);
        table.add_row(batch_.attrs(link.attributes));
      }
    }
    if (dropped.empty()) return;
    states.finish_framed(ids);
    ids += packed(dropped);
    ids += packed(flags);
    out_.add(kLinks, std::move(ids));
    table.finish(out_);
  }

  void write_scopes() {
    AttributeTableWriter scope_attributes(AttributeTableId::kScopes);
    StringColumnWriter names;
    StringColumnWriter versions;
    StringColumnWriter urls;
    std::vector<uint64_t> resources;
    std::vector<uint64_t> dropped;
    for (const auto& [scope, resource] : scopes_.scopes()) {
      resources.push_back(resource);
      names.add(scope->name);
      versions.add(scope->version);
      urls.add(scope->schema_url);
      dropped.push_back(scope->dropped_attributes);
      scope_attributes.add_row(batch_.attrs(scope->attributes));
    }
    std::string bytes;
    codec::append_varint(bytes, resources.size());
    bytes += packed(resources);
    names.finish_framed(bytes);
    versions.finish_framed(bytes);
    urls.finish_framed(bytes);
    bytes += packed(dropped);
    out_.add(kScopes, std::move(bytes));
    scope_attributes.finish(out_);
    write_resources();
  }

  void write_resources() {
    AttributeTableWriter attributes(AttributeTableId::kResources);
    StringColumnWriter urls;
    std::vector<uint64_t> dropped;
    for (const Resource* resource : scopes_.resources()) {
      urls.add(resource->schema_url);
      dropped.push_back(resource->dropped_attributes);
      attributes.add_row(batch_.attrs(resource->attributes));
    }
    std::string bytes;
    codec::append_varint(bytes, dropped.size());
    urls.finish_framed(bytes);
    bytes += packed(dropped);
    out_.add(kResources, std::move(bytes));
    attributes.finish(out_);
  }

  const SpanBatch& batch_;
  std::span<const uint32_t> rows_;
  ScopeNumbering scopes_;
  SectionWriter out_;
};

}  // namespace

std::string encode_spans(const SpanBatch& batch, std::span<const uint32_t> rows, const SpanBlockOptions& options) {
  std::vector<uint32_t> all;
  if (rows.empty()) {
    all.resize(batch.spans.size());
    for (uint32_t i = 0; i < all.size(); ++i) all[i] = i;
    rows = all;
  }
  CHECK(rows.size() <= kMaxBlockRows);
  return Encoder(batch, rows).run(options);
}

}  // namespace tercet::wire
