#include "wire/events/span_block.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/bytes.h"
#include "base/random.h"

namespace tercet::wire {
namespace {

using model::Attribute;
using model::SpanBatch;
using model::Value;

// A batch with everything in it: several resources and scopes, every value type, nested ones, events, links, repeated
// keys.
class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  SpanBatch batch(size_t spans) {
    SpanBatch b;
    for (int r = 0; r < 3; ++r) {
      b.resources.push_back(
          {attributes(b, 2), static_cast<uint32_t>(random_.below(3)), b.keep("https://schema/" + std::to_string(r))});
      for (int s = 0; s < 2; ++s) {
        b.scopes.push_back({static_cast<uint32_t>(b.resources.size() - 1),
                            b.keep("scope" + std::to_string(s)),
                            "1.0",
                            attributes(b, 1),
                            0,
                            {}});
      }
    }
    for (size_t i = 0; i < spans; ++i) add_span(b);
    return b;
  }

 private:
  std::string text() { return std::string(random_.below(12), static_cast<char>('a' + random_.below(4))); }

  Value value(SpanBatch& b, int depth) {
    switch (random_.below(depth > 3 ? 6 : 8)) {
      case 0: return Value();
      case 1: return Value::string(b.keep(text()));
      case 2: return Value::boolean(random_.below(2) == 1);
      case 3: return Value::integer(static_cast<int64_t>(random_.next()));
      case 4: return Value::real(static_cast<double>(random_.next()) / 7);
      case 5: return Value::bytes(b.keep(std::string("\0\xff", 2) + text()));
      case 6: {
        auto items = b.arena.array<Value>(random_.below(4));
        for (Value& item : items) item = value(b, depth + 1);
        return Value::array(items);
      }
      default: {
        auto entries = b.arena.array<Attribute>(random_.below(4));
        for (Attribute& entry : entries) entry = {b.keep(text()), value(b, depth + 1)};
        return Value::map(entries);
      }
    }
  }

  model::Range attributes(SpanBatch& b, size_t most) {
    std::vector<Attribute> added;
    const size_t count = random_.below(most + 1);
    for (size_t i = 0; i < count; ++i) added.push_back({b.keep("key" + std::to_string(random_.below(5))), value(b, 0)});
    const model::Range range{static_cast<uint32_t>(b.attributes.size()), static_cast<uint32_t>(added.size())};
    b.attributes.insert(b.attributes.end(), added.begin(), added.end());
    return range;
  }

  void add_span(SpanBatch& b) {
    model::Span s;
    s.trace_id = {random_.below(3), random_.below(4) + 1};
    s.span_id = {random_.next() | 1};
    s.parent_span_id = {random_.below(2) * random_.next()};
    s.scope = static_cast<uint32_t>(random_.below(b.scopes.size()));
    s.flags = static_cast<uint32_t>(random_.next());
    s.name = b.keep("op" + std::to_string(random_.below(4)));
    s.trace_state = b.keep(text());
    s.status_message = b.keep(text());
    s.start_ns = random_.next();
    s.end_ns = random_.below(3) == 0 ? s.start_ns - 5 : s.start_ns + random_.below(1'000'000'000);
    s.kind = static_cast<model::SpanKind>(random_.below(6));
    s.status = static_cast<model::StatusCode>(random_.below(3));
    s.dropped_attributes = static_cast<uint32_t>(random_.below(5));
    s.dropped_links = static_cast<uint32_t>(random_.next());
    s.attributes = attributes(b, 6);
    s.events.begin = static_cast<uint32_t>(b.events.size());
    s.events.count = static_cast<uint32_t>(random_.below(3));
    for (uint32_t i = 0; i < s.events.count; ++i)
      b.events.push_back({random_.next(), b.keep(text()), attributes(b, 2), 1});
    s.links.begin = static_cast<uint32_t>(b.links.size());
    s.links.count = static_cast<uint32_t>(random_.below(2));
    for (uint32_t i = 0; i < s.links.count; ++i)
      b.links.push_back({{random_.next(), 1}, {random_.next()}, b.keep(text()), attributes(b, 2), 2, 3});
    b.spans.push_back(s);
  }

  SeededRandom random_;
};

std::string describe(const SpanBatch& b, model::Range range) {
  std::string out;
  for (const Attribute& a : b.attrs(range))
    out += std::string(a.key) + "=" + std::to_string(static_cast<int>(a.value.type())) + ":" + model::to_text(a.value) +
           ",";
  return out;
}

// Everything that a span says, as text: what must survive a round trip.
std::string describe(const SpanBatch& b, const model::Span& s) {
  const model::Scope& scope = b.scopes[s.scope];
  const model::Resource& resource = b.resources[scope.resource];
  std::string out = s.trace_id.hex() + s.span_id.hex() + s.parent_span_id.hex() + "|" + std::string(s.name) + "|" +
                    std::string(s.trace_state) + "|" + std::string(s.status_message) + "|" +
                    std::to_string(s.start_ns) + "|" + std::to_string(s.end_ns) + "|" + std::to_string(s.flags) + "|" +
                    std::to_string(static_cast<int>(s.kind)) + std::to_string(static_cast<int>(s.status)) + "|" +
                    std::to_string(s.dropped_attributes) + "," + std::to_string(s.dropped_events) + "," +
                    std::to_string(s.dropped_links) + "|" + describe(b, s.attributes);
  for (uint32_t i = 0; i < s.events.count; ++i) {
    const auto& e = b.events[s.events.begin + i];
    out += "|e" + std::to_string(e.time_ns) + std::string(e.name) + std::to_string(e.dropped_attributes) +
           describe(b, e.attributes);
  }
  for (uint32_t i = 0; i < s.links.count; ++i) {
    const auto& l = b.links[s.links.begin + i];
    out += "|l" + l.trace_id.hex() + l.span_id.hex() + std::string(l.trace_state) + std::to_string(l.flags) +
           std::to_string(l.dropped_attributes) + describe(b, l.attributes);
  }
  return out + "|s" + std::string(scope.name) + std::string(scope.version) + describe(b, scope.attributes) + "|r" +
         std::string(resource.schema_url) + std::to_string(resource.dropped_attributes) +
         describe(b, resource.attributes);
}

std::vector<uint32_t> all_rows(size_t n) {
  std::vector<uint32_t> rows(n);
  for (uint32_t i = 0; i < n; ++i) rows[i] = i;
  return rows;
}

TEST(SpanBlock, RoundTripsEverything) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    const SpanBatch in = Generator(seed).batch(1 + seed % 40);
    for (const bool sealed : {false, true}) {
      const std::string bytes = encode_spans(in, {}, {sealed, 1});
      auto block = SpanBlock::open(bytes);
      ASSERT_TRUE(block) << block.error().message();
      EXPECT_EQ(block->meta().rows, in.spans.size());
      for (const bool copy : {false, true}) {
        SpanBatch out;
        const auto rows = all_rows(in.spans.size());
        const auto result = block->append_rows(rows, out, copy);
        ASSERT_TRUE(result) << result.error().message();
        ASSERT_EQ(out.spans.size(), in.spans.size());
        for (size_t i = 0; i < in.spans.size(); ++i) ASSERT_EQ(describe(out, out.spans[i]), describe(in, in.spans[i]));
      }
    }
  }
}

TEST(SpanBlock, ChosenRowsInChosenOrder) {
  const SpanBatch in = Generator(7).batch(20);
  const std::vector<uint32_t> order = {9, 3, 17, 3};
  const std::string bytes = encode_spans(in, order, {true, 3});
  auto block = SpanBlock::open(bytes);
  ASSERT_TRUE(block);
  SpanBatch out;
  const std::vector<uint32_t> wanted = {1, 2};
  ASSERT_TRUE(block->append_rows(wanted, out, true));
  ASSERT_EQ(out.spans.size(), 2u);
  EXPECT_EQ(describe(out, out.spans[0]), describe(in, in.spans[3]));
  EXPECT_EQ(describe(out, out.spans[1]), describe(in, in.spans[17]));
  EXPECT_LE(out.scopes.size(), 2u) << "scopes that no row uses are left out";
}

TEST(SpanBlock, CopiedRowsOutliveTheBlock) {
  SpanBatch out;
  std::string expected;
  {
    const SpanBatch in = Generator(11).batch(5);
    expected = describe(in, in.spans[4]);
    const std::string bytes = encode_spans(in, {}, {true, 1});
    auto block = SpanBlock::open(bytes);
    ASSERT_TRUE(block);
    ASSERT_TRUE(block->append_rows(all_rows(5), out, true));
  }
  EXPECT_EQ(describe(out, out.spans[4]), expected);
}

TEST(SpanBlock, EqualScopesAreWrittenOnce) {
  SpanBatch in;
  for (uint32_t i = 0; i < 50; ++i) {
    in.attributes.push_back({"service.name", Value::string("router")});
    in.resources.push_back({{i, 1}, 0, {}});
    in.scopes.push_back({i, "lib", "1", {}, 0, {}});
    model::Span s;
    s.trace_id = {1, 1};
    s.span_id = {i + 1};
    s.scope = i;
    in.spans.push_back(s);
  }
  const std::string bytes = encode_spans(in, {}, {});
  auto block = SpanBlock::open(bytes);
  ASSERT_TRUE(block);
  SpanBatch out;
  ASSERT_TRUE(block->append_rows(all_rows(50), out, false));
  EXPECT_EQ(out.resources.size(), 1u);
  EXPECT_EQ(out.scopes.size(), 1u);
  const auto services = block->services();
  ASSERT_TRUE(services);
  EXPECT_EQ((*services)->distinct[(*services)->index[49]], "router");
}

TEST(SpanBlock, AttributeColumnsByRow) {
  SpanBatch in;
  in.resources.push_back({});
  in.scopes.push_back({});
  for (uint32_t i = 0; i < 4; ++i) {
    const auto begin = static_cast<uint32_t>(in.attributes.size());
    if (i % 2 == 0) in.attributes.push_back({"http.status_code", Value::integer(200 + i)});
    if (i == 3) in.attributes.push_back({"http.status_code", Value::string("teapot")});
    model::Span s;
    s.trace_id = {1, i + 1};
    s.span_id = {i + 1};
    s.attributes = {begin, static_cast<uint32_t>(in.attributes.size()) - begin};
    in.spans.push_back(s);
  }
  const std::string bytes = encode_spans(in, {}, {});
  auto block = SpanBlock::open(bytes);
  ASSERT_TRUE(block);
  const auto columns = block->attribute(AttributeOwner::kSpan, "http.status_code");
  ASSERT_TRUE(columns);
  ASSERT_EQ(columns->size(), 2u);
  EXPECT_EQ((*columns)[0].position, (std::vector<int32_t>{0, -1, 1, -1}));
  EXPECT_EQ((*columns)[1].position, (std::vector<int32_t>{-1, -1, -1, 0}));
  EXPECT_TRUE(block->attribute(AttributeOwner::kSpan, "nothing")->empty());
}

TEST(SpanBlock, SealedBlockNoticesEveryFlippedBit) {
  const SpanBatch in = Generator(3).batch(30);
  const std::string good = encode_spans(in, {}, {true, 1});
  SeededRandom random(99);
  for (int i = 0; i < 400; ++i) {
    std::string bad = good;
    const size_t at = random.below(bad.size());
    bad[at] = static_cast<char>(bad[at] ^ (1 << random.below(8)));
    auto block = SpanBlock::open(bad);
    if (!block) continue;
    SpanBatch out;
    // A flip in a section that rows do not need would go unnoticed; there is none: every section is part of rows.
    EXPECT_FALSE(block->append_rows(all_rows(block->meta().rows), out, false)) << "flip at byte " << at;
  }
}

TEST(SpanBlock, TruncationIsAnError) {
  const std::string good = encode_spans(Generator(5).batch(8), {}, {});
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(SpanBlock::open(std::string_view(good).substr(0, size)));
  EXPECT_FALSE(SpanBlock::open(good + "x"));
}

// One span with `count` attributes of distinct keys and a marker first and last.
SpanBatch many_keys(uint32_t count) {
  SpanBatch b;
  b.resources.push_back({});
  b.scopes.push_back({});
  b.attributes.push_back({"first", Value::string("1")});
  for (uint32_t i = 0; i < count; ++i) b.attributes.push_back({b.keep("key." + std::to_string(i)), Value::integer(i)});
  b.attributes.push_back({"last", Value::string("2")});
  model::Span s;
  s.trace_id = {1, 1};
  s.span_id = {1};
  s.attributes = {0, static_cast<uint32_t>(b.attributes.size())};
  b.spans.push_back(s);
  return b;
}

TEST(SpanBlock, AnyNumberOfDistinctKeysSurvives) {
  const SpanBatch in = many_keys(1'000'000);
  const std::string bytes = encode_spans(in, {}, {true, 1});
  auto block = SpanBlock::open(bytes);
  ASSERT_TRUE(block);
  SpanBatch out;
  const auto result = block->append_rows(all_rows(1), out, true);
  ASSERT_TRUE(result) << result.error().message();
  ASSERT_EQ(out.attributes.size(), in.attributes.size());
  for (size_t i = 0; i < in.attributes.size(); ++i) {
    ASSERT_EQ(out.attributes[i].key, in.attributes[i].key) << "order is kept";
    ASSERT_TRUE(model::equal(out.attributes[i].value, in.attributes[i].value)) << i;
  }
}

TEST(SpanBlock, KeysInTheOverflowColumnAreFound) {
  SpanBatch in = many_keys(10'000);
  // A second span without any of those keys, a third with one of them in another type.
  model::Span plain;
  plain.trace_id = {1, 2};
  plain.span_id = {2};
  in.spans.push_back(plain);
  plain.span_id = {3};
  plain.attributes = {static_cast<uint32_t>(in.attributes.size()), 1};
  in.attributes.push_back({"key.9999", Value::string("text")});
  in.spans.push_back(plain);
  const std::string bytes = encode_spans(in, {}, {});
  auto block = SpanBlock::open(bytes);
  ASSERT_TRUE(block);
  const auto number = block->attribute(AttributeOwner::kSpan, "key.9999");
  ASSERT_TRUE(number) << number.error().message();
  ASSERT_EQ(number->size(), 2u);
  for (const AttributeValues& values : *number) {
    if (values.type == model::ValueType::kInt) {
      EXPECT_EQ(values.position, (std::vector<int32_t>{0, -1, -1}));
      EXPECT_EQ((*values.numbers)[0], 2 * 9999u) << "zigzag";
    } else {
      EXPECT_EQ(values.type, model::ValueType::kString);
      EXPECT_EQ(values.position, (std::vector<int32_t>{-1, -1, 0}));
    }
  }
  const auto last = block->attribute(AttributeOwner::kSpan, "last");
  ASSERT_EQ(last->size(), 1u);
  EXPECT_EQ((*last)[0].distinct->front(), "2");
  EXPECT_EQ(block->attribute_keys(AttributeOwner::kSpan)->size(), 10'002u);
}

TEST(SpanBlock, AServiceNameInTheOverflowColumnIsStillTheService) {
  SpanBatch in = many_keys(1);
  const auto begin = static_cast<uint32_t>(in.attributes.size());
  for (uint32_t i = 0; i < 5000; ++i) in.attributes.push_back({in.keep("r" + std::to_string(i)), Value::boolean(true)});
  in.attributes.push_back({"service.name", Value::string("router")});
  in.resources[0].attributes = {begin, 5001};
  const std::string bytes = encode_spans(in, {}, {});
  auto block = SpanBlock::open(bytes);
  const auto services = block->services();
  ASSERT_TRUE(services) << services.error().message();
  EXPECT_EQ((*services)->distinct[(*services)->index[0]], "router");
}

TEST(SpanBlock, AKeyThatRepeatsThousandsOfTimesKeepsItsValues) {
  SpanBatch in = many_keys(0);
  in.attributes.clear();
  for (uint32_t i = 0; i < 10'000; ++i) in.attributes.push_back({"again", Value::integer(i)});
  in.spans[0].attributes = {0, 10'000};
  const std::string bytes = encode_spans(in, {}, {});
  auto block = SpanBlock::open(bytes);
  SpanBatch out;
  ASSERT_TRUE(block->append_rows(all_rows(1), out, false));
  ASSERT_EQ(out.attributes.size(), 10'000u);
  EXPECT_EQ(out.attributes[9'999].value.as_int(), 9'999);
  EXPECT_LE(block->attribute(AttributeOwner::kSpan, "again")->size(), 9u)
      << "a column a repeat would be a column of rows each";
}

// A receiver may be configured to take deeper values than a reader does.
TEST(SpanBlock, ValuesNestedTooDeepBecomeText) {
  SpanBatch in = many_keys(0);
  Value value = Value::string("core");
  for (int depth = 0; depth < 200; ++depth) {
    auto items = in.arena.array<Value>(1);
    items[0] = value;
    value = Value::array(items);
  }
  in.attributes[0].value = value;
  const std::string bytes = encode_spans(in, {}, {});
  auto block = SpanBlock::open(bytes);
  SpanBatch out;
  const auto result = block->append_rows(all_rows(1), out, true);
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_EQ(out.attributes[0].value.type(), model::ValueType::kArray);
  EXPECT_NE(model::to_text(out.attributes[0].value).find("core"), std::string::npos);
}

// The bytes of version 1 must stay readable for ever: a block written on the day the format was set.
TEST(SpanBlock, GoldenBlock) {
  SpanBatch in;
  in.attributes.push_back({"service.name", Value::string("router")});
  in.attributes.push_back({"http.status_code", Value::integer(200)});
  in.resources.push_back({{0, 1}, 0, {}});
  in.scopes.push_back({0, "lib", "1", {}, 0, {}});
  model::Span s;
  s.trace_id = {1, 2};
  s.span_id = {3};
  s.name = "GET /";
  s.start_ns = 1'700'000'000'000'000'000;
  s.end_ns = s.start_ns + 5'000'000;
  s.kind = model::SpanKind::kServer;
  s.attributes = {1, 1};
  in.spans.push_back(s);
  const std::string bytes = encode_spans(in, {}, {});
  std::ifstream file(TERCET_SOURCE_DIR "/src/wire/events/testdata/span_block_v1.hex");
  std::string golden;
  ASSERT_TRUE(std::getline(file, golden));
  EXPECT_EQ(hex_encode(bytes), golden);
}

}  // namespace
}  // namespace tercet::wire
