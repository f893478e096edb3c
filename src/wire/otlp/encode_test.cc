#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <protozero/pbf_reader.hpp>

#include "base/bytes.h"
#include "wire/otlp/compare.h"
#include "wire/otlp/decode.h"
#include "wire/otlp/encode.h"
#include "wire/otlp/random_batch.h"
#include "wire/otlp/tempo.h"

namespace tercet::wire::otlp {
namespace {

using model::SpanBatch;
using model::Value;
using testing::HasSubstr;

std::string proto_of(const SpanBatch& batch) {
  std::string out;
  encode_traces_proto(batch, out);
  return out;
}

std::string json_of(const SpanBatch& batch, JsonDialect dialect, std::string_view top_key = "resourceSpans") {
  std::string out;
  encode_traces_json(batch, dialect, out, top_key);
  return out;
}

SpanBatch decoded(Encoding encoding, const std::string& body) {
  SpanBatch batch;
  const auto report = decode_traces(encoding, body, {}, batch);
  EXPECT_TRUE(report.has_value()) << (report ? "" : report.error().message());
  EXPECT_TRUE(!report || report->rejected_spans == 0);
  return batch;
}

/// One of everything, small enough to read.
SpanBatch small_batch() {
  SpanBatch batch;
  batch.attributes = {{"service.name", Value::string("shop")},
                      {"n", Value::integer(-1)},
                      {"ok", Value::boolean(true)},
                      {"r", Value::real(1.5)},
                      {"raw", Value::bytes("\x01\x02")},
                      {"none", Value()}};
  batch.resources.push_back({{0, 1}, 0, "rs"});
  batch.scopes.push_back({0, "lib", "1.0", {}, 0, {}});
  batch.events.push_back({7, "e", {}, 1});
  batch.links.push_back({{1, 2}, {3}, "", {}, 0, 0});
  model::Span s;
  s.trace_id = {0x1112131415161718, 0x2122232425262728};
  s.span_id = {0x3132333435363738};
  s.parent_span_id = {1};
  s.name = "get \"x\"";
  s.kind = model::SpanKind::kServer;
  s.status = model::StatusCode::kError;
  s.status_message = "no";
  s.start_ns = 256;
  s.end_ns = 65'536;
  s.attributes = {1, 5};
  s.events = {0, 1};
  s.links = {0, 1};
  s.flags = 1;
  batch.spans.push_back(s);
  return batch;
}

TEST(EncodeProto, Golden) {
  // Made by hand from trace.proto, not by this encoder.
  EXPECT_EQ(hex_encode(proto_of(small_batch())),
            "0af2010a180a160a0c736572766963652e6e616d6512060a0473686f7012d1010a0a0a036c69621203312e3012c2010a"
            "101112131415161718212223242526272812083132333435363738220800000000000000012a07676574202278223002"
            "3900010000000000004100000100000000004a100a016e120b18ffffffffffffffffff014a080a026f6b120210014a0e"
            "0a0172120921000000000000f83f4a0b0a0372617712043a0201024a080a046e6f6e6512005a0e090700000000000000"
            "12016520016a1c0a1000000000000000010000000000000002120800000000000000037a0612026e6f18028501010000"
            "001a027273");
}

TEST(EncodeJson, GoldenOtlp) {
  EXPECT_EQ(
      json_of(small_batch(), JsonDialect::kOtlp),
      R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},)"
      R"("scopeSpans":[{"scope":{"name":"lib","version":"1.0"},"spans":[{"traceId":"11121314151617182122232425262728",)"
      R"("spanId":"3132333435363738","parentSpanId":"0000000000000001","flags":1,"name":"get \"x\"","kind":2,)"
      R"("startTimeUnixNano":"256","endTimeUnixNano":"65536","attributes":[{"key":"n","value":{"intValue":"-1"}},)"
      R"({"key":"ok","value":{"boolValue":true}},{"key":"r","value":{"doubleValue":1.5}},{"key":"raw","value":{"bytesValue":"AQI="}},)"
      R"({"key":"none","value":{}}],"events":[{"timeUnixNano":"7","name":"e","droppedAttributesCount":1}],)"
      R"("links":[{"traceId":"00000000000000010000000000000002","spanId":"0000000000000003"}],)"
      R"("status":{"message":"no","code":2}}]}],"schemaUrl":"rs"}]})");
}

TEST(EncodeJson, GoldenProtobufJson) {
  const std::string text = json_of(small_batch(), JsonDialect::kProtobufJson, "batches");
  EXPECT_TRUE(text.starts_with(R"({"batches":[{"resource":)"));
  EXPECT_THAT(
      text, HasSubstr(R"("traceId":"ERITFBUWFxghIiMkJSYnKA==","spanId":"MTIzNDU2Nzg=","parentSpanId":"AAAAAAAAAAE=")"));
  EXPECT_THAT(text, HasSubstr(R"("kind":"SPAN_KIND_SERVER")"));
  EXPECT_THAT(text, HasSubstr(R"("status":{"message":"no","code":"STATUS_CODE_ERROR"})"));
}

TEST(EncodeJson, EmptyBatch) {
  EXPECT_EQ(json_of({}, JsonDialect::kOtlp), R"({"resourceSpans":[]})");
  EXPECT_EQ(proto_of({}), "");
}

TEST(EncodeJson, IllFormedUtf8IsMended) {
  SpanBatch batch = small_batch();
  batch.spans[0].name = "a\xFF";
  EXPECT_THAT(json_of(batch, JsonDialect::kOtlp), HasSubstr("\"name\":\"a\xEF\xBF\xBD\""));
}

TEST(Encode, RoundTripsOfRandomBatches) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const SpanBatch batch = RandomBatch(seed).make();
    const std::string bytes = proto_of(batch);
    const SpanBatch from_proto = decoded(Encoding::kProto, bytes);
    ASSERT_EQ(first_difference(batch, from_proto), "");
    ASSERT_EQ(proto_of(from_proto), bytes);
    for (const JsonDialect dialect : {JsonDialect::kOtlp, JsonDialect::kProtobufJson}) {
      const std::string text = json_of(batch, dialect);
      const SpanBatch from_json = decoded(Encoding::kJson, text);
      ASSERT_EQ(first_difference(batch, from_json), "") << text;
      ASSERT_EQ(json_of(from_json, dialect), text);
    }
  }
}

TEST(Encode, EqualResourcesAndScopesBecomeOne) {
  const SpanBatch from = RandomBatch(11).make();
  SpanBatch copies;
  // Every row with a resource and scope of its own, as rows gathered from several blocks are.
  for (uint32_t row = 0; row < from.spans.size(); ++row) {
    model::ScopeCopy fresh;
    model::append_copy(copies, from, row, fresh);
  }
  EXPECT_EQ(copies.scopes.size(), from.spans.size());
  EXPECT_EQ(first_difference(from, copies), "");
  EXPECT_EQ(proto_of(copies), proto_of(decoded(Encoding::kProto, proto_of(from))));
}

TEST(Encode, ScopesThatDifferStayApart) {
  SpanBatch batch;
  batch.attributes = {{"a", Value::string("1")}, {"a", Value::bytes("1")}};
  batch.resources = {{{0, 1}, 0, {}}, {{1, 1}, 0, {}}, {{0, 1}, 0, "schema"}, {{0, 1}, 0, {}}};
  for (uint32_t r = 0; r < 4; ++r) {
    batch.scopes.push_back({r, "lib", {}, {}, 0, {}});
    batch.scopes.push_back({r, "lib", {}, {}, 0, "other"});
  }
  for (uint32_t scope = 0; scope < batch.scopes.size(); ++scope) {
    model::Span s;
    s.trace_id = {1, 1};
    s.span_id = {scope + 1};
    s.scope = scope;
    batch.spans.push_back(s);
  }
  const SpanBatch back = decoded(Encoding::kProto, proto_of(batch));
  EXPECT_EQ(back.resources.size(), 3u);
  EXPECT_EQ(back.scopes.size(), 6u);
  EXPECT_EQ(first_difference(batch, back), "");
}

TEST(Compare, FindsDifferences) {
  const SpanBatch a = RandomBatch(5).make();
  SpanBatch b = RandomBatch(5).make();
  EXPECT_EQ(first_difference(a, b), "");
  b.spans.back().end_ns ^= 1;
  EXPECT_NE(first_difference(a, b), "");
  EXPECT_NE(first_difference(a, {}), "");
}

TEST(Tempo, TraceByIdResponse) {
  const SpanBatch batch = small_batch();
  std::string out;
  encode_trace_by_id_proto(batch, {1'000, true, "too large"}, out);
  protozero::pbf_reader in(out);
  ASSERT_TRUE(in.next(1));
  EXPECT_EQ(in.get_bytes(), proto_of(batch));
  ASSERT_TRUE(in.next(2));
  auto metrics = in.get_message();
  ASSERT_TRUE(metrics.next(1));
  EXPECT_EQ(metrics.get_uint64(), 1'000u);
  ASSERT_TRUE(in.next(3));
  EXPECT_EQ(in.get_enum(), 1);
  ASSERT_TRUE(in.next(4));
  EXPECT_EQ(in.get_string(), "too large");
  EXPECT_FALSE(in.next());
  out.clear();
  encode_tempo_trace_proto(batch, out);
  EXPECT_EQ(out, proto_of(batch));
}

TEST(Tempo, TraceByIdJson) {
  std::string out;
  encode_trace_by_id_json({}, {}, out);
  EXPECT_EQ(out, R"({"trace":{"resourceSpans":[]},"metrics":{}})");
  out.clear();
  encode_trace_by_id_json({}, {5, true, "m"}, out);
  EXPECT_EQ(out, R"({"trace":{"resourceSpans":[]},"metrics":{"inspectedBytes":"5"},"status":"PARTIAL","message":"m"})");
}

}  // namespace
}  // namespace tercet::wire::otlp
