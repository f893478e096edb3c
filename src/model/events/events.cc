#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>

#include "base/bytes.h"
#include "base/log.h"
#include "model/events/log_batch.h"
#include "model/events/span_batch.h"

namespace tercet::model {

namespace {

constexpr char kHex[] = "0123456789abcdef";

void hex64(uint64_t value, char* out) {
  for (int i = 15; i >= 0; --i, value >>= 4) out[i] = kHex[value & 15];
}

std::optional<uint64_t> parse_hex64(std::string_view text) {
  uint64_t value = 0;
  for (const char c : text) {
    int digit = 0;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    } else {
      return std::nullopt;
    }
    value = value << 4 | static_cast<uint64_t>(digit);
  }
  return value;
}

std::span<Attribute> copy_attributes(Arena& arena, std::span<const Attribute> from) {
  auto to = arena.array<Attribute>(from.size());
  for (size_t i = 0; i < to.size(); ++i) to[i] = {arena.copy(from[i].key), copy_value(arena, from[i].value)};
  return to;
}

Range append_attributes(EventBatch& to, const EventBatch& from, Range range) {
  const Range out{static_cast<uint32_t>(to.attributes.size()), range.count};
  for (const Attribute& a : from.attrs(range))
    to.attributes.push_back({to.arena.copy(a.key), copy_value(to.arena, a.value)});
  return out;
}

uint32_t append_scope(EventBatch& to, const EventBatch& from, const Scope& scope) {
  const Resource& resource = from.resources[scope.resource];
  to.resources.push_back({append_attributes(to, from, resource.attributes), resource.dropped_attributes,
                          to.arena.copy(resource.schema_url)});
  Scope copy = scope;
  copy.resource = static_cast<uint32_t>(to.resources.size() - 1);
  copy.name = to.arena.copy(scope.name);
  copy.version = to.arena.copy(scope.version);
  copy.schema_url = to.arena.copy(scope.schema_url);
  copy.attributes = append_attributes(to, from, scope.attributes);
  to.scopes.push_back(copy);
  return static_cast<uint32_t>(to.scopes.size() - 1);
}

}  // namespace

std::string TraceId::hex() const {
  std::string out(32, '0');
  hex64(hi, out.data());
  hex64(lo, out.data() + 16);
  return out;
}

std::optional<TraceId> TraceId::from_hex(std::string_view text) {
  if (text.empty() || text.size() > 32) return std::nullopt;
  const size_t low = std::min<size_t>(16, text.size());
  const auto hi = parse_hex64(text.substr(0, text.size() - low));
  const auto lo = parse_hex64(text.substr(text.size() - low));
  if (!hi || !lo) return std::nullopt;
  return TraceId{*hi, *lo};
}

std::string SpanId::hex() const {
  std::string out(16, '0');
  hex64(value, out.data());
  return out;
}

std::optional<SpanId> SpanId::from_hex(std::string_view text) {
  if (text.empty() || text.size() > 16) return std::nullopt;
  const auto value = parse_hex64(text);
  if (!value) return std::nullopt;
  return SpanId{*value};
}

bool equal(const Value& a, const Value& b) {
  if (a.type() != b.type()) return false;
  switch (a.type()) {
    case ValueType::kEmpty: return true;
    case ValueType::kString:
    case ValueType::kBytes: return a.text() == b.text();
    case ValueType::kBool:
    case ValueType::kInt: return a.as_int() == b.as_int();
    case ValueType::kDouble: return std::bit_cast<uint64_t>(a.as_double()) == std::bit_cast<uint64_t>(b.as_double());
    case ValueType::kArray: {
      if (a.items().size() != b.items().size()) return false;
      for (size_t i = 0; i < a.items().size(); ++i) {
        if (!equal(a.items()[i], b.items()[i])) return false;
      }
      return true;
    }
    case ValueType::kMap: {
      if (a.entries().size() != b.entries().size()) return false;
      for (size_t i = 0; i < a.entries().size(); ++i) {
        if (a.entries()[i].key != b.entries()[i].key || !equal(a.entries()[i].value, b.entries()[i].value))
          return false;
      }
      return true;
    }
  }
  return false;
}

namespace {

void append_json(std::string& out, const Value& v) {
  switch (v.type()) {
    case ValueType::kEmpty: out += "null"; return;
    case ValueType::kString: return append_json_string(out, v.text());
    case ValueType::kBytes: return append_json_string(out, hex_encode(v.text()));
    case ValueType::kArray: {
      out += '[';
      for (size_t i = 0; i < v.items().size(); ++i) {
        if (i > 0) out += ',';
        append_json(out, v.items()[i]);
      }
      out += ']';
      return;
    }
    case ValueType::kMap: {
      out += '{';
      for (size_t i = 0; i < v.entries().size(); ++i) {
        if (i > 0) out += ',';
        append_json_string(out, v.entries()[i].key);
        out += ':';
        append_json(out, v.entries()[i].value);
      }
      out += '}';
      return;
    }
    default: out += to_text(v);
  }
}

}  // namespace

std::string to_text(const Value& v) {
  char buffer[32];
  switch (v.type()) {
    case ValueType::kEmpty: return {};
    case ValueType::kString: return std::string(v.text());
    case ValueType::kBytes: return hex_encode(v.text());
    case ValueType::kBool: return v.as_bool() ? "true" : "false";
    case ValueType::kInt: return {buffer, std::to_chars(buffer, buffer + sizeof buffer, v.as_int()).ptr};
    case ValueType::kDouble: return {buffer, std::to_chars(buffer, buffer + sizeof buffer, v.as_double()).ptr};
    default: break;
  }
  std::string out;
  append_json(out, v);
  return out;
}

Value copy_value(Arena& arena, const Value& v) {
  switch (v.type()) {
    case ValueType::kString: return Value::string(arena.copy(v.text()));
    case ValueType::kBytes: return Value::bytes(arena.copy(v.text()));
    case ValueType::kMap: return Value::map(copy_attributes(arena, v.entries()));
    case ValueType::kArray: {
      auto items = arena.array<Value>(v.items().size());
      for (size_t i = 0; i < items.size(); ++i) items[i] = copy_value(arena, v.items()[i]);
      return Value::array(items);
    }
    default: return v;
  }
}

const Value* find(std::span<const Attribute> attributes, std::string_view key) {
  for (size_t i = attributes.size(); i > 0; --i) {
    if (attributes[i - 1].key == key) return &attributes[i - 1].value;
  }
  return nullptr;
}

std::string_view EventBatch::service_name(const Scope& scope) const {
  const Value* value = find(attrs(resources[scope.resource].attributes), "service.name");
  return value != nullptr && value->is_string() ? value->text() : std::string_view{};
}

std::string_view EventBatch::keep(std::string bytes) {
  buffers.push_back(std::make_unique<const std::string>(std::move(bytes)));
  return *buffers.back();
}

size_t EventBatch::footprint() const {
  size_t total = arena.footprint() + attributes.capacity() * sizeof(Attribute) +
                 resources.capacity() * sizeof(Resource) + scopes.capacity() * sizeof(Scope);
  for (const auto& buffer : buffers) total += buffer->capacity();
  return total;
}

void append_copy(SpanBatch& to, const SpanBatch& from, uint32_t row, ScopeCopy& last_scope) {
  Span span = from.spans[row];
  if (last_scope.from != span.scope) last_scope = {span.scope, append_scope(to, from, from.scopes[span.scope])};
  span.scope = last_scope.to;
  span.name = to.arena.copy(span.name);
  span.trace_state = to.arena.copy(span.trace_state);
  span.status_message = to.arena.copy(span.status_message);
  span.attributes = append_attributes(to, from, span.attributes);
  const Range events = span.events;
  span.events.begin = static_cast<uint32_t>(to.events.size());
  for (uint32_t i = 0; i < events.count; ++i) {
    SpanEvent event = from.events[events.begin + i];
    event.name = to.arena.copy(event.name);
    event.attributes = append_attributes(to, from, event.attributes);
    to.events.push_back(event);
  }
  const Range links = span.links;
  span.links.begin = static_cast<uint32_t>(to.links.size());
  for (uint32_t i = 0; i < links.count; ++i) {
    SpanLink link = from.links[links.begin + i];
    link.trace_state = to.arena.copy(link.trace_state);
    link.attributes = append_attributes(to, from, link.attributes);
    to.links.push_back(link);
  }
  to.spans.push_back(span);
}

}  // namespace tercet::model
