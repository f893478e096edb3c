// Messages are built with protozero's writer, which knows nothing of ours.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <protozero/pbf_writer.hpp>

#include "base/bytes.h"
#include "wire/otlp/compare.h"
#include "wire/otlp/decode.h"
#include "wire/otlp/encode.h"
#include "wire/otlp/random_batch.h"

namespace tercet::wire::otlp {
namespace {

using model::SpanBatch;
using model::Value;
using model::ValueType;
using protozero::pbf_writer;
using testing::HasSubstr;

const std::string kTraceId(16, '\x11');
const std::string kSpanId(8, '\x22');

/// A message made by a function that fills a writer.
template <typename F>
std::string message(F fill) {
  std::string out;
  pbf_writer writer(out);
  fill(writer);
  return out;
}

std::string text_value(std::string_view text) {
  return message([&](pbf_writer& w) { w.add_string(1, text.data(), text.size()); });
}

std::string key_value(std::string_view key, const std::string& value) {
  return message([&](pbf_writer& w) {
    w.add_string(1, key.data(), key.size());
    w.add_message(2, value);
  });
}

std::string key_text(std::string_view key, std::string_view text) { return key_value(key, text_value(text)); }

/// A span with good ids and whatever `fill` adds.
template <typename F>
std::string span(F fill) {
  return message([&](pbf_writer& w) {
    w.add_bytes(1, kTraceId);
    w.add_bytes(2, kSpanId);
    fill(w);
  });
}

/// A request of one scope with these spans.
std::string request(const std::vector<std::string>& spans) {
  return message([&](pbf_writer& top) {
    top.add_message(1, message([&](pbf_writer& resource_spans) {
                      resource_spans.add_message(2, message([&](pbf_writer& scope_spans) {
                                                   for (const std::string& s : spans) scope_spans.add_message(2, s);
                                                 }));
                    }));
  });
}

SpanBatch decode(std::string body, DecodeReport* report = nullptr, const DecodeLimits& limits = {}) {
  SpanBatch batch;
  auto result = decode_traces_proto(std::move(body), limits, batch);
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message());
  if (result && report != nullptr) *report = *result;
  return batch;
}

std::string error_of(std::string body, const DecodeLimits& limits = {}) {
  SpanBatch batch;
  const auto result = decode_traces_proto(std::move(body), limits, batch);
  EXPECT_FALSE(result.has_value());
  if (result) return {};
  EXPECT_EQ(result.error().code(), Code::kInvalidArgument);
  EXPECT_TRUE(batch.spans.empty() && batch.scopes.empty() && batch.resources.empty() && batch.attributes.empty());
  EXPECT_TRUE(batch.events.empty() && batch.links.empty() && batch.buffers.empty());
  return result.error().message();
}

Value attribute(const SpanBatch& batch, std::string_view key, size_t row = 0) {
  const Value* value = model::find(batch.attrs(batch.spans[row].attributes), key);
  EXPECT_NE(value, nullptr) << key;
  return value == nullptr ? Value() : *value;
}

/// The value of attribute "a" of a span that has only this one.
Value decoded_value(const std::string& any, SpanBatch& batch, const DecodeLimits& limits = {}) {
  batch = decode(request({span([&](pbf_writer& w) { w.add_message(9, key_value("a", any)); })}), nullptr, limits);
  return batch.spans.empty() ? Value() : attribute(batch, "a");
}

TEST(DecodeProto, EmptyBodyIsAnEmptyBatch) {
  DecodeReport report;
  EXPECT_TRUE(decode("", &report).spans.empty());
  EXPECT_EQ(report.rejected_spans, 0u);
}

TEST(DecodeProto, EveryFieldOfASpan) {
  const std::string body = request({message([](pbf_writer& w) {
    w.add_bytes(1, kTraceId);
    w.add_bytes(2, kSpanId);
    w.add_string(3, "a=b");
    w.add_bytes(4, std::string(8, '\x33'));
    w.add_string(5, "name");
    w.add_enum(6, 3);
    w.add_fixed64(7, 1'000);
    w.add_fixed64(8, 3'000);
    w.add_message(9, key_text("k", "v"));
    w.add_uint32(10, 1);
    w.add_message(11, message([](pbf_writer& e) {
                    e.add_fixed64(1, 7);
                    e.add_string(2, "event");
                    e.add_message(3, key_text("ek", "ev"));
                    e.add_uint32(4, 4);
                  }));
    w.add_uint32(12, 2);
    w.add_message(13, message([](pbf_writer& l) {
                    l.add_bytes(1, kTraceId);
                    l.add_bytes(2, kSpanId);
                    l.add_string(3, "c=d");
                    l.add_message(4, key_text("lk", "lv"));
                    l.add_uint32(5, 5);
                    l.add_fixed32(6, 0x301);
                  }));
    w.add_uint32(14, 3);
    w.add_message(15, message([](pbf_writer& s) {
                    s.add_string(2, "broken");
                    s.add_enum(3, 2);
                  }));
    w.add_fixed32(16, 0x101);
  })});
  const SpanBatch batch = decode(body);
  ASSERT_EQ(batch.spans.size(), 1u);
  const std::string id(32, '1');
  EXPECT_EQ(
      describe_span(batch, 0),
      id +
          "/2222222222222222 parent=3333333333333333 kind=3 flags=101 start=1000 end=3000 status=2 dropped=1/2/3 "
          "name=\"name\" "
          "state=\"a=b\" message=\"broken\"{\"k\":\"v\",} event=7 dropped=4 name=\"event\"{\"ek\":\"ev\",} link=" +
          id +
          "/2222222222222222 flags=301 dropped=5 state=\"c=d\"{\"lk\":\"lv\",} scope dropped=0 name=\"\" version=\"\" "
          "schema=\"\"{} "
          "resource dropped=0 schema=\"\"{}");
}

TEST(DecodeProto, ViewsPointIntoTheBodyAndOutliveAMove) {
  const std::string name(100, 'n');
  SpanBatch batch = decode(request({span([&](pbf_writer& w) { w.add_string(5, name); })}));
  ASSERT_EQ(batch.buffers.size(), 1u);
  const std::string& body = *batch.buffers[0];
  EXPECT_GE(batch.spans[0].name.data(), body.data());
  EXPECT_LT(batch.spans[0].name.data(), body.data() + body.size());
  const SpanBatch moved = std::move(batch);
  EXPECT_EQ(moved.spans[0].name, name);
}

TEST(DecodeProto, AttributesAreOneRunAmongEventsAndLinks) {
  const SpanBatch batch = decode(request({span([](pbf_writer& w) {
    w.add_message(9, key_text("a", "1"));
    w.add_message(11, message([](pbf_writer& e) { e.add_message(3, key_text("event", "1")); }));
    w.add_message(9, key_text("b", "2"));
    w.add_message(13, message([](pbf_writer& l) { l.add_message(4, key_text("link", "1")); }));
    w.add_message(9, key_text("c", "3"));
    w.add_message(11, message([](pbf_writer& e) { e.add_message(3, key_text("event", "2")); }));
  })}));
  ASSERT_EQ(batch.spans[0].attributes.count, 3u);
  EXPECT_EQ(attribute(batch, "c").text(), "3");
  ASSERT_EQ(batch.spans[0].events.count, 2u);
  EXPECT_EQ(batch.attrs(batch.events[1].attributes)[0].value.text(), "2");
  EXPECT_EQ(batch.attrs(batch.links[0].attributes)[0].key, "link");
}

TEST(DecodeProto, ResourceAndScopeMayFollowTheirSpans) {
  const std::string body = message([](pbf_writer& top) {
    top.add_message(
        1, message([](pbf_writer& rs) {
          rs.add_message(2, message([](pbf_writer& ss) {
                           ss.add_message(2, span([](pbf_writer& w) { w.add_message(9, key_text("s", "1")); }));
                           ss.add_string(3, "scope-schema");
                           ss.add_message(1, message([](pbf_writer& s) { s.add_string(1, "lib"); }));
                         }));
          rs.add_string(3, "resource-schema");
          rs.add_message(1, message([](pbf_writer& r) { r.add_message(1, key_text("service.name", "shop")); }));
        }));
  });
  const SpanBatch batch = decode(body);
  EXPECT_EQ(batch.service_name(batch.scopes[0]), "shop");
  EXPECT_EQ(batch.scopes[0].name, "lib");
  EXPECT_EQ(batch.scopes[0].schema_url, "scope-schema");
  EXPECT_EQ(batch.resources[0].schema_url, "resource-schema");
}

TEST(DecodeProto, OccurrencesOfASingularMessageMerge) {
  const std::string body = message([](pbf_writer& top) {
    top.add_message(1, message([](pbf_writer& rs) {
                      rs.add_message(1, message([](pbf_writer& r) { r.add_message(1, key_text("a", "1")); }));
                      rs.add_message(2, message([](pbf_writer& ss) {
                                       ss.add_message(1, message([](pbf_writer& s) { s.add_string(1, "lib"); }));
                                       ss.add_message(
                                           2, span([](pbf_writer& w) {
                                             w.add_message(15, message([](pbf_writer& s) { s.add_enum(3, 2); }));
                                             w.add_message(15, message([](pbf_writer& s) { s.add_string(2, "why"); }));
                                           }));
                                       ss.add_message(1, message([](pbf_writer& s) { s.add_string(2, "v1"); }));
                                     }));
                      rs.add_message(1, message([](pbf_writer& r) {
                                       r.add_message(1, key_text("b", "2"));
                                       r.add_uint32(2, 9);
                                     }));
                    }));
  });
  const SpanBatch batch = decode(body);
  const auto resource = batch.attrs(batch.resources[0].attributes);
  ASSERT_EQ(resource.size(), 2u);
  EXPECT_EQ(resource[1].key, "b");
  EXPECT_EQ(batch.resources[0].dropped_attributes, 9u);
  EXPECT_EQ(batch.scopes[0].name, "lib");
  EXPECT_EQ(batch.scopes[0].version, "v1");
  EXPECT_EQ(batch.spans[0].status, model::StatusCode::kError);
  EXPECT_EQ(batch.spans[0].status_message, "why");
}

TEST(DecodeProto, LastScalarAndLastOneofMemberWin) {
  SpanBatch batch = decode(request({span([](pbf_writer& w) {
    w.add_string(5, "first");
    w.add_string(5, "second");
    w.add_fixed64(7, 1);
    w.add_fixed64(7, 2);
  })}));
  EXPECT_EQ(batch.spans[0].name, "second");
  EXPECT_EQ(batch.spans[0].start_ns, 2u);
  const Value value = decoded_value(message([](pbf_writer& w) {
                                      w.add_string(1, "text");
                                      w.add_int64(3, -5);
                                    }),
                                    batch);
  EXPECT_EQ(value.type(), ValueType::kInt);
  EXPECT_EQ(value.as_int(), -5);
}

TEST(DecodeProto, ArraysAndMapsOfAOneofMerge) {
  const auto list = [](uint32_t field, const std::string& item) {
    return message(
        [&](pbf_writer& w) { w.add_message(field, message([&](pbf_writer& l) { l.add_message(1, item); })); });
  };
  SpanBatch batch;
  Value value = decoded_value(list(5, text_value("a")) + list(5, text_value("b")), batch);
  ASSERT_EQ(value.items().size(), 2u);
  EXPECT_EQ(value.items()[1].text(), "b");
  value = decoded_value(list(6, key_text("k", "a")) + list(6, key_text("l", "b")), batch);
  ASSERT_EQ(value.entries().size(), 2u);
  EXPECT_EQ(value.entries()[1].key, "l");
  // Another member in between starts anew.
  value = decoded_value(list(5, text_value("a")) + text_value("t") + list(5, text_value("b")), batch);
  ASSERT_EQ(value.items().size(), 1u);
  // So do the occurrences of KeyValue.value.
  batch = decode(request({span([&](pbf_writer& w) {
    w.add_message(9, message([&](pbf_writer& kv) {
                    kv.add_message(2, list(5, text_value("a")));
                    kv.add_string(1, "a");
                    kv.add_message(2, list(5, text_value("b")));
                  }));
  })}));
  EXPECT_EQ(attribute(batch, "a").items().size(), 2u);
}

TEST(DecodeProto, EveryTypeOfValue) {
  SpanBatch batch;
  EXPECT_EQ(decoded_value("", batch).type(), ValueType::kEmpty);
  EXPECT_TRUE(decoded_value(message([](pbf_writer& w) { w.add_bool(2, true); }), batch).as_bool());
  EXPECT_EQ(decoded_value(message([](pbf_writer& w) { w.add_bool(2, false); }), batch).type(), ValueType::kBool);
  EXPECT_EQ(decoded_value(message([](pbf_writer& w) { w.add_int64(3, INT64_MIN); }), batch).as_int(), INT64_MIN);
  EXPECT_EQ(decoded_value(message([](pbf_writer& w) { w.add_double(4, -0.5); }), batch).as_double(), -0.5);
  EXPECT_EQ(decoded_value(message([](pbf_writer& w) { w.add_bytes(7, "\xFF\x00", 2); }), batch).text(),
            std::string_view("\xFF\x00", 2));
  EXPECT_EQ(decoded_value(message([](pbf_writer& w) { w.add_message(5, std::string("")); }), batch).type(),
            ValueType::kArray);
  EXPECT_EQ(decoded_value(message([](pbf_writer& w) { w.add_message(6, std::string("")); }), batch).type(),
            ValueType::kMap);
  // string_value_strindex of profiles is unknown here.
  EXPECT_EQ(decoded_value(message([](pbf_writer& w) { w.add_int32(8, 3); }), batch).type(), ValueType::kEmpty);
  EXPECT_EQ(decoded_value(text_value(""), batch).type(), ValueType::kString);
}

std::string nested(size_t depth) {
  std::string value = text_value("core");
  for (size_t i = 1; i < depth; ++i) {
    value = message([&](pbf_writer& w) { w.add_message(5, message([&](pbf_writer& a) { a.add_message(1, value); })); });
  }
  return value;
}

TEST(DecodeProto, DepthIsLimited) {
  SpanBatch batch;
  DecodeLimits limits;
  limits.max_depth = 5;
  EXPECT_EQ(decoded_value(nested(5), batch, limits).type(), ValueType::kArray);
  const auto body = [](size_t depth) {
    return request({span([&](pbf_writer& w) { w.add_message(9, key_value("a", nested(depth))); })});
  };
  EXPECT_THAT(error_of(body(6), limits), HasSubstr("max_depth (5)"));
  EXPECT_EQ(decoded_value(nested(64), batch).type(), ValueType::kArray);
  EXPECT_THAT(error_of(body(65)), HasSubstr("max_depth (64)"));
  EXPECT_THAT(error_of(body(2'000)), HasSubstr("max_depth"));
}

TEST(DecodeProto, LimitsAreNamed) {
  const auto many = [](uint32_t field, int count) {
    return request({span([&](pbf_writer& w) {
      for (int i = 0; i < count; ++i) w.add_message(field, std::string(""));
    })});
  };
  DecodeLimits limits;
  limits.max_attributes = limits.max_events = limits.max_links = 3;
  EXPECT_EQ(decode(many(11, 3), nullptr, limits).events.size(), 3u);
  EXPECT_THAT(error_of(many(9, 4), limits), HasSubstr("max_attributes (3)"));
  EXPECT_THAT(error_of(many(11, 4), limits), HasSubstr("max_events (3)"));
  EXPECT_THAT(error_of(many(13, 4), limits), HasSubstr("max_links (3)"));
  limits = {};
  limits.max_spans = 2;
  EXPECT_THAT(error_of(request({"", "", ""}), limits), HasSubstr("max_spans (2)"));
  limits = {};
  limits.max_elements = 10;
  EXPECT_THAT(error_of(many(11, 10), limits), HasSubstr("max_elements (10)"));
  EXPECT_THAT(error_of(many(9, 11), limits), HasSubstr("max_elements (10)"));
  limits.max_attributes = 3;
  const std::string items =
      message([](pbf_writer& w) { w.add_message(5, std::string("\x0A\x00\x0A\x00\x0A\x00\x0A\x00", 8)); });
  EXPECT_THAT(error_of(request({span([&](pbf_writer& w) { w.add_message(9, key_value("a", items)); })}), limits),
              HasSubstr("max_attributes (3)"));
}

TEST(DecodeProto, SpansWithBadIdsAreDroppedAndNotTheBatch) {
  const auto with_ids = [](std::string_view trace, std::string_view id) {
    return message([&](pbf_writer& w) {
      w.add_message(9, key_text("a", "dropped"));
      w.add_message(11, std::string(""));
      w.add_bytes(1, trace.data(), trace.size());
      w.add_bytes(2, id.data(), id.size());
    });
  };
  DecodeReport report;
  const SpanBatch batch = decode(
      request({with_ids(std::string(15, 'x'), kSpanId), with_ids(std::string(16, '\0'), kSpanId), with_ids("", kSpanId),
               with_ids(kTraceId, std::string(8, '\0')), span([](pbf_writer& w) { w.add_string(5, "good"); })}),
      &report);
  ASSERT_EQ(batch.spans.size(), 1u);
  EXPECT_EQ(batch.spans[0].name, "good");
  EXPECT_TRUE(batch.attributes.empty());
  EXPECT_TRUE(batch.events.empty());
  EXPECT_EQ(report.rejected_spans, 4u);
  EXPECT_EQ(report.message, "3 spans with an invalid trace id, 1 span with an invalid span id");
}

TEST(DecodeProto, ResourcesAndScopesWithoutSpansAreLeftOut) {
  const std::string body = message([](pbf_writer& top) {
    for (const bool with_span : {false, true, false}) {
      top.add_message(
          1, message([&](pbf_writer& rs) {
            rs.add_message(1, message([](pbf_writer& r) { r.add_message(1, key_text("a", "1")); }));
            rs.add_message(2, message([](pbf_writer& ss) {
                             ss.add_message(1, message([](pbf_writer& s) { s.add_message(3, key_text("b", "1")); }));
                           }));
            if (with_span)
              rs.add_message(2, message([](pbf_writer& ss) { ss.add_message(2, span([](pbf_writer&) {})); }));
          }));
    }
  });
  const SpanBatch batch = decode(body);
  EXPECT_EQ(batch.resources.size(), 1u);
  EXPECT_EQ(batch.scopes.size(), 1u);
  EXPECT_EQ(batch.attributes.size(), 1u);
  EXPECT_EQ(batch.spans[0].scope, 0u);
  EXPECT_EQ(batch.scopes[0].resource, 0u);
}

TEST(DecodeProto, ParentAndLinkIdsAreBlanked) {
  DecodeReport report;
  const auto parent = [](std::string_view id) {
    return span([&](pbf_writer& w) { w.add_bytes(4, id.data(), id.size()); });
  };
  const std::string linked = span([](pbf_writer& w) {
    w.add_message(13, message([](pbf_writer& l) {
                    l.add_bytes(1, "short");
                    l.add_bytes(2, kSpanId);
                  }));
  });
  const SpanBatch batch =
      decode(request({parent("12345"), parent(std::string(16, 'x')), parent(""), parent(std::string(8, '\0')), linked}),
             &report);
  ASSERT_EQ(batch.spans.size(), 5u);
  for (const model::Span& s : batch.spans) EXPECT_FALSE(s.parent_span_id.valid());
  EXPECT_EQ(report.invalid_parent_ids, 2u);
  ASSERT_EQ(batch.links.size(), 1u);
  EXPECT_FALSE(batch.links[0].trace_id.valid());
  EXPECT_TRUE(batch.links[0].span_id.valid());
  EXPECT_EQ(report.invalid_link_ids, 1u);
  EXPECT_EQ(report.rejected_spans, 0u);
}

TEST(DecodeProto, IllFormedUtf8IsReplaced) {
  DecodeReport report;
  const SpanBatch batch = decode(request({span([](pbf_writer& w) {
                                   w.add_string(5,
                                                "ab\xFF"
                                                "cd");
                                   w.add_message(9, key_text("k\x80", "\xE2\x82"));
                                   w.add_message(9, key_text("good", "gr\xC3\xBC\xC3\x9F"));
                                   w.add_message(15, message([](pbf_writer& s) { s.add_string(2, "\xED\xA0\x80"); }));
                                 })}),
                                 &report);
  EXPECT_EQ(batch.spans[0].name,
            "ab\xEF\xBF\xBD"
            "cd");
  EXPECT_EQ(attribute(batch, "k\xEF\xBF\xBD").text(), "\xEF\xBF\xBD");
  EXPECT_EQ(attribute(batch, "good").text(), "gr\xC3\xBC\xC3\x9F");
  EXPECT_TRUE(is_valid_utf8(batch.spans[0].status_message));
  EXPECT_EQ(report.invalid_utf8, 4u);
}

TEST(DecodeProto, DuplicateKeysKeepTheLastValue) {
  DecodeReport report;
  const SpanBatch batch = decode(request({span([](pbf_writer& w) {
                                   w.add_message(9, key_text("a", "1"));
                                   w.add_message(9, key_text("b", "2"));
                                   w.add_message(9, key_text("a", "3"));
                                   w.add_message(9, key_text("c", "4"));
                                   w.add_message(9, key_text("a", "5"));
                                 })}),
                                 &report);
  const auto run = batch.attrs(batch.spans[0].attributes);
  ASSERT_EQ(run.size(), 3u);
  EXPECT_EQ(run[0].key, "a");
  EXPECT_EQ(run[0].value.text(), "5");
  EXPECT_EQ(run[2].key, "c");
  EXPECT_EQ(report.duplicate_keys, 2u);
}

TEST(DecodeProto, LongRunsResolveDuplicatesLikeShortOnes) {
  SeededRandom random(7);
  for (const size_t count : {10u, 63u, 64u, 65u, 66u, 500u, 5'000u}) {
    std::vector<std::pair<std::string, std::string>> expected;
    const std::string body = request({span([&](pbf_writer& w) {
      for (size_t i = 0; i < count; ++i) {
        const std::string key = "key" + std::to_string(random.below(count));
        const std::string text = std::to_string(i);
        w.add_message(9, key_text(key, text));
        const auto same = std::find_if(expected.begin(), expected.end(), [&](const auto& e) { return e.first == key; });
        if (same == expected.end()) {
          expected.emplace_back(key, text);
        } else {
          same->second = text;
        }
      }
    })});
    DecodeReport report;
    const SpanBatch batch = decode(body, &report);
    const auto run = batch.attrs(batch.spans[0].attributes);
    ASSERT_EQ(run.size(), expected.size());
    for (size_t i = 0; i < run.size(); ++i) {
      EXPECT_EQ(run[i].key, expected[i].first);
      EXPECT_EQ(run[i].value.text(), expected[i].second);
    }
    EXPECT_EQ(report.duplicate_keys, count - expected.size());
  }
}

TEST(DecodeProto, UnknownFieldsAndWireTypesAreSkipped) {
  const std::string unknown = message([](pbf_writer& w) {
    w.add_string(1'000, "relic");
    w.add_fixed64(2'000, 1);
    w.add_fixed32(3'000, 1);
    w.add_uint64(536'870'911 / 2, UINT64_MAX);
  });
  const std::string body =
      unknown + message([&](pbf_writer& top) {
        top.add_uint64(1, 5);  // the field's number with another wire type
        top.add_message(
            1, unknown + message([&](pbf_writer& rs) {
                 rs.add_fixed32(2, 0);
                 rs.add_message(1,
                                unknown + message([](pbf_writer& r) { r.add_message(3, std::string("entity ref")); }));
                 rs.add_message(2, unknown + message([&](pbf_writer& ss) {
                                     ss.add_message(
                                         2, unknown + span([&](pbf_writer& w) {
                                              w.add_string(6, "SPAN_KIND_SERVER");
                                              w.add_uint64(7, 5);
                                              w.add_message(9, unknown + key_value("a", unknown + text_value("v")));
                                              w.add_message(15,
                                                            unknown + message([](pbf_writer& s) { s.add_enum(1, 2); }));
                                            }));
                                   }));
               }));
      });
  DecodeReport report;
  const SpanBatch batch = decode(body, &report);
  ASSERT_EQ(batch.spans.size(), 1u);
  EXPECT_EQ(attribute(batch, "a").text(), "v");
  EXPECT_EQ(batch.spans[0].start_ns, 0u);
  EXPECT_EQ(batch.spans[0].status, model::StatusCode::kUnset);
}

TEST(DecodeProto, UnknownEnumNumbersAreKept) {
  const SpanBatch batch =
      decode(request({span([](pbf_writer& w) { w.add_enum(6, 9); }), span([](pbf_writer& w) { w.add_enum(6, -1); }),
                      span([](pbf_writer& w) { w.add_enum(6, 1'000); })}));
  ASSERT_EQ(batch.spans.size(), 3u);
  EXPECT_EQ(static_cast<int>(batch.spans[0].kind), 9);
  EXPECT_EQ(batch.spans[1].kind, model::SpanKind::kUnspecified);
  EXPECT_EQ(batch.spans[2].kind, model::SpanKind::kUnspecified);
}

TEST(DecodeProto, MalformedBytesNameOffsetAndField) {
  EXPECT_THAT(error_of("\x0A\x05"
                       "ab"),
              HasSubstr("byte 0: TracesData field 1: truncated: length 5 where 2 bytes are left"));
  EXPECT_THAT(error_of("\x0B"), HasSubstr("groups"));
  EXPECT_THAT(error_of("\x0C"), HasSubstr("groups"));
  EXPECT_THAT(error_of("\x0F"), HasSubstr("wire types"));
  EXPECT_THAT(error_of(std::string("\x02\x00", 2)), HasSubstr("field number 0"));
  EXPECT_THAT(error_of("\x09"
                       "1234567"),
              HasSubstr("truncated"));
  EXPECT_THAT(error_of("\x0D"
                       "123"),
              HasSubstr("truncated"));
  EXPECT_THAT(error_of("\x08"), HasSubstr("truncated"));
  EXPECT_THAT(error_of("\x08\xFF"), HasSubstr("truncated"));
  EXPECT_THAT(error_of("\x08" + std::string(10, '\xFF') + "\x01"), HasSubstr("more than ten bytes"));
  EXPECT_THAT(error_of("\xFF\xFF\xFF\xFF\x7F\x00"), HasSubstr("2^29"));
  const std::string inner = request({span([](pbf_writer& w) { w.add_message(9, key_value("a", "\x0A\x09short")); })});
  EXPECT_THAT(error_of(inner), HasSubstr("AnyValue field 1: truncated: length 9 where 5 bytes are left"));
}

TEST(DecodeProto, EveryTruncationIsAnErrorOrAPrefix) {
  const SpanBatch whole = RandomBatch(3).make();
  std::string body;
  encode_traces_proto(whole, body);
  size_t errors = 0;
  for (size_t size = 0; size < body.size(); ++size) {
    SpanBatch batch;
    if (!decode_traces_proto(body.substr(0, size), {}, batch)) ++errors;
  }
  // Only a cut between two ResourceSpans is no error.
  EXPECT_GE(errors + whole.resources.size(), body.size());
}

TEST(DecodeProto, BodiesAppendAndAFailedOneLeavesNoTrace) {
  SpanBatch batch;
  ASSERT_TRUE(decode_traces_proto(request({span([](pbf_writer& w) { w.add_string(5, "one"); })}), {}, batch));
  std::string broken = request({span([](pbf_writer& w) { w.add_message(9, key_text("a", "1")); }), "\x0A\x7F"});
  ASSERT_FALSE(decode_traces_proto(broken, {}, batch));
  EXPECT_EQ(batch.spans.size(), 1u);
  EXPECT_EQ(batch.scopes.size(), 1u);
  EXPECT_TRUE(batch.attributes.empty());
  ASSERT_TRUE(decode_traces_proto(request({span([](pbf_writer& w) { w.add_string(5, "two"); })}), {}, batch));
  ASSERT_EQ(batch.spans.size(), 2u);
  EXPECT_EQ(batch.spans[1].scope, 1u);
  EXPECT_EQ(batch.scopes[1].resource, 1u);
  EXPECT_EQ(batch.spans[0].name, "one");
}

}  // namespace
}  // namespace tercet::wire::otlp
