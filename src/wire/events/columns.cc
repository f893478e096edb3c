#include "wire/events/columns.h"

#include "codec/hash.h"
#include "codec/int_pack.h"
#include "codec/varint.h"
#include "wire/events/block_format.h"

namespace tercet::wire {

uint32_t StringDictionary::intern(std::string_view text) {
  if ((strings_.size() + 1) * 2 > slots_.size()) grow();
  const uint64_t hash = codec::hash64(text);
  const size_t mask = slots_.size() - 1;
  for (size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    if (slots_[slot] == 0) {
      strings_.push_back(text);
      hashes_.push_back(hash);
      slots_[slot] = static_cast<uint32_t>(strings_.size());
      return static_cast<uint32_t>(strings_.size() - 1);
    }
    const uint32_t id = slots_[slot] - 1;
    if (hashes_[id] == hash && strings_[id] == text) return id;
  }
}

void StringDictionary::grow() {
  slots_.assign(slots_.empty() ? 16 : slots_.size() * 2, 0);
  const size_t mask = slots_.size() - 1;
  for (uint32_t id = 0; id < hashes_.size(); ++id) {
    size_t slot = hashes_[id] & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = id + 1;
  }
}

void StringDictionary::clear() {
  strings_.clear();
  hashes_.clear();
  slots_.assign(slots_.size(), 0);
}

void StringColumnWriter::finish(std::string& out) const {
  const auto& strings = dictionary_.strings();
  codec::append_varint(out, ids_.size());
  codec::append_varint(out, strings.size());
  std::vector<uint64_t> lengths(strings.size());
  for (size_t i = 0; i < strings.size(); ++i) lengths[i] = strings[i].size();
  codec::pack_u64(lengths, out);
  // Ids count up from zero by first appearance, so equal counts mean ids 0, 1, 2, …
  if (strings.size() != ids_.size()) codec::pack_u64(ids_, out);
  for (const std::string_view s : strings) out.append(s);
}

void StringColumnWriter::finish_framed(std::string& out) const {
  std::string bytes;
  finish(bytes);
  write_text(out, bytes);
}

Result<uint64_t> read_varint(std::string_view& in) {
  uint64_t value = 0;
  if (!codec::take_varint(in, value)) return fail(data_loss("event block: truncated varint"));
  return value;
}

Result<std::string_view> read_bytes(std::string_view& in, uint64_t size) {
  if (size > in.size()) return fail(data_loss("event block: length beyond the section's end"));
  const std::string_view bytes = in.substr(0, size);
  in.remove_prefix(size);
  return bytes;
}

void write_text(std::string& out, std::string_view text) {
  codec::append_varint(out, text.size());
  out.append(text);
}

Result<std::vector<uint64_t>> read_u64_column(std::string_view& in, size_t count) {
  std::vector<uint64_t> values;
  TRY_CTX(codec::unpack_u64(in, count, values), "event block: u64 column");
  if (values.size() != count)
    return fail(data_loss("event block: u64 column has another number of values than its table has rows"));
  return values;
}

Result<StringColumn> read_string_column(std::string_view& in, size_t count) {
  const uint64_t values = TRY(read_varint(in));
  const uint64_t distinct = TRY(read_varint(in));
  if (values != count || distinct > values)
    return fail(data_loss("event block: string column has another number of values than its table has rows"));
  const std::vector<uint64_t> lengths = TRY(read_u64_column(in, distinct));
  StringColumn column;
  column.ids.resize(values);
  if (distinct == values) {
    for (uint32_t i = 0; i < values; ++i) column.ids[i] = i;
  } else {
    const std::vector<uint64_t> ids = TRY(read_u64_column(in, values));
    for (size_t i = 0; i < values; ++i) {
      if (ids[i] >= distinct) return fail(data_loss("event block: string index out of range"));
      column.ids[i] = static_cast<uint32_t>(ids[i]);
    }
  }
  column.strings.reserve(distinct);
  for (const uint64_t length : lengths) column.strings.push_back(TRY(read_bytes(in, length)));
  return column;
}

Result<StringColumn> read_framed_string_column(std::string_view& in, size_t count) {
  std::string_view bytes = TRY(read_bytes(in, TRY(read_varint(in))));
  return read_string_column(bytes, count);
}

}  // namespace tercet::wire
