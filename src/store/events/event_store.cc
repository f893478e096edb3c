#include "store/events/event_store.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <tuple>

#include "store/events/head.h"
#include "store/events/parts.h"
#include "store/events/scan.h"

namespace tercet::store {

using contract::Completeness;
using contract::Context;
using contract::FieldScope;
using contract::FieldValue;
using contract::FoundTrace;
using contract::TimeRange;
using wire::AttributeOwner;
using wire::SpanBlock;

namespace {
constexpr int64_t kMaintenanceInterval = 5 * kSecond;
constexpr size_t kSmallBlocks = 128;
// What one seal decodes at once; some 200 MiB in memory while it runs.
constexpr uint64_t kSealRawBytes = uint64_t{32} << 20;
}  // namespace

// What a waiting timer holds: it outlives the store, and finds the store gone. tick() keeps the mutex while it works,
// so that stop_maintenance() waits for a running round.
struct EventStore::Ticker : std::enable_shared_from_this<EventStore::Ticker> {
  std::mutex mutex;
  EventStore* store = nullptr;      // while maintenance is wanted
  std::atomic<bool> kicked{false};  // a round out of turn is on its way

  void schedule(Executor& executor) {
    executor.post_after(kMaintenanceInterval, [self = shared_from_this()] { self->tick(); });
  }
  /// A round now rather than at the next tick: the head is full.
  void kick(Executor& executor) {
    if (kicked.exchange(true)) return;
    if (!executor.post([self = shared_from_this()] { self->run(); })) kicked = false;
  }
  void tick();
  void run();
};

struct EventStore::Impl {
  EventsConfig config;
  io::Env& env;
  Head head;
  std::unique_ptr<Parts> parts;
  // Held while blocks leave the head and parts appear, and while a snapshot is taken.
  mutable std::mutex swap;
  std::mutex maintenance;  // one task at a time
  std::atomic<contract::Lsn> applied{0};
  std::mutex head_memory_mutex;  // the account is used by the journal's thread and by maintenance
  MemoryAccount head_memory;
  std::atomic<bool> over_share{false};  // the head holds more than its account was given: seal early

  const std::shared_ptr<Ticker> ticker = std::make_shared<Ticker>();

  Counter& applied_rows;
  Counter& seals;
  Counter& maintenance_errors;

  Impl(EventsConfig c, io::Env& e)
      : config(std::move(c)),
        env(e),
        head_memory(e.memory, MemoryClass::kHead),
        applied_rows(e.metrics.counter("tercet_store_applied_rows_total", "Rows that reached the store's head.",
                                       {{"store", "events"}})),
        seals(e.metrics.counter("tercet_store_seals_total", "Times the head was sealed into parts.",
                                {{"store", "events"}})),
        maintenance_errors(e.metrics.counter("tercet_store_maintenance_errors_total",
                                             "Maintenance rounds that failed and are tried again.",
                                             {{"store", "events"}})) {}

  Snapshot snapshot() const {
    const std::lock_guard lock(swap);
    return {head.blocks(), parts->list()};
  }
  bool head_is_full() const { return over_share.load() || head.bytes() >= config.head_bytes_max; }
  bool seal_is_due() const {
    const int64_t oldest = head.oldest_arrival_ns();
    return oldest != 0 && (head_is_full() || env.clock.wall_ns() - oldest >= config.seal_after_ns);
  }
  // The batch is durable already: beyond its share the head still takes it, and is sealed at once.
  void account_head() {
    const std::lock_guard lock(head_memory_mutex);
    const uint64_t wanted = head.footprint();
    head_memory.shrink_to(wanted);
    const uint64_t held = head_memory.held();
    over_share = wanted > held && !head_memory.try_grow(wanted - held);
  }
  Result<> seal() {
    if (head.rows() == 0) return {};
    auto result = parts->seal(head, swap, kSealRawBytes);
    account_head();
    if (result) seals.add();
    return result;
  }
  // Everything that the head holds now; what arrives meanwhile is not waited for.
  Result<> seal_all() {
    const contract::Lsn target = applied.load();
    while (head.rows() != 0 && parts->applied() < target) TRY(seal());
    return {};
  }
  Result<> merge_small_blocks() {
    for (;;) {
      const Head::Blocks small = head.small_blocks(static_cast<uint64_t>(config.small_block_rows), kSmallBlocks);
      if (small.empty()) return {};
      auto merged = merge_head_blocks(small);
      if (!merged) return fail(std::move(merged).error());
      head.replace(small, std::move(*merged));
      account_head();
    }
  }
};

EventStore::EventStore(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
EventStore::~EventStore() { stop_maintenance(); }

Result<std::unique_ptr<EventStore>> EventStore::open(EventsConfig config, io::Env& env, std::string folder) {
  TRY(config.validate());
  auto impl = std::make_shared<Impl>(std::move(config), env);
  impl->parts = TRY_CTX(Parts::open(impl->config, env, std::move(folder)), "events store");
  impl->applied = impl->parts->applied();
  // The registry may outlive the store; a gauge of a closed store reads 0.
  const auto gauge = [&](std::string_view name, std::string_view help, uint64_t (*read)(const Impl&)) {
    env.metrics.callback(name, help, false, {{"store", "events"}}, [weak = std::weak_ptr(impl), read] {
      const auto store = weak.lock();
      return store ? static_cast<double>(read(*store)) : 0.0;
    });
  };
  gauge("tercet_store_head_bytes", "Encoded bytes in the store's head.", [](const Impl& i) { return i.head.bytes(); });
  gauge("tercet_store_head_rows", "Rows in the store's head.", [](const Impl& i) { return i.head.rows(); });
  gauge("tercet_store_parts", "Parts that serve queries.",
        [](const Impl& i) { return static_cast<uint64_t>(i.parts->list().size()); });
  gauge("tercet_store_quarantined_parts", "Damaged parts moved aside at the last start.",
        [](const Impl& i) { return i.parts->quarantined(); });
  return std::unique_ptr<EventStore>(new EventStore(std::move(impl)));
}

Result<> EventStore::apply(const contract::JournalEntry& entry) {
  if (entry.encoding != wire::kSpanBlockEncoding)
    return fail(data_loss("events store: unknown encoding " + std::to_string(entry.encoding)));
  const int64_t now = impl_->env.clock.wall_ns();
  auto block = TRY(make_head_block(std::string(entry.tenant), entry.payload, entry.next, now, now));
  const uint64_t rows = block->meta.rows;
  impl_->head.add(std::move(block));
  impl_->account_head();
  if (impl_->head_is_full()) impl_->ticker->kick(impl_->env.executor);
  impl_->applied = entry.next;
  impl_->applied_rows.add(rows);
  return {};
}

contract::Lsn EventStore::cursor() const {
  // An empty head holds nothing back. `applied` is read first: an entry that arrives in between is then not covered.
  const contract::Lsn applied = impl_->applied.load();
  const contract::Lsn sealed = impl_->parts->applied();
  return impl_->head.rows() == 0 ? std::max(applied, sealed) : sealed;
}

Result<> EventStore::maintain() {
  const std::lock_guard lock(impl_->maintenance);
  Result<> first_error;
  const auto note = [&](Result<> result, std::string_view step) {
    if (!result && first_error) first_error = fail(std::move(result).error().context(step));
  };
  note(impl_->merge_small_blocks(), "merging small blocks");
  // Retention first of the changes to parts: on a full disk it is what makes room.
  note(impl_->parts->retain(impl_->env.clock.wall_ns()), "deleting what retention no longer keeps");
  for (bool merged = true; merged;) {
    // Between merges, which may take long, the head is sealed when it is due.
    bool sealed = true;
    while (sealed && impl_->seal_is_due()) {
      auto seal = impl_->seal();
      sealed = seal.has_value();
      note(std::move(seal), "sealing the head");
    }
    auto result = impl_->parts->compact();
    merged = result && *result;
    if (!result) note(fail(std::move(result).error()), "compacting parts");
  }
  return first_error;
}

void EventStore::Ticker::run() {
  const std::lock_guard lock(mutex);
  kicked = false;
  if (store == nullptr) return;
  if (auto result = store->maintain(); !result) {
    store->impl_->maintenance_errors.add();
    store->impl_->env.log.error("store maintenance failed; tried again in 5 s",
                                {{"store", "events"}, {"error", result.error()}});
  }
}

void EventStore::Ticker::tick() {
  run();
  const std::lock_guard lock(mutex);
  if (store != nullptr) schedule(store->impl_->env.executor);
}

void EventStore::start_maintenance() {
  {
    const std::lock_guard lock(impl_->ticker->mutex);
    impl_->ticker->store = this;
  }
  impl_->ticker->schedule(impl_->env.executor);
}

void EventStore::stop_maintenance() {
  const std::lock_guard lock(impl_->ticker->mutex);
  impl_->ticker->store = nullptr;
}

Result<Completeness> EventStore::scan(const Context& context, const contract::ScanRequest& request,
                                      const std::function<bool(const contract::ColumnBatch&)>& visit) {
  QueryMemory memory(context, impl_->env.memory);
  return run_scan(context, impl_->env.clock, plan_units(impl_->snapshot(), context.tenant, request), request,
                  {impl_->config.scan_bytes_max}, memory, visit);
}

namespace {

// A retried batch leaves the same span twice: one of each (span id, start, name) is kept.
void drop_duplicates(model::SpanBatch& batch) {
  std::set<std::tuple<uint64_t, uint64_t, std::string_view>> seen;
  std::erase_if(batch.spans,
                [&](const model::Span& s) { return !seen.emplace(s.span_id.value, s.start_ns, s.name).second; });
}

Result<> append_trace(const Unit& unit, model::TraceId id, FoundTrace& found) {
  SpanBlock block = TRY(SpanBlock::open(unit.bytes()));
  const auto& ids = *TRY(block.trace_ids());
  const auto it = std::find(ids.begin(), ids.end(), id);
  if (it != ids.end()) {
    const auto& trace_of = *TRY(block.trace_rows());
    const auto wanted = static_cast<uint32_t>(it - ids.begin());
    std::vector<uint32_t> rows;
    for (uint32_t row = 0; row < trace_of.size(); ++row) {
      if (trace_of[row] == wanted) rows.push_back(row);
    }
    TRY(block.append_rows(rows, found.batch, true));
  }
  ++found.completeness.blocks_read;
  found.completeness.rows_inspected += block.meta().rows;
  found.completeness.bytes_inspected += block.bytes_read();
  return {};
}

}  // namespace

Result<FoundTrace> EventStore::find_trace(const Context& context, model::TraceId id, TimeRange time) {
  contract::ScanRequest request;
  request.time = time;
  request.traces = {id};
  FoundTrace found;
  QueryMemory memory(context, impl_->env.memory);
  const std::vector<Unit> units = plan_units(impl_->snapshot(), context.tenant, request);
  found.completeness.blocks_total = units.size();
  for (const Unit& unit : units) {
    TRY(check_context(context, impl_->env.clock));
    const size_t before = found.batch.spans.size();
    if (auto result = append_trace(unit, id, found); !result) {
      found.batch.spans.resize(before);
      add_reason(found.completeness, unit.name() + ": " + result.error().message());
    }
    TRY_CTX(memory.hold(found.batch.footprint()), "trace " + id.hex());
  }
  drop_duplicates(found.batch);
  return found;
}

Result<std::vector<std::string>> EventStore::field_names(const Context& context, FieldScope scope, TimeRange time,
                                                         size_t limit) {
  std::set<std::string, std::less<>> names;
  for (const Unit& unit : plan_units(impl_->snapshot(), context.tenant, time)) {
    TRY(check_context(context, impl_->env.clock));
    if (names.size() >= limit) break;
    auto block = SpanBlock::open(unit.bytes());
    if (!block) continue;
    for (const AttributeOwner owner : {AttributeOwner::kResource, AttributeOwner::kSpan}) {
      if (scope == FieldScope::kResource && owner != AttributeOwner::kResource) continue;
      if (scope == FieldScope::kRecord && owner != AttributeOwner::kSpan) continue;
      const auto keys = block->attribute_keys(owner);
      if (!keys) continue;
      for (const std::string_view key : *keys) {
        if (names.size() < limit && !names.contains(key)) names.emplace(key);
      }
    }
  }
  return std::vector<std::string>(names.begin(), names.end());
}

namespace {

using ValueSet = std::map<std::string, model::ValueType, std::less<>>;

void add_texts(const std::vector<std::string_view>& distinct, model::ValueType type, size_t limit, ValueSet& out) {
  for (const std::string_view text : distinct) {
    if (out.size() < limit && !text.empty() && !out.contains(text)) out.emplace(text, type);
  }
}

Result<> add_attribute_values(SpanBlock& block, AttributeOwner owner, const std::string& key, size_t limit,
                              ValueSet& out) {
  for (const wire::AttributeValues& values : TRY(block.attribute(owner, key))) {
    if (values.type == model::ValueType::kString) add_texts(*values.distinct, values.type, limit, out);
    std::set<uint64_t> numbers(values.numbers->begin(), values.numbers->end());
    for (const uint64_t raw : numbers) {
      model::Value v = values.type == model::ValueType::kBool ? model::Value::boolean(raw != 0)
                       : values.type == model::ValueType::kInt
                           ? model::Value::integer(static_cast<int64_t>(raw >> 1) ^ -static_cast<int64_t>(raw & 1))
                           : model::Value::real(std::bit_cast<double>(raw));
      if (out.size() < limit) out.emplace(model::to_text(v), values.type);
    }
  }
  return {};
}

Result<> add_values(SpanBlock& block, const contract::Field& field, size_t limit, ValueSet& out) {
  if (field.scope == FieldScope::kIntrinsic) {
    switch (field.intrinsic) {
      case contract::Intrinsic::kName:
        add_texts(TRY(block.texts(wire::TextField::kName))->distinct, model::ValueType::kString, limit, out);
        return {};
      case contract::Intrinsic::kService:
        add_texts(TRY(block.services())->distinct, model::ValueType::kString, limit, out);
        return {};
      case contract::Intrinsic::kStatusMessage:
        add_texts(TRY(block.texts(wire::TextField::kStatusMessage))->distinct, model::ValueType::kString, limit, out);
        return {};
      default: return fail(unimplemented("values of this field are not listed yet"));
    }
  }
  if (field.scope == FieldScope::kAny || field.scope == FieldScope::kResource)
    TRY(add_attribute_values(block, AttributeOwner::kResource, field.key, limit, out));
  if (field.scope == FieldScope::kAny || field.scope == FieldScope::kRecord)
    TRY(add_attribute_values(block, AttributeOwner::kSpan, field.key, limit, out));
  return {};
}

}  // namespace

Result<std::vector<FieldValue>> EventStore::field_values(const Context& context, const contract::Field& field,
                                                         TimeRange time, size_t limit) {
  ValueSet values;
  for (const Unit& unit : plan_units(impl_->snapshot(), context.tenant, time)) {
    TRY(check_context(context, impl_->env.clock));
    if (values.size() >= limit) break;
    auto block = SpanBlock::open(unit.bytes());
    if (!block) continue;
    if (auto result = add_values(*block, field, limit, values);
        !result && result.error().code() == Code::kUnimplemented)
      return fail(std::move(result).error());
  }
  std::vector<FieldValue> out;
  for (const auto& [text, type] : values) out.push_back({type, text});
  return out;
}

contract::StoreStatus EventStore::status() const {
  contract::StoreStatus status;
  status.name = "events";
  status.quarantined_parts = impl_->parts->quarantined();
  uint64_t min = UINT64_MAX;
  uint64_t max = 0;
  const Snapshot snapshot = impl_->snapshot();
  for (const auto& block : snapshot.head) {
    status.head_rows += block->meta.rows;
    status.head_bytes += block->bytes->size();
    min = std::min(min, block->meta.min_start_ns);
    max = std::max(max, block->meta.max_start_ns);
  }
  for (const auto& part : snapshot.parts) {
    ++status.parts;
    status.part_rows += part->entry.rows;
    status.part_bytes += part->entry.bytes;
    for (const PartBlock& block : part->blocks) {
      min = std::min(min, block.meta.min_start_ns);
      max = std::max(max, block.meta.max_start_ns);
    }
  }
  if (min <= max) {
    status.min_time_ns = static_cast<int64_t>(std::min<uint64_t>(min, INT64_MAX));
    status.max_time_ns = static_cast<int64_t>(std::min<uint64_t>(max, INT64_MAX));
  }
  return status;
}

Result<> EventStore::flush(const Context&) {
  const std::lock_guard lock(impl_->maintenance);
  return impl_->seal_all();
}

Result<uint64_t> EventStore::remove(const Context& context, const TimeRange& time) {
  const std::lock_guard lock(impl_->maintenance);
  TRY(impl_->seal_all());  // a deletion must reach what is in memory and the journal, too
  return impl_->parts->remove(context.tenant, time);
}

}  // namespace tercet::store
