#include "store/events/event_part.h"

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "codec/filter.h"
#include "codec/varint.h"
#include "store/events/event_part_format.h"

namespace tercet::store {

using model::Span;
using model::SpanBatch;
using wire::SpanBlockMeta;

namespace {

void append_text(std::string& out, std::string_view text) {
  codec::append_varint(out, text.size());
  out.append(text);
}

void append_meta(std::string& out, const SpanBlockMeta& m) {
  for (const uint64_t value :
       {m.rows, m.min_start_ns, m.max_start_ns, m.min_end_ns, m.max_end_ns, m.max_duration_ns, m.errors})
    codec::append_varint(out, value);
}

Result<uint64_t> number(std::string_view& in) {
  uint64_t value = 0;
  if (!codec::take_varint(in, value)) return fail(data_loss("events part: truncated summary"));
  return value;
}

Result<std::string> text(std::string_view& in) {
  const uint64_t size = TRY(number(in));
  if (size > in.size()) return fail(data_loss("events part: text beyond the summary's end"));
  std::string out(in.substr(0, size));
  in.remove_prefix(size);
  return out;
}

// Rows by service, name, start, trace: neighbours share dictionary entries, a service's rows lie in few blocks.
void sort_rows(const SpanBatch& batch, std::span<uint32_t> rows) {
  std::vector<std::string_view> service(batch.scopes.size());
  for (size_t s = 0; s < service.size(); ++s) service[s] = batch.service_name(batch.scopes[s]);
  std::sort(rows.begin(), rows.end(), [&](uint32_t a, uint32_t b) {
    const Span& x = batch.spans[a];
    const Span& y = batch.spans[b];
    if (const int c = service[x.scope].compare(service[y.scope]); c != 0) return c < 0;
    if (const int c = x.name.compare(y.name); c != 0) return c < 0;
    if (x.start_ns != y.start_ns) return x.start_ns < y.start_ns;
    if (x.trace_id != y.trace_id) return x.trace_id < y.trace_id;
    return x.span_id < y.span_id;
  });
}

// What a row adds to its block before compression, roughly and never far below. A block whose rows carry long texts
// (prompts) must end before its sections outgrow what a reader takes.
constexpr size_t kBlockBytesMax = size_t{32} << 20;

size_t value_bytes(const model::Value& value) {
  size_t bytes = sizeof value;
  switch (value.type()) {
    case model::ValueType::kString:
    case model::ValueType::kBytes: return bytes + value.text().size();
    case model::ValueType::kArray:
      for (const model::Value& item : value.items()) bytes += value_bytes(item);
      return bytes;
    case model::ValueType::kMap:
      for (const model::Attribute& entry : value.entries()) bytes += entry.key.size() + value_bytes(entry.value);
      return bytes;
    default: return bytes;
  }
}

size_t attribute_bytes(const SpanBatch& batch, model::Range range) {
  size_t bytes = 0;
  for (const model::Attribute& a : batch.attrs(range)) bytes += a.key.size() + value_bytes(a.value);
  return bytes;
}

size_t row_bytes(const SpanBatch& batch, const Span& span) {
  size_t bytes = sizeof span + span.name.size() + span.status_message.size() + span.trace_state.size() +
                 attribute_bytes(batch, span.attributes);
  for (uint32_t e = 0; e < span.events.count; ++e) {
    const model::SpanEvent& event = batch.events[span.events.begin + e];
    bytes += sizeof event + event.name.size() + attribute_bytes(batch, event.attributes);
  }
  for (uint32_t l = 0; l < span.links.count; ++l) {
    const model::SpanLink& link = batch.links[span.links.begin + l];
    bytes += sizeof link + link.trace_state.size() + attribute_bytes(batch, link.attributes);
  }
  // Scopes and resources are written once a block, but each row may have its own.
  const model::Scope& scope = batch.scopes[span.scope];
  return bytes + scope.name.size() + attribute_bytes(batch, scope.attributes);
}

// Rows of the next block, from `at` on: block_rows at most, fewer where they are large, one at least.
size_t rows_of_block(const SpanBatch& batch, std::span<const uint32_t> rows, size_t at, size_t block_rows) {
  size_t bytes = 0;
  size_t count = 0;
  while (count < block_rows && at + count < rows.size()) {
    bytes += row_bytes(batch, batch.spans[rows[at + count]]);
    if (count > 0 && bytes > kBlockBytesMax) break;
    ++count;
  }
  return count;
}

struct BlockSummary {
  SpanBlockMeta meta;
  std::set<std::string_view> services;
};

struct TraceEntry {
  uint64_t hash;
  uint32_t block;
  auto operator<=>(const TraceEntry&) const = default;
};

Result<BlockSummary> write_block(PartWriter& writer, const SpanBatch& batch, std::span<const uint32_t> rows,
                                 uint32_t number, int level, std::vector<TraceEntry>& traces) {
  const std::string bytes = wire::encode_spans(batch, rows, {true, level});
  TRY(writer.add(kBlobSpanBlock, bytes));
  BlockSummary summary;
  summary.meta = TRY(wire::SpanBlock::open(bytes)).meta();
  model::TraceId last{};
  for (const uint32_t row : rows) {
    const Span& span = batch.spans[row];
    summary.services.insert(batch.service_name(batch.scopes[span.scope]));
    if (span.trace_id != last) traces.push_back({trace_hash(span.trace_id), number});
    last = span.trace_id;
  }
  return summary;
}

Result<> write_trace_index(PartWriter& writer, std::vector<TraceEntry>& traces) {
  std::sort(traces.begin(), traces.end());
  traces.erase(std::unique(traces.begin(), traces.end()), traces.end());
  std::string index;
  std::vector<uint64_t> hashes;
  index.reserve(traces.size() * kTraceIndexEntryBytes);
  for (const TraceEntry& entry : traces) {
    append_le(index, entry.hash);
    append_le(index, entry.block);
    if (hashes.empty() || hashes.back() != entry.hash) hashes.push_back(entry.hash);
  }
  TRY(writer.add(kBlobTraceIndex, index));
  return writer.add(kBlobTraceFilter, codec::build_filter(hashes));
}

}  // namespace

Result<PartEntry> write_event_part(io::FileSystem& files, const std::string& folder, const PartIdentity& identity,
                                   const SpanBatch& batch, std::span<uint32_t> rows, const PartOptions& options) {
  sort_rows(batch, rows);
  PartWriter writer = TRY(PartWriter::create(files, io::join(folder, identity.file)));
  std::vector<TraceEntry> traces;
  std::string blocks;
  uint64_t count = 0;
  for (size_t at = 0, size = 0; at < rows.size(); at += size) {
    size = rows_of_block(batch, rows, at, options.block_rows);
    const auto slice = rows.subspan(at, size);
    const BlockSummary summary =
        TRY(write_block(writer, batch, slice, static_cast<uint32_t>(count++), options.zstd_level, traces));
    append_meta(blocks, summary.meta);
    codec::append_varint(blocks, summary.services.size());
    for (const std::string_view service : summary.services) append_text(blocks, service);
  }
  TRY(write_trace_index(writer, traces));
  std::string info;
  codec::append_varint(info, kEventPartVersion);
  append_text(info, identity.tenant);
  codec::append_varint(info, identity.day);
  codec::append_varint(info, rows.size());
  codec::append_varint(info, static_cast<uint64_t>(identity.newest_arrival_ns));
  codec::append_varint(info, count);
  info += blocks;
  const uint64_t bytes = TRY(writer.finish(info));
  return PartEntry{identity.file, rows.size(), bytes, identity.newest_arrival_ns};
}

namespace {

Result<PartBlock> read_block_summary(std::string_view& in) {
  PartBlock block;
  SpanBlockMeta& m = block.meta;
  for (uint64_t* value :
       {&m.rows, &m.min_start_ns, &m.max_start_ns, &m.min_end_ns, &m.max_end_ns, &m.max_duration_ns, &m.errors})
    *value = TRY(number(in));
  const uint64_t services = TRY(number(in));
  if (services > in.size()) return fail(data_loss("events part: more services than bytes"));
  for (uint64_t i = 0; i < services; ++i) block.services.push_back(TRY(text(in)));
  return block;
}

Result<> read_summary(EventPart& part) {
  std::string_view in = part.reader.info();
  if (TRY(number(in)) != kEventPartVersion)
    return fail(
        failed_precondition("events part: its version is not known here; start the newer tercet that wrote it"));
  part.tenant = TRY(text(in));
  part.day = TRY(number(in));
  if (TRY(number(in)) != part.entry.rows) return fail(data_loss("events part: the manifest has another row count"));
  TRY(number(in));  // newest arrival, which the manifest has too
  const uint64_t count = TRY(number(in));
  if (count > in.size()) return fail(data_loss("events part: more blocks than bytes"));
  for (uint64_t i = 0; i < count; ++i) part.blocks.push_back(TRY(read_block_summary(in)));
  return {};
}

}  // namespace

Result<std::shared_ptr<const EventPart>> open_event_part(io::FileSystem& files, const std::string& folder,
                                                         const PartEntry& entry) {
  auto part = std::make_shared<EventPart>(TRY(PartReader::open(files, io::join(folder, entry.file))));
  part->entry = entry;
  TRY_CTX(read_summary(*part), entry.file);
  size_t blocks = 0;
  size_t indexes = 0;
  size_t filters = 0;
  for (size_t i = 0; i < part->reader.blobs().size(); ++i) {
    const Blob& blob = part->reader.blobs()[i];
    if (blob.kind == kBlobSpanBlock && blocks++ < part->blocks.size()) part->blocks[blocks - 1].blob = i;
    if (blob.kind == kBlobTraceIndex && indexes++ == 0) part->index_blob = i;
    if (blob.kind == kBlobTraceFilter && filters++ == 0) part->filter_blob = i;
  }
  if (blocks != part->blocks.size()) return fail(data_loss(entry.file + ": blocks and summary disagree"));
  if (indexes != 1 || filters != 1 || part->trace_index().size() % kTraceIndexEntryBytes != 0) {
    return fail(data_loss(entry.file + ": its trace index or filter is missing or broken"));
  }
  return part;
}

}  // namespace tercet::store
