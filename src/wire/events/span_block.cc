#include "wire/events/span_block.h"

#include <algorithm>

#include "base/check.h"
#include "wire/events/span_block_impl.h"

namespace tercet::wire {

using model::ValueType;

Result<std::vector<uint64_t>> SpanBlock::Impl::column(uint32_t section, size_t count) {
  std::string_view in = TRY(sections.section(section));
  return read_u64_column(in, count);
}

Result<AttributeTable*> SpanBlock::Impl::table(AttributeTableId id, size_t row_count) {
  auto& slot = tables[static_cast<size_t>(id)];
  if (!slot) slot = TRY(AttributeTable::open(id, sections, row_count));
  return &*slot;
}

Result<> SpanBlock::Impl::load_scopes() {
  if (row_scope) return {};
  std::string_view resources_in = TRY(sections.section(kResources));
  resource_count = TRY(read_varint(resources_in));
  std::string_view in = TRY(sections.section(kScopes));
  const uint64_t scopes = TRY(read_varint(in));
  // A block never has more scopes or resources than rows: the writer numbers only those in use.
  if (scopes > rows() || resource_count > rows()) return fail(data_loss("event block: more scopes than rows"));
  const std::vector<uint64_t> resource_of = TRY(read_u64_column(in, scopes));
  scope_resource.clear();
  for (const uint64_t resource : resource_of) {
    if (resource >= resource_count) return fail(data_loss("event block: scope names no resource"));
    scope_resource.push_back(static_cast<uint32_t>(resource));
  }
  const std::vector<uint64_t> of_row = TRY(column(kRowScope, rows()));
  std::vector<uint32_t> checked;
  checked.reserve(of_row.size());
  for (const uint64_t scope : of_row) {
    if (scope >= scopes) return fail(data_loss("event block: row names no scope"));
    checked.push_back(static_cast<uint32_t>(scope));
  }
  row_scope = std::move(checked);
  return {};
}

Result<model::SpanId> SpanBlock::Impl::id_at(std::string_view& cache, uint32_t section, size_t row) {
  if (cache.empty()) {
    cache = TRY(sections.section(section));
    if (cache.size() != rows() * 8) {
      cache = {};
      return fail(data_loss("event block: id section has another length than its rows"));
    }
  }
  DCHECK(row < rows());
  return model::SpanId::from_bytes(cache.data() + row * 8);
}

SpanBlock::SpanBlock(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SpanBlock::SpanBlock(SpanBlock&&) noexcept = default;
SpanBlock& SpanBlock::operator=(SpanBlock&&) noexcept = default;
SpanBlock::~SpanBlock() = default;

const SpanBlockMeta& SpanBlock::meta() const { return impl_->meta; }
uint64_t SpanBlock::bytes_read() const { return impl_->sections.bytes_read(); }

Result<SpanBlock> SpanBlock::open(std::string_view bytes) {
  auto impl = std::make_unique<Impl>();
  impl->sections = TRY(SectionReader::open(bytes));
  std::string_view in = TRY(impl->sections.section(kMeta));
  SpanBlockMeta& meta = impl->meta;
  for (uint64_t* value : {&meta.rows, &meta.min_start_ns, &meta.max_start_ns, &meta.min_end_ns, &meta.max_end_ns,
                          &meta.max_duration_ns, &meta.errors}) {
    *value = TRY(read_varint(in));
  }
  if (meta.rows == 0 || meta.rows > kMaxBlockRows) return fail(data_loss("event block: row count out of range"));
  return SpanBlock(std::move(impl));
}

Result<const std::vector<uint64_t>*> SpanBlock::numbers(U64Field field) {
  static constexpr uint32_t kSection[] = {kStart, kDuration, kKind, kStatus};
  auto& slot = impl_->numbers[static_cast<size_t>(field)];
  if (!slot) slot = TRY(impl_->column(kSection[static_cast<size_t>(field)], impl_->rows()));
  return &*slot;
}

Result<const TextColumn*> SpanBlock::texts(TextField field) {
  static constexpr uint32_t kSection[] = {kName, kStatusMessage, kTraceState};
  auto& slot = impl_->texts[static_cast<size_t>(field)];
  if (!slot) {
    std::string_view in = TRY(impl_->sections.section(kSection[static_cast<size_t>(field)]));
    StringColumn column = TRY(read_string_column(in, impl_->rows()));
    slot = TextColumn{std::move(column.strings), std::move(column.ids)};
  }
  return &*slot;
}

Result<const TextColumn*> SpanBlock::services() {
  if (impl_->services) return &*impl_->services;
  TRY(impl_->load_scopes());
  AttributeTable* table = TRY(impl_->table(AttributeTableId::kResources, impl_->resource_count));
  // Index 0 is "no service.name"; a resource that repeats the key keeps the last column's value.
  TextColumn services{{std::string_view{}}, {}};
  std::vector<uint32_t> of_resource(impl_->resource_count, 0);
  for (const PlacedColumn& placed : TRY(table->find("service.name", impl_->sections))) {
    if (placed.column->type != ValueType::kString) continue;
    const StringColumn& texts = placed.column->texts;
    const auto first = static_cast<uint32_t>(services.distinct.size());
    services.distinct.insert(services.distinct.end(), texts.strings.begin(), texts.strings.end());
    for (size_t r = 0; r < of_resource.size(); ++r) {
      if (placed.position[r] >= 0) of_resource[r] = first + texts.ids[static_cast<size_t>(placed.position[r])];
    }
  }
  services.index.reserve(impl_->rows());
  for (const uint32_t scope : *impl_->row_scope) services.index.push_back(of_resource[impl_->scope_resource[scope]]);
  impl_->services = std::move(services);
  return &*impl_->services;
}

Result<const std::vector<model::TraceId>*> SpanBlock::trace_ids() {
  if (!impl_->trace_ids) {
    const std::string_view in = TRY(impl_->sections.section(kTraceIds));
    if (in.empty() || in.size() % 16 != 0) return fail(data_loss("event block: trace id section has a broken length"));
    std::vector<model::TraceId> ids;
    ids.reserve(in.size() / 16);
    for (size_t i = 0; i < in.size(); i += 16) ids.push_back(model::TraceId::from_bytes(in.data() + i));
    impl_->trace_ids = std::move(ids);
  }
  return &*impl_->trace_ids;
}

Result<const std::vector<uint32_t>*> SpanBlock::trace_rows() {
  if (!impl_->trace_rows) {
    const size_t ids = TRY(trace_ids())->size();
    const std::vector<uint64_t> raw = TRY(impl_->column(kTraceRows, impl_->rows()));
    std::vector<uint32_t> rows;
    rows.reserve(raw.size());
    for (const uint64_t index : raw) {
      if (index >= ids) return fail(data_loss("event block: row names no trace id"));
      rows.push_back(static_cast<uint32_t>(index));
    }
    impl_->trace_rows = std::move(rows);
  }
  return &*impl_->trace_rows;
}

Result<model::SpanId> SpanBlock::span_id(size_t row) { return impl_->id_at(impl_->span_ids, kSpanIds, row); }
Result<model::SpanId> SpanBlock::parent_span_id(size_t row) { return impl_->id_at(impl_->parent_ids, kParentIds, row); }

Result<std::vector<AttributeValues>> SpanBlock::attribute(AttributeOwner owner, std::string_view key) {
  const bool resource = owner == AttributeOwner::kResource;
  if (resource) TRY(impl_->load_scopes());
  AttributeTable* table = resource ? TRY(impl_->table(AttributeTableId::kResources, impl_->resource_count))
                                   : TRY(impl_->table(AttributeTableId::kSpans, impl_->rows()));
  std::vector<AttributeValues> found;
  for (PlacedColumn& placed : TRY(table->find(key, impl_->sections))) {
    AttributeValues values;
    values.type = placed.column->type;
    values.distinct = &placed.column->texts.strings;
    values.index = &placed.column->texts.ids;
    values.numbers = &placed.column->numbers;
    values.position = std::move(placed.position);
    if (resource) {
      std::vector<int32_t> by_row;
      by_row.reserve(impl_->rows());
      for (const uint32_t scope : *impl_->row_scope) by_row.push_back(values.position[impl_->scope_resource[scope]]);
      values.position = std::move(by_row);
    }
    found.push_back(std::move(values));
  }
  return found;
}

Result<std::vector<std::string_view>> SpanBlock::attribute_keys(AttributeOwner owner) {
  const bool resource = owner == AttributeOwner::kResource;
  if (resource) TRY(impl_->load_scopes());
  AttributeTable* table = resource ? TRY(impl_->table(AttributeTableId::kResources, impl_->resource_count))
                                   : TRY(impl_->table(AttributeTableId::kSpans, impl_->rows()));
  std::vector<std::string_view> keys;
  TRY(table->keys(impl_->sections, keys));
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace tercet::wire
