#include "wire/otlp/json_decoder.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.h"

namespace tercet::wire::otlp {

using model::Attribute;
using model::Value;

bool JsonDecoder::over(std::string_view limit, size_t value) {
  return in_.fail(fmt::format("more than {} ({})", limit, value));
}

bool JsonDecoder::read_attributes(JsonValue array, model::Range& run) {
  if (run.count != 0) return twice();
  const auto begin = static_cast<uint32_t>(common_.attributes.size());
  const bool ok = in_.elements(array, [&](JsonValue element) {
    if (common_.attributes.size() - begin >= limits_.max_attributes)
      return over("max_attributes", limits_.max_attributes);
    // Nested values never touch this column, so the reference stays good.
    return read_key_value(element, 1, common_.attributes.emplace_back());
  });
  if (!ok) return false;
  const size_t count = common_.attributes.size() - begin;
  const size_t kept = duplicates_.resolve(common_.attributes.data() + begin, count);
  report_.duplicate_keys += count - kept;
  common_.attributes.resize(begin + kept);
  run = {begin, static_cast<uint32_t>(kept)};
  return charge(count);
}

bool JsonDecoder::read_key_value(JsonValue object, size_t depth, Attribute& attribute) {
  return in_.members(object, [&](std::string_view key, JsonValue member) {
    if (key == "key") return in_.read_text(member, attribute.key);
    if (key == "value") return read_value(member, depth, attribute.value);
    return in_.skip(member);
  });
}

bool JsonDecoder::read_value(JsonValue object, size_t depth, Value& value) {
  if (depth > limits_.max_depth) return in_.fail(fmt::format("nested deeper than max_depth ({})", limits_.max_depth));
  return in_.members(object, [&](std::string_view key, JsonValue member) {
    std::string_view text;
    if (key == "stringValue") {
      if (!in_.read_text(member, text)) return false;
      value = Value::string(text);
    } else if (key == "intValue") {
      int64_t number;
      if (!in_.read_i64(member, number)) return false;
      value = Value::integer(number);
    } else if (key == "boolValue") {
      bool flag;
      if (!in_.read_bool(member, flag)) return false;
      value = Value::boolean(flag);
    } else if (key == "doubleValue") {
      double number;
      if (!in_.read_double(member, number)) return false;
      value = Value::real(number);
    } else if (key == "arrayValue") {
      return read_array(member, depth, value);
    } else if (key == "kvlistValue") {
      return read_map(member, depth, value);
    } else if (key == "bytesValue") {
      if (!in_.read_bytes(member, text)) return false;
      value = Value::bytes(text);
    } else {
      return in_.skip(member);
    }
    return true;
  });
}

bool JsonDecoder::read_items(JsonValue array, size_t depth, size_t begin) {
  return in_.elements_with_null(array, [&](JsonValue element) {
    if (items_.size() - begin >= limits_.max_attributes) return over("max_attributes", limits_.max_attributes);
    Value item;
    if (!in_.is_null(element) && !read_value(element, depth + 1, item)) return false;
    items_.push_back(item);
    return true;
  });
}

bool JsonDecoder::read_array(JsonValue object, size_t depth, Value& value) {
  const size_t begin = items_.size();
  const bool ok = in_.members(object, [&](std::string_view key, JsonValue member) {
    return key == "values" ? read_items(member, depth, begin) : in_.skip(member);
  });
  if (!ok) return false;
  const auto made = common_.arena.array<Value>(items_.size() - begin);
  std::copy(items_.begin() + static_cast<ptrdiff_t>(begin), items_.end(), made.begin());
  items_.resize(begin);
  value = Value::array(made);
  return charge(made.size());
}

bool JsonDecoder::read_entries(JsonValue array, size_t depth, size_t begin) {
  return in_.elements(array, [&](JsonValue element) {
    if (entries_.size() - begin >= limits_.max_attributes) return over("max_attributes", limits_.max_attributes);
    Attribute entry;
    if (!read_key_value(element, depth + 1, entry)) return false;
    entries_.push_back(entry);
    return true;
  });
}

bool JsonDecoder::read_map(JsonValue object, size_t depth, Value& value) {
  const size_t begin = entries_.size();
  const bool ok = in_.members(object, [&](std::string_view key, JsonValue member) {
    return key == "values" ? read_entries(member, depth, begin) : in_.skip(member);
  });
  if (!ok) return false;
  const size_t count = entries_.size() - begin;
  const size_t kept = duplicates_.resolve(entries_.data() + begin, count);
  report_.duplicate_keys += count - kept;
  const auto made = common_.arena.array<Attribute>(kept);
  std::copy_n(entries_.begin() + static_cast<ptrdiff_t>(begin), kept, made.begin());
  entries_.resize(begin);
  value = Value::map(made);
  return charge(count);
}

bool JsonDecoder::read_resource(JsonValue object, model::Resource& resource) {
  return in_.members(object, [&](std::string_view key, JsonValue member) {
    if (key == "attributes") return read_attributes(member, resource.attributes);
    if (key == "droppedAttributesCount") return in_.read_u32(member, resource.dropped_attributes);
    return in_.skip(member);
  });
}

bool JsonDecoder::read_scope(JsonValue object, model::Scope& scope) {
  return in_.members(object, [&](std::string_view key, JsonValue member) {
    if (key == "name") return in_.read_text(member, scope.name);
    if (key == "version") return in_.read_text(member, scope.version);
    if (key == "attributes") return read_attributes(member, scope.attributes);
    if (key == "droppedAttributesCount") return in_.read_u32(member, scope.dropped_attributes);
    return in_.skip(member);
  });
}

bool JsonDecoder::read_trace_id(JsonValue value, model::TraceId& id) {
  std::string_view text;
  if (!in_.read_text(value, text)) return false;
  id = {};
  if (text.size() == 32) {
    id = model::TraceId::from_hex(text).value_or(model::TraceId{});
  } else if (text.size() == 24) {
    const auto bytes = base64_decode(text);
    if (bytes && bytes->size() == 16) id = model::TraceId::from_bytes(bytes->data());
  }
  return true;
}

bool JsonDecoder::read_span_id(JsonValue value, model::SpanId& id, bool& well_formed) {
  std::string_view text;
  if (!in_.read_text(value, text)) return false;
  id = {};
  well_formed = text.empty();
  if (text.size() == 16) {
    const auto parsed = model::SpanId::from_hex(text);
    well_formed = parsed.has_value();
    id = parsed.value_or(model::SpanId{});
  } else if (text.size() == 12) {
    const auto bytes = base64_decode(text);
    well_formed = bytes && bytes->size() == 8;
    if (well_formed) id = model::SpanId::from_bytes(bytes->data());
  }
  return true;
}

}  // namespace tercet::wire::otlp
