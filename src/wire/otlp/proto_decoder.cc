#include "wire/otlp/proto_decoder.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

namespace tercet::wire::otlp {

using model::Attribute;
using model::Value;
using model::ValueType;

bool ProtoDecoder::over(Where where, std::string_view limit, size_t value) {
  return failure_.fail(where, fmt::format("more than {} ({})", limit, value));
}

bool ProtoDecoder::append_attribute(std::string_view bytes, Where where, uint32_t run_begin) {
  if (common_.attributes.size() - run_begin >= limits_.max_attributes) [[unlikely]] {
    return over(where, "max_attributes", limits_.max_attributes);
  }
  // Nested values never touch this column, so the reference stays good.
  return read_key_value(bytes, 1, common_.attributes.emplace_back());
}

bool ProtoDecoder::end_run(Where where, uint32_t run_begin, model::Range& run) {
  const size_t count = common_.attributes.size() - run_begin;
  const size_t kept = duplicates_.resolve(common_.attributes.data() + run_begin, count);
  report_.duplicate_keys += count - kept;
  if (kept != count) common_.attributes.resize(run_begin + kept);
  run = {run_begin, static_cast<uint32_t>(kept)};
  return charge(count, where);
}

bool ProtoDecoder::read_key_value(std::string_view bytes, size_t depth, Attribute& attribute) {
  ProtoReader in(bytes, "KeyValue", failure_);
  while (in.next()) {
    switch (in.tag()) {
      case length(1): attribute.key = text(in.bytes()); break;
      case length(2):
        if (!read_value(in.bytes(), depth, attribute.value)) return false;
        break;
    }
  }
  return !failure_.failed();
}

bool ProtoDecoder::read_value(std::string_view bytes, size_t depth, Value& value) {
  ProtoReader in(bytes, "AnyValue", failure_);
  if (depth > limits_.max_depth) [[unlikely]] {
    return failure_.fail({bytes.data(), "AnyValue", 0},
                         fmt::format("nested deeper than max_depth ({})", limits_.max_depth));
  }
  while (in.next()) {
    switch (in.tag()) {
      case length(1): value = Value::string(text(in.bytes())); break;
      case varint(2): value = Value::boolean(in.scalar() != 0); break;
      case varint(3): value = Value::integer(static_cast<int64_t>(in.scalar())); break;
      case fixed64(4): value = Value::real(std::bit_cast<double>(in.scalar())); break;
      case length(5):
        if (!read_array(in.bytes(), depth, value)) return false;
        break;
      case length(6):
        if (!read_map(in.bytes(), depth, value)) return false;
        break;
      case length(7): value = Value::bytes(in.bytes()); break;
    }
  }
  return !failure_.failed();
}

bool ProtoDecoder::read_array(std::string_view bytes, size_t depth, Value& value) {
  ProtoReader in(bytes, "ArrayValue", failure_);
  const size_t begin = items_.size();
  if (value.type() == ValueType::kArray) items_.insert(items_.end(), value.items().begin(), value.items().end());
  while (in.next()) {
    if (in.tag() != length(1)) continue;
    if (items_.size() - begin >= limits_.max_attributes)
      return over(in.where(), "max_attributes", limits_.max_attributes);
    Value item;
    if (!read_value(in.bytes(), depth + 1, item)) return false;
    items_.push_back(item);
  }
  const auto made = common_.arena.array<Value>(items_.size() - begin);
  std::copy(items_.begin() + static_cast<ptrdiff_t>(begin), items_.end(), made.begin());
  items_.resize(begin);
  value = Value::array(made);
  return !failure_.failed() && charge(made.size(), in.where());
}

bool ProtoDecoder::read_map(std::string_view bytes, size_t depth, Value& value) {
  ProtoReader in(bytes, "KeyValueList", failure_);
  const size_t begin = entries_.size();
  if (value.type() == ValueType::kMap) entries_.insert(entries_.end(), value.entries().begin(), value.entries().end());
  while (in.next()) {
    if (in.tag() != length(1)) continue;
    if (entries_.size() - begin >= limits_.max_attributes)
      return over(in.where(), "max_attributes", limits_.max_attributes);
    Attribute entry;
    if (!read_key_value(in.bytes(), depth + 1, entry)) return false;
    entries_.push_back(entry);
  }
  const size_t count = entries_.size() - begin;
  const size_t kept = duplicates_.resolve(entries_.data() + begin, count);
  report_.duplicate_keys += count - kept;
  const auto made = common_.arena.array<Attribute>(kept);
  std::copy_n(entries_.begin() + static_cast<ptrdiff_t>(begin), kept, made.begin());
  entries_.resize(begin);
  value = Value::map(made);
  return !failure_.failed() && charge(count, in.where());
}

bool ProtoDecoder::read_resource(std::string_view bytes, uint32_t run_begin, model::Resource& resource) {
  ProtoReader in(bytes, "Resource", failure_);
  while (in.next()) {
    switch (in.tag()) {
      case length(1):
        if (!append_attribute(in.bytes(), in.where(), run_begin)) return false;
        break;
      case varint(2): resource.dropped_attributes = in.u32(); break;
    }
  }
  return !failure_.failed();
}

bool ProtoDecoder::read_scope(std::string_view bytes, uint32_t run_begin, model::Scope& scope) {
  ProtoReader in(bytes, "InstrumentationScope", failure_);
  while (in.next()) {
    switch (in.tag()) {
      case length(1): scope.name = text(in.bytes()); break;
      case length(2): scope.version = text(in.bytes()); break;
      case length(3):
        if (!append_attribute(in.bytes(), in.where(), run_begin)) return false;
        break;
      case varint(4): scope.dropped_attributes = in.u32(); break;
    }
  }
  return !failure_.failed();
}

}  // namespace tercet::wire::otlp
