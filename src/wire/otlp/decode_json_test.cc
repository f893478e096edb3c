#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "wire/otlp/compare.h"
#include "wire/otlp/decode.h"
#include "wire/otlp/json_text.h"

namespace tercet::wire::otlp {
namespace {

using model::SpanBatch;
using model::Value;
using model::ValueType;
using testing::HasSubstr;

constexpr std::string_view kIds = R"("traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174")";

/// A request of one span with good ids and these members besides (a leading comma included).
std::string request(std::string_view members) {
  return fmt::format(R"({{"resourceSpans":[{{"resource":{{}},"scopeSpans":[{{"scope":{{}},"spans":[{{{}{}}}]}}]}}]}})",
                     kIds, members);
}

std::string with_value(std::string_view any) {
  return request(fmt::format(R"(,"attributes":[{{"key":"a","value":{}}}])", any));
}

SpanBatch decode(std::string body, DecodeReport* report = nullptr, const DecodeLimits& limits = {}) {
  SpanBatch batch;
  auto result = decode_traces_json(std::move(body), limits, batch);
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message());
  if (result && report != nullptr) *report = *result;
  return batch;
}

std::string error_of(std::string body, const DecodeLimits& limits = {}) {
  SpanBatch batch;
  const auto result = decode_traces_json(body, limits, batch);
  EXPECT_FALSE(result.has_value()) << body;
  if (result) return {};
  EXPECT_EQ(result.error().code(), Code::kInvalidArgument);
  EXPECT_TRUE(batch.spans.empty() && batch.scopes.empty() && batch.resources.empty() && batch.attributes.empty());
  EXPECT_TRUE(batch.events.empty() && batch.links.empty() && batch.buffers.empty());
  return result.error().message();
}

Value value_of(std::string_view any, SpanBatch& batch) {
  batch = decode(with_value(any));
  return batch.attributes.empty() ? Value() : batch.attributes[0].value;
}

uint64_t start_of(std::string_view number) {
  return decode(request(fmt::format(R"(,"startTimeUnixNano":{})", number))).spans.at(0).start_ns;
}

TEST(DecodeJson, EmptyBodyIsAnEmptyBatch) {
  EXPECT_TRUE(decode("").spans.empty());
  EXPECT_TRUE(decode(" \n").spans.empty());
  EXPECT_TRUE(decode("{}").spans.empty());
  EXPECT_TRUE(decode(R"({"resourceSpans":[]})").spans.empty());
  EXPECT_TRUE(decode(R"({"resourceSpans":null})").spans.empty());
}

TEST(DecodeJson, EveryFieldInAnyOrder) {
  const SpanBatch batch = decode(R"({
    "other": {"resourceSpans": [1]},
    "resourceSpans": [{
      "schemaUrl": "rs",
      "scopeSpans": [{
        "schemaUrl": "ss",
        "spans": [{
          "links": [{"flags": 769, "traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "traceState": "c=d",
                     "attributes": [{"key": "lk", "value": {"stringValue": "lv"}}], "droppedAttributesCount": 5}],
          "events": [{"name": "event", "timeUnixNano": "7", "attributes": [{"value": {"boolValue": true}, "key": "ek"}], "droppedAttributesCount": 4}],
          "attributes": [{"key": "k", "value": {"intValue": "-9007199254740993"}}],
          "status": {"code": "STATUS_CODE_ERROR", "message": "broken"},
          "flags": 257, "droppedAttributesCount": 1, "droppedEventsCount": 2, "droppedLinksCount": "3",
          "endTimeUnixNano": 3000, "startTimeUnixNano": "1000", "kind": "SPAN_KIND_CLIENT", "name": "name", "traceState": "a=b",
          "parentSpanId": "3333333333333333", "spanId": "EEE19B7EC3C1B174", "traceId": "5B8EFFF798038103D269B633813FC60C"
        }],
        "scope": {"name": "lib", "version": "1", "attributes": [{"key": "sk", "value": {"doubleValue": 1.5}}], "droppedAttributesCount": 6}
      }],
      "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}], "droppedAttributesCount": 7}
    }]})");
  ASSERT_EQ(batch.spans.size(), 1u);
  EXPECT_EQ(
      describe_span(batch, 0),
      "5b8efff798038103d269b633813fc60c/eee19b7ec3c1b174 parent=3333333333333333 kind=3 flags=101 start=1000 end=3000 "
      "status=2 "
      "dropped=1/2/3 name=\"name\" state=\"a=b\" message=\"broken\"{\"k\":-9007199254740993,} event=7 dropped=4 "
      "name=\"event\""
      "{\"ek\":true,} link=5b8efff798038103d269b633813fc60c/eee19b7ec3c1b174 flags=301 dropped=5 "
      "state=\"c=d\"{\"lk\":\"lv\",} "
      "scope dropped=6 name=\"lib\" version=\"1\" schema=\"ss\"{\"sk\":0x1.8p+0,} resource dropped=7 schema=\"rs\""
      "{\"service.name\":\"shop\",}");
}

TEST(DecodeJson, TemposDialect) {
  const SpanBatch batch =
      decode(R"({"batches":[{"scopeSpans":[{"spans":[{"traceId":"MUkZX/sL7AU0e0jv6OzBsA==","spanId":"SyPeJdH7ZkE=",
    "parentSpanId":"SyPeJdH7ZkE=","kind":"SPAN_KIND_SERVER","status":{}}]}]}]})");
  ASSERT_EQ(batch.spans.size(), 1u);
  EXPECT_EQ(batch.spans[0].trace_id.hex(), "3149195ffb0bec05347b48efe8ecc1b0");
  EXPECT_EQ(batch.spans[0].span_id.hex(), "4b23de25d1fb6641");
  EXPECT_EQ(batch.spans[0].parent_span_id, batch.spans[0].span_id);
  EXPECT_EQ(batch.spans[0].kind, model::SpanKind::kServer);
}

TEST(DecodeJson, Integers) {
  EXPECT_EQ(start_of("\"1544712660000000000\""), 1544712660000000000u);
  EXPECT_EQ(start_of("1544712660000000001"), 1544712660000000001u);
  EXPECT_EQ(start_of("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(start_of("1e3"), 1'000u);
  EXPECT_EQ(start_of("\"1E+3\""), 1'000u);
  EXPECT_EQ(start_of("12.50e1"), 125u);
  EXPECT_EQ(start_of("1000e-3"), 1u);
  EXPECT_EQ(start_of("0e999999999999999999999"), 0u);
  EXPECT_EQ(start_of("5.0"), 5u);
  EXPECT_EQ(start_of("-0"), 0u);
  EXPECT_EQ(start_of("null"), 0u);
  SpanBatch batch;
  EXPECT_EQ(value_of(R"({"intValue":"-9223372036854775808"})", batch).as_int(), INT64_MIN);
  EXPECT_EQ(value_of(R"({"intValue":9223372036854775807})", batch).as_int(), INT64_MAX);
}

TEST(DecodeJson, IntegersThatAreNone) {
  const auto start = [](std::string_view number) {
    return error_of(request(fmt::format(R"(,"startTimeUnixNano":{})", number)));
  };
  for (const auto* number : {"1.5", "1e-1", "\"0.25\"", "12.34e1"})
    EXPECT_THAT(start(number), HasSubstr("fraction")) << number;
  for (const auto* number : {"18446744073709551616", "-1", "1e20", "1e999999999999"})
    EXPECT_THAT(start(number), HasSubstr("out of range")) << number;
  for (const auto* number : {"\"\"", "\"x\"", "\"1x\"", "\" 1\"", "\"1e\"", "\"1.\"", "\"+1\"", "\"--1\"", "1a"}) {
    EXPECT_THAT(start(number), HasSubstr("expected an integer")) << number;
  }
  for (const auto* number : {"true", "[]", "{}"})
    EXPECT_THAT(start(number), HasSubstr("expected a number, got ")) << number;
  EXPECT_THAT(error_of(with_value(R"({"intValue":"9223372036854775808"})")), HasSubstr("out of range"));
  EXPECT_THAT(error_of(with_value(R"({"intValue":"-9223372036854775809"})")), HasSubstr("out of range"));
  EXPECT_THAT(error_of(request(R"(,"flags":4294967296)")), HasSubstr("out of range"));
  EXPECT_THAT(error_of(request(R"(,"kind":4294967296)")), HasSubstr("out of range"));
}

TEST(DecodeJson, Doubles) {
  SpanBatch batch;
  EXPECT_EQ(value_of(R"({"doubleValue":0.1})", batch).as_double(), 0.1);
  EXPECT_EQ(value_of(R"({"doubleValue":5})", batch).as_double(), 5.0);
  EXPECT_EQ(value_of(R"({"doubleValue":"1.5"})", batch).as_double(), 1.5);
  EXPECT_TRUE(std::signbit(value_of(R"({"doubleValue":-0.0})", batch).as_double()));
  EXPECT_TRUE(std::isnan(value_of(R"({"doubleValue":"NaN"})", batch).as_double()));
  EXPECT_EQ(value_of(R"({"doubleValue":"-Infinity"})", batch).as_double(), -INFINITY);
  EXPECT_EQ(value_of(R"({"doubleValue":"Infinity"})", batch).as_double(), INFINITY);
  for (const auto* text : {"\"inf\"", "\"nan\"", "\"\"", "\"1x\"", "1x", "\"infinity\""}) {
    EXPECT_THAT(error_of(with_value(fmt::format(R"({{"doubleValue":{}}})", text))), HasSubstr("expected a number"))
        << text;
  }
  for (const auto* text : {"01", "1.", "-00", "1.e5"}) {
    EXPECT_THAT(error_of(with_value(fmt::format(R"({{"doubleValue":{}}})", text))), HasSubstr("malformed number"))
        << text;
    EXPECT_THAT(error_of(with_value(fmt::format(R"({{"intValue":{}}})", text))), HasSubstr("malformed number")) << text;
  }
  EXPECT_THAT(error_of(with_value(R"({"doubleValue":1e400})")), HasSubstr("out of range"));
  EXPECT_THAT(error_of(with_value(R"({"doubleValue":true})")), HasSubstr("expected a number, got a boolean"));
}

TEST(DecodeJson, EveryTypeOfValue) {
  SpanBatch batch;
  EXPECT_EQ(value_of("{}", batch).type(), ValueType::kEmpty);
  EXPECT_EQ(value_of("null", batch).type(), ValueType::kEmpty);
  EXPECT_EQ(value_of(R"({"stringValue":null})", batch).type(), ValueType::kEmpty);
  EXPECT_EQ(value_of(R"({"unknownValue":1})", batch).type(), ValueType::kEmpty);
  EXPECT_EQ(value_of(R"({"stringValue":""})", batch).type(), ValueType::kString);
  EXPECT_FALSE(value_of(R"({"boolValue":false})", batch).as_bool());
  EXPECT_EQ(value_of(R"({"bytesValue":"/+8="})", batch).text(), "\xFF\xEF");
  EXPECT_EQ(value_of(R"({"bytesValue":"_-8"})", batch).text(), "\xFF\xEF");
  EXPECT_EQ(value_of(R"({"arrayValue":{}})", batch).type(), ValueType::kArray);
  EXPECT_EQ(value_of(R"({"kvlistValue":{"values":[]}})", batch).type(), ValueType::kMap);
  const Value array = value_of(
      R"({"arrayValue":{"values":[{"stringValue":"a"},null,{},{"arrayValue":{"values":[{"intValue":1}]}}]}})", batch);
  ASSERT_EQ(array.items().size(), 4u);
  EXPECT_EQ(array.items()[1].type(), ValueType::kEmpty);
  EXPECT_EQ(array.items()[3].items()[0].as_int(), 1);
  const Value map =
      value_of(R"({"kvlistValue":{"values":[{"key":"x","value":{"boolValue":true}},{"key":"y"}]}})", batch);
  ASSERT_EQ(map.entries().size(), 2u);
  EXPECT_EQ(map.entries()[1].key, "y");
  EXPECT_THAT(error_of(with_value(R"({"bytesValue":"*"})")), HasSubstr("base64"));
}

TEST(DecodeJson, Strings) {
  DecodeReport report;
  SpanBatch batch = decode(request(R"(,"name":"a\"\\\/\b\f\n\r\t\u00e4\u9053\ud83d\udf02\u0000z")"), &report);
  EXPECT_EQ(batch.spans[0].name, std::string_view("a\"\\/\b\f\n\r\t\xC3\xA4\xE9\x81\x93\xF0\x9F\x9C\x82\0z", 20));
  EXPECT_EQ(report.invalid_utf8, 0u);
  batch = decode(request(R"(,"name":"\ud800x\udc00")"), &report);
  EXPECT_EQ(batch.spans[0].name, "\xEF\xBF\xBDx\xEF\xBF\xBD");
  EXPECT_EQ(report.invalid_utf8, 1u);
  batch = decode(request(",\"name\":\"a\xFF\",\"traceState\":\"\xC3\xA4\""), &report);
  EXPECT_EQ(batch.spans[0].name, "a\xEF\xBF\xBD");
  EXPECT_EQ(batch.spans[0].trace_state, "\xC3\xA4");
  EXPECT_EQ(report.invalid_utf8, 1u);
  // A key with escapes is the same key.
  batch = decode(request(R"(,"n\u0061me":"x")"));
  EXPECT_EQ(batch.spans[0].name, "x");
  for (const auto* text : {R"("\x")", R"("\u12g4")", R"("\u12")", "\"a\nb\""}) {
    error_of(request(fmt::format(R"(,"name":{})", text)));
  }
}

TEST(DecodeJson, BadIdsDropTheSpanAlone) {
  const auto spans = [](std::string_view list) {
    return fmt::format(R"({{"resourceSpans":[{{"scopeSpans":[{{"spans":[{}]}}]}}]}})", list);
  };
  DecodeReport report;
  const SpanBatch batch = decode(
      spans(fmt::format(
          R"({{"attributes":[{{"key":"a"}}],"events":[{{}}],"traceId":"5b8e","spanId":"EEE19B7EC3C1B174"}},{{}},null,
         {{"traceId":"00000000000000000000000000000000","spanId":"EEE19B7EC3C1B174"}},
         {{"traceId":"5B8EFFF798038103D269B633813FC60G","spanId":"EEE19B7EC3C1B174"}},
         {{"traceId":"aaaaaaaaaaaaaaaaaaaaaaaa","spanId":"EEE19B7EC3C1B174"}},
         {{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"0000000000000000"}},
         {{"traceId":"5B8EFFF798038103D269B633813FC60C"}},
         {{{},"parentSpanId":"xyz"}},{{{},"parentSpanId":""}},{{{},"links":[{{"spanId":"EEE19B7EC3C1B174"}}]}})",
          kIds, kIds, kIds)),
      &report);
  EXPECT_EQ(batch.spans.size(), 3u);
  EXPECT_EQ(report.rejected_spans, 7u);
  EXPECT_EQ(report.message, "5 spans with an invalid trace id, 2 spans with an invalid span id");
  EXPECT_EQ(report.invalid_parent_ids, 1u);
  EXPECT_EQ(report.invalid_link_ids, 1u);
  EXPECT_TRUE(batch.attributes.empty());
  EXPECT_TRUE(batch.events.empty());
  EXPECT_EQ(batch.links.size(), 1u);
}

TEST(DecodeJson, MismatchesNameTheirPath) {
  EXPECT_THAT(error_of(request(R"(,"name":5)")),
              HasSubstr("resourceSpans[0].scopeSpans[0].spans[0].name: expected a string, got a number (byte "));
  EXPECT_THAT(error_of(with_value(R"({"stringValue":true})")),
              HasSubstr("spans[0].attributes[0].value.stringValue: expected a string, got a boolean"));
  EXPECT_THAT(error_of(with_value(R"("text")")), HasSubstr("attributes[0].value: expected an object, got a string"));
  EXPECT_THAT(error_of(request(R"(,"attributes":{})")),
              HasSubstr("spans[0].attributes: expected an array, got an object"));
  EXPECT_THAT(error_of(request(R"(,"events":[7])")), HasSubstr("spans[0].events[0]: expected an object, got a number"));
  EXPECT_THAT(error_of(request(R"(,"status":2)")), HasSubstr("status: expected an object, got a number"));
  EXPECT_THAT(error_of(request(R"(,"kind":"SPAN_KIND_NONE")")), HasSubstr("kind: unknown name SPAN_KIND_NONE"));
  EXPECT_THAT(error_of(request(R"(,"kind":true)")), HasSubstr("kind: expected a number, got a boolean"));
  EXPECT_THAT(error_of(with_value(R"({"boolValue":"true"})")), HasSubstr("expected a boolean, got a string"));
  EXPECT_THAT(error_of(R"({"resourceSpans":{}})"),
              HasSubstr("resourceSpans: expected an array, got an object (byte 17)"));
  EXPECT_THAT(error_of("[]"), HasSubstr("expected an object, got an array"));
  EXPECT_THAT(error_of("5"), HasSubstr("expected an object"));
  EXPECT_THAT(error_of("\"x\""), HasSubstr("expected an object"));
}

TEST(DecodeJson, EnumNumbersAreKept) {
  EXPECT_EQ(static_cast<int>(decode(request(R"(,"kind":9)")).spans[0].kind), 9);
  EXPECT_EQ(static_cast<int>(decode(request(R"(,"kind":"2")")).spans[0].kind), 2);
  EXPECT_EQ(static_cast<int>(decode(request(R"(,"kind":300)")).spans[0].kind), 0);
  EXPECT_EQ(static_cast<int>(decode(request(R"(,"kind":-1)")).spans[0].kind), 0);
}

TEST(DecodeJson, UnknownKeysAreIgnored) {
  EXPECT_EQ(
      decode(request(R"(,"x":1,"y":[{"z":[]}],"start_time_unix_nano":5,"w":{"v":{}},"u":null,"t":"s")")).spans.size(),
      1u);
}

TEST(DecodeJson, KeysThatStandTwice) {
  // The last scalar wins; lists would no longer be neighbours.
  EXPECT_EQ(decode(request(R"(,"name":"a","name":"b")")).spans[0].name, "b");
  EXPECT_THAT(error_of(request(R"(,"attributes":[{"key":"a"}],"attributes":[{"key":"b"}])")),
              HasSubstr("attributes: stands twice"));
  EXPECT_THAT(error_of(request(R"(,"events":[{}],"events":[{}])")), HasSubstr("events: stands twice"));
  EXPECT_THAT(error_of(request(R"(,"links":[{}],"links":[{}])")), HasSubstr("links: stands twice"));
  DecodeReport report;
  const SpanBatch batch = decode(
      request(R"(,"attributes":[{"key":"a","value":{"intValue":1}},{"key":"b"},{"key":"a","value":{"intValue":2}}])"),
      &report);
  ASSERT_EQ(batch.attributes.size(), 2u);
  EXPECT_EQ(batch.attributes[0].value.as_int(), 2);
  EXPECT_EQ(report.duplicate_keys, 1u);
}

TEST(DecodeJson, NestingIsLimited) {
  const auto nested = [](size_t depth) {
    std::string any = R"({"stringValue":"core"})";
    for (size_t i = 1; i < depth; ++i) any = R"({"arrayValue":{"values":[)" + any + "]}}";
    return with_value(any);
  };
  EXPECT_EQ(decode(nested(64)).spans.size(), 1u);
  EXPECT_THAT(error_of(nested(65)), HasSubstr("max_depth (64)"));
  EXPECT_THAT(error_of(nested(5'000)), HasSubstr("max_depth (64)"));
  const std::string bomb(100'000, '[');
  EXPECT_THAT(error_of(request(R"(,"unknown":)" + bomb)), HasSubstr("max_depth"));
  EXPECT_THAT(error_of(request(R"(,"unknown":)" + bomb + std::string(bomb.size(), ']'))), HasSubstr("max_depth"));
  error_of(bomb);
  std::string objects;
  for (int i = 0; i < 10'000; ++i) objects += R"({"a":)";
  EXPECT_THAT(error_of(objects + "1" + std::string(10'000, '}')), HasSubstr("max_depth"));
}

TEST(DecodeJson, LimitsAreNamed) {
  DecodeLimits limits;
  limits.max_attributes = limits.max_events = limits.max_links = 1;
  EXPECT_THAT(error_of(request(R"(,"attributes":[{},{}])"), limits), HasSubstr("max_attributes (1)"));
  EXPECT_THAT(error_of(request(R"(,"events":[{},{}])"), limits), HasSubstr("max_events (1)"));
  EXPECT_THAT(error_of(request(R"(,"links":[{},{}])"), limits), HasSubstr("max_links (1)"));
  EXPECT_THAT(error_of(with_value(R"({"arrayValue":{"values":[{},{}]}})"), limits), HasSubstr("max_attributes (1)"));
  limits = {};
  limits.max_elements = 2;
  EXPECT_THAT(error_of(request(R"(,"events":[{},{}])"), limits), HasSubstr("max_elements (2)"));
  limits = {};
  limits.max_spans = 0;
  EXPECT_THAT(error_of(request(""), limits), HasSubstr("max_spans (0)"));
}

TEST(DecodeJson, MalformedText) {
  for (const auto* text : {"{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1 \"b\":2}",
                           "{\"resourceSpans\":[{]}", "{\"resourceSpans\":[{},]}", "{} {}", "{}x", "{\"a\":\"}", "nul",
                           "{\"resourceSpans\":nul}", "{\"resourceSpans\":[nulll]}", "{'a':1}", "{a:1}"}) {
    EXPECT_THAT(error_of(text), HasSubstr("malformed OTLP traces: ")) << text;
  }
}

TEST(DecodeJson, ResourcesWithoutSpansAreLeftOut) {
  const SpanBatch batch = decode(fmt::format(
      R"({{"resourceSpans":[{{"resource":{{"attributes":[{{"key":"a"}}]}},"scopeSpans":[{{"spans":[]}}]}},
         {{"scopeSpans":[{{"scope":{{"attributes":[{{"key":"b"}}]}}}},{{"spans":[{{{}}}]}}]}}]}})",
      kIds));
  EXPECT_EQ(batch.resources.size(), 1u);
  EXPECT_EQ(batch.scopes.size(), 1u);
  EXPECT_TRUE(batch.attributes.empty());
  EXPECT_EQ(batch.scopes[batch.spans[0].scope].resource, 0u);
}

TEST(DecodeJson, BodiesAppendAndAFailedOneLeavesNoTrace) {
  SpanBatch batch;
  ASSERT_TRUE(decode_traces_json(request(R"(,"name":"one")"), {}, batch));
  ASSERT_FALSE(decode_traces_json(request(R"(,"attributes":[{"key":"x"}],"name":5)"), {}, batch));
  EXPECT_TRUE(batch.attributes.empty());
  ASSERT_TRUE(decode_traces_json(request(R"(,"name":"two")"), {}, batch));
  ASSERT_EQ(batch.spans.size(), 2u);
  EXPECT_EQ(batch.scopes[batch.spans[1].scope].resource, 1u);
  EXPECT_EQ(batch.spans[0].name, "one");
}

}  // namespace
}  // namespace tercet::wire::otlp
