// Whole spans out of a block.
#include <vector>

#include "base/check.h"
#include "wire/events/span_block_impl.h"

namespace tercet::wire {

using model::Attribute;
using model::Range;
using model::SpanBatch;
using model::Value;
using model::ValueType;

namespace {

Result<size_t> total(const std::vector<uint64_t>& counts) {
  size_t sum = 0;
  for (const uint64_t n : counts) {
    if (n > kMaxBlockRows || (sum += n) > kMaxBlockRows)
      return fail(data_loss("event block: more events or links than a block may have"));
  }
  return sum;
}

}  // namespace

// Decodes what rows are made of once, then appends the wanted rows in ascending order: attribute tables are walked
// forward only.
class RowMaterializer {
 public:
  RowMaterializer(SpanBlock& block, SpanBlock::Impl& impl, SpanBatch& out, bool copy)
      : block_(block), b_(impl), out_(out), copy_(copy) {}

  Result<> run(std::span<const uint32_t> rows) {
    TRY(b_.load_scopes());
    TRY(load_columns());
    TRY(load_children());
    TRY(append_resources(rows));
    TRY(append_scopes());
    AttributeTable::Walk spans(*TRY(b_.table(AttributeTableId::kSpans, b_.rows())));
    AttributeTable::Walk events(*TRY(b_.table(AttributeTableId::kEvents, event_time_.size())));
    AttributeTable::Walk links(*TRY(b_.table(AttributeTableId::kLinks, link_dropped_.size())));
    size_t at = 0;
    size_t next_event = 0;
    size_t next_link = 0;
    for (const uint32_t row : rows) {
      DCHECK(row < b_.rows() && row >= at);
      for (; at < row; ++at) {
        next_event += event_count_[at];
        next_link += link_count_[at];
      }
      model::Span span = TRY(intrinsics(row));
      span.attributes = TRY(attributes(spans, row));
      span.events = TRY(append_events(events, span.start_ns, next_event, event_count_[row]));
      span.links = TRY(append_links(links, next_link, link_count_[row]));
      out_.spans.push_back(span);
    }
    return {};
  }

 private:
  Result<> load_columns() {
    start_ = TRY(block_.numbers(U64Field::kStart));
    duration_ = TRY(block_.numbers(U64Field::kDuration));
    kind_ = TRY(block_.numbers(U64Field::kKind));
    status_ = TRY(block_.numbers(U64Field::kStatus));
    name_ = TRY(block_.texts(TextField::kName));
    message_ = TRY(block_.texts(TextField::kStatusMessage));
    state_ = TRY(block_.texts(TextField::kTraceState));
    ids_ = TRY(block_.trace_ids());
    trace_of_ = TRY(block_.trace_rows());
    flags_ = TRY(b_.column(kFlags, b_.rows()));
    std::string_view dropped = TRY(b_.sections.section(kDropped));
    for (auto& column : dropped_) column = TRY(read_u64_column(dropped, b_.rows()));
    return {};
  }

  Result<> load_children() {
    event_count_ = TRY(b_.column(kEventCount, b_.rows()));
    link_count_ = TRY(b_.column(kLinkCount, b_.rows()));
    if (const size_t events = TRY(total(event_count_)); events > 0) {
      std::string_view in = TRY(b_.sections.section(kEvents));
      event_time_ = TRY(read_u64_column(in, events));
      event_names_ = TRY(read_framed_string_column(in, events));
      event_dropped_ = TRY(read_u64_column(in, events));
    }
    if (const size_t links = TRY(total(link_count_)); links > 0) {
      std::string_view in = TRY(b_.sections.section(kLinks));
      link_ids_ = TRY(read_bytes(in, links * 24));
      link_states_ = TRY(read_framed_string_column(in, links));
      link_dropped_ = TRY(read_u64_column(in, links));
      link_flags_ = TRY(read_u64_column(in, links));
    }
    return {};
  }

  // Resources and scopes that no wanted row uses are left out.
  Result<> append_resources(std::span<const uint32_t> rows) {
    scope_in_out_.assign(b_.scope_resource.size(), kUnused);
    resource_in_out_.assign(b_.resource_count, kUnused);
    for (const uint32_t row : rows) {
      const uint32_t scope = (*b_.row_scope)[row];
      scope_in_out_[scope] = resource_in_out_[b_.scope_resource[scope]] = kWanted;
    }
    std::string_view in = TRY(b_.sections.section(kResources));
    const uint64_t count = TRY(read_varint(in));
    const StringColumn urls = TRY(read_framed_string_column(in, count));
    const std::vector<uint64_t> dropped = TRY(read_u64_column(in, count));
    AttributeTable::Walk walk(*TRY(b_.table(AttributeTableId::kResources, b_.resource_count)));
    for (size_t r = 0; r < b_.resource_count; ++r) {
      if (resource_in_out_[r] != kWanted) continue;
      resource_in_out_[r] = static_cast<uint32_t>(out_.resources.size());
      const Range range = TRY(attributes(walk, r));
      out_.resources.push_back({range, static_cast<uint32_t>(dropped[r]), text(urls.at(r))});
    }
    return {};
  }

  Result<> append_scopes() {
    std::string_view in = TRY(b_.sections.section(kScopes));
    const uint64_t count = TRY(read_varint(in));
    TRY(read_u64_column(in, count));  // resources, checked by load_scopes()
    const StringColumn names = TRY(read_framed_string_column(in, count));
    const StringColumn versions = TRY(read_framed_string_column(in, count));
    const StringColumn urls = TRY(read_framed_string_column(in, count));
    const std::vector<uint64_t> dropped = TRY(read_u64_column(in, count));
    AttributeTable::Walk walk(*TRY(b_.table(AttributeTableId::kScopes, count)));
    for (size_t s = 0; s < count; ++s) {
      if (scope_in_out_[s] != kWanted) continue;
      scope_in_out_[s] = static_cast<uint32_t>(out_.scopes.size());
      const Range range = TRY(attributes(walk, s));
      out_.scopes.push_back({resource_in_out_[b_.scope_resource[s]], text(names.at(s)), text(versions.at(s)), range,
                             static_cast<uint32_t>(dropped[s]), text(urls.at(s))});
    }
    return {};
  }

  Result<model::Span> intrinsics(uint32_t row) {
    model::Span span;
    span.trace_id = (*ids_)[(*trace_of_)[row]];
    span.span_id = TRY(block_.span_id(row));
    span.parent_span_id = TRY(block_.parent_span_id(row));
    span.scope = scope_in_out_[(*b_.row_scope)[row]];
    span.flags = static_cast<uint32_t>(flags_[row]);
    span.name = text(name_->distinct[name_->index[row]]);
    span.status_message = text(message_->distinct[message_->index[row]]);
    span.trace_state = text(state_->distinct[state_->index[row]]);
    span.start_ns = (*start_)[row];
    span.end_ns = (*start_)[row] + (*duration_)[row];
    span.kind = static_cast<model::SpanKind>((*kind_)[row]);
    span.status = static_cast<model::StatusCode>((*status_)[row]);
    span.dropped_attributes = static_cast<uint32_t>(dropped_[0][row]);
    span.dropped_events = static_cast<uint32_t>(dropped_[1][row]);
    span.dropped_links = static_cast<uint32_t>(dropped_[2][row]);
    return span;
  }

  Result<Range> append_events(AttributeTable::Walk& walk, uint64_t start_ns, size_t first, size_t count) {
    const Range out{static_cast<uint32_t>(out_.events.size()), static_cast<uint32_t>(count)};
    for (size_t e = first; e < first + count; ++e) {
      const Range range = TRY(attributes(walk, e));
      out_.events.push_back(
          {start_ns + event_time_[e], text(event_names_.at(e)), range, static_cast<uint32_t>(event_dropped_[e])});
    }
    return out;
  }

  Result<Range> append_links(AttributeTable::Walk& walk, size_t first, size_t count) {
    const Range out{static_cast<uint32_t>(out_.links.size()), static_cast<uint32_t>(count)};
    for (size_t l = first; l < first + count; ++l) {
      const Range range = TRY(attributes(walk, l));
      const char* raw = link_ids_.data() + l * 24;
      out_.links.push_back({model::TraceId::from_bytes(raw), model::SpanId::from_bytes(raw + 16),
                            text(link_states_.at(l)), range, static_cast<uint32_t>(link_dropped_[l]),
                            static_cast<uint32_t>(link_flags_[l])});
    }
    return out;
  }

  Result<Range> attributes(AttributeTable::Walk& walk, size_t row) {
    const auto begin = static_cast<uint32_t>(out_.attributes.size());
    TRY(walk.append_row(row, b_.sections, out_.arena, out_.attributes));
    if (copy_) {
      for (size_t i = begin; i < out_.attributes.size(); ++i) {
        out_.attributes[i] = {out_.arena.copy(out_.attributes[i].key),
                              model::copy_value(out_.arena, out_.attributes[i].value)};
      }
    }
    return Range{begin, static_cast<uint32_t>(out_.attributes.size()) - begin};
  }

  std::string_view text(std::string_view s) { return copy_ ? out_.arena.copy(s) : s; }

  static constexpr uint32_t kUnused = UINT32_MAX;
  static constexpr uint32_t kWanted = UINT32_MAX - 1;

  SpanBlock& block_;
  SpanBlock::Impl& b_;
  SpanBatch& out_;
  const bool copy_;
  const std::vector<uint64_t>*start_ = nullptr, *duration_ = nullptr, *kind_ = nullptr, *status_ = nullptr;
  const TextColumn *name_ = nullptr, *message_ = nullptr, *state_ = nullptr;
  const std::vector<model::TraceId>* ids_ = nullptr;
  const std::vector<uint32_t>* trace_of_ = nullptr;
  std::vector<uint64_t> flags_, dropped_[3], event_count_, link_count_;
  std::vector<uint64_t> event_time_, event_dropped_, link_dropped_, link_flags_;
  StringColumn event_names_, link_states_;
  std::string_view link_ids_;
  std::vector<uint32_t> scope_in_out_, resource_in_out_;
};

Result<> SpanBlock::append_rows(std::span<const uint32_t> rows, SpanBatch& out, bool copy) {
  return RowMaterializer(*this, *impl_, out, copy).run(rows);
}

}  // namespace tercet::wire
