#include <gtest/gtest.h>

#include "model/events/log_batch.h"
#include "model/events/span_batch.h"

namespace tercet::model {
namespace {

TEST(TraceId, HexRoundTripAndTrimmedZeros) {
  const TraceId id{0x0000000000000001u, 0xabcdef0123456789u};
  EXPECT_EQ(id.hex(), "0000000000000001abcdef0123456789");
  EXPECT_EQ(TraceId::from_hex(id.hex()), id);
  EXPECT_EQ(TraceId::from_hex("1ABCDEF0123456789"), id);
  EXPECT_EQ(TraceId::from_hex("1"), (TraceId{0, 1}));
  EXPECT_FALSE(TraceId::from_hex(""));
  EXPECT_FALSE(TraceId::from_hex("xyz"));
  EXPECT_FALSE(TraceId::from_hex(std::string(33, '1')));
}

TEST(TraceId, BytesAreBigEndian) {
  char raw[16];
  const TraceId id{0x0102030405060708u, 0x090a0b0c0d0e0f10u};
  id.to_bytes(raw);
  EXPECT_EQ(raw[0], 1);
  EXPECT_EQ(raw[15], 16);
  EXPECT_EQ(TraceId::from_bytes(raw), id);
  EXPECT_FALSE(TraceId{}.valid());
}

TEST(SpanId, HexAndBytes) {
  const SpanId id{0x00f067aa0ba902b7u};
  EXPECT_EQ(id.hex(), "00f067aa0ba902b7");
  EXPECT_EQ(SpanId::from_hex("f067aa0ba902b7"), id);
  char raw[8];
  id.to_bytes(raw);
  EXPECT_EQ(SpanId::from_bytes(raw), id);
  EXPECT_FALSE(SpanId::from_hex("00f067aa0ba902b70"));
}

TEST(Value, DeepEquality) {
  const Value inner[] = {Value::integer(1), Value::string("x")};
  const Attribute entries[] = {{"k", Value::array(inner)}};
  EXPECT_TRUE(equal(Value::map(entries), Value::map(entries)));
  EXPECT_FALSE(equal(Value::integer(1), Value::boolean(true)));
  EXPECT_FALSE(equal(Value::real(0.0), Value::real(-0.0)));
  EXPECT_FALSE(equal(Value::array(inner), Value::array(std::span(inner).first(1))));
}

TEST(Value, LastDuplicateWins) {
  const Attribute attributes[] = {{"a", Value::integer(1)}, {"b", Value::integer(2)}, {"a", Value::integer(3)}};
  ASSERT_NE(find(attributes, "a"), nullptr);
  EXPECT_EQ(find(attributes, "a")->as_int(), 3);
  EXPECT_EQ(find(attributes, "c"), nullptr);
}

TEST(SpanBatch, CopyOwnsItsStrings) {
  SpanBatch to;
  ScopeCopy scopes;
  {
    SpanBatch from;
    const std::string_view service = from.keep("router");
    from.attributes.push_back({"service.name", Value::string(service)});
    from.resources.push_back({{0, 1}, 0, {}});
    from.scopes.push_back({0, from.keep("lib"), {}, {}, 0, {}});
    const Value nested[] = {Value::string(from.keep("deep"))};
    auto items = from.arena.array<Value>(1);
    items[0] = nested[0];
    from.attributes.push_back({"list", Value::array(items)});
    from.events.push_back({5, from.keep("ev"), {1, 1}, 0});
    from.links.push_back({{1, 2}, {3}, {}, {}, 0, 0});
    Span span;
    span.trace_id = {7, 8};
    span.span_id = {9};
    span.name = from.keep("GET /");
    span.attributes = {1, 1};
    span.events = {0, 1};
    span.links = {0, 1};
    from.spans.push_back(span);
    append_copy(to, from, 0, scopes);
    append_copy(to, from, 0, scopes);
  }
  ASSERT_EQ(to.spans.size(), 2u);
  EXPECT_EQ(to.scopes.size(), 1u);
  const Span& span = to.spans[1];
  EXPECT_EQ(span.name, "GET /");
  EXPECT_EQ(to.service_name(to.scopes[span.scope]), "router");
  EXPECT_EQ(to.attrs(span.attributes)[0].value.items()[0].text(), "deep");
  EXPECT_EQ(to.events[span.events.begin].name, "ev");
  EXPECT_EQ(to.attrs(to.events[span.events.begin].attributes)[0].key, "list");
  EXPECT_EQ(to.links[span.links.begin].span_id.value, 3u);
}

TEST(LogRecord, EffectiveTimeFallsBack) {
  LogRecord r;
  EXPECT_EQ(r.effective_time_ns(9), 9u);
  r.observed_time_ns = 5;
  EXPECT_EQ(r.effective_time_ns(9), 5u);
  r.time_ns = 3;
  EXPECT_EQ(r.effective_time_ns(9), 3u);
}

}  // namespace
}  // namespace tercet::model
