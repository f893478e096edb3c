// One pass over a JSON document by callbacks, on top of simdjson's on-demand parser, which stays inside the .cc file.
//
// What OTLP asks of JSON lives here: null members are absent, 64-bit integers are exact whether numbers or strings,
// strings without escapes are views into the body, lone surrogates become U+FFFD, and every error names the path and
// the byte. A value is read at most once, before its callback returns; one that was not read is skipped.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/arena.h"

namespace tercet::wire::otlp {

/// A value of the document, good during the callback that got it.
class JsonValue {
 public:
  explicit JsonValue(void* value) : value_(value) {}

 private:
  friend class JsonReader;
  void* value_;
};

class JsonReader {
 public:
  /// Bytes that must be readable after the text.
  static size_t padding();

  /// `text` is well-formed UTF-8 and outlives the reader and everything read. What has escapes is put into `arena`.
  /// `max_depth` bounds objects and arrays below an unknown key.
  JsonReader(std::string_view text, size_t max_depth, Arena& arena, uint64_t& invalid_utf8);
  ~JsonReader();

  /// All functions below return false on failure, and so must the callbacks that they call: the first failure ends the
  /// pass.

  /// The document, an object: `on_member(std::string_view key, JsonValue)`.
  template <typename F>
  bool document(F&& on_member) {
    return document_of(member_thunk<F>, &on_member);
  }
  template <typename F>
  bool members(JsonValue object, F&& on_member) {
    return members_of(object, member_thunk<F>, &on_member);
  }
  /// `on_element(JsonValue)`; null elements are skipped.
  template <typename F>
  bool elements(JsonValue array, F&& on_element) {
    return elements_of(array, true, element_thunk<F>, &on_element);
  }
  template <typename F>
  bool elements_with_null(JsonValue array, F&& on_element) {
    return elements_of(array, false, element_thunk<F>, &on_element);
  }

  bool is_null(JsonValue value);
  bool read_text(JsonValue value, std::string_view& out);
  /// Base64 of either alphabet.
  bool read_bytes(JsonValue value, std::string_view& out);
  bool read_bool(JsonValue value, bool& out);
  bool read_double(JsonValue value, double& out);
  bool read_i64(JsonValue value, int64_t& out);
  bool read_u64(JsonValue value, uint64_t& out);
  bool read_u32(JsonValue value, uint32_t& out);
  /// A number, or one of `names`, which stand for 0, 1, 2 and so on. Numbers that do not fit become 0.
  bool read_enum(JsonValue value, std::span<const std::string_view> names, uint8_t& out);
  /// Skips what an unknown key holds, looking at its nesting.
  bool skip(JsonValue value) { return skip(value, 0); }

  /// Fails at the value read last. Keeps the first failure; returns false.
  bool fail(std::string_view what);
  const std::string& failure() const { return failure_; }

 private:
  using MemberCallback = bool (*)(void*, std::string_view, JsonValue);
  using ElementCallback = bool (*)(void*, JsonValue);
  struct Impl;

  template <typename F>
  static bool member_thunk(void* f, std::string_view key, JsonValue value) {
    return (*static_cast<std::remove_reference_t<F>*>(f))(key, value);
  }
  template <typename F>
  static bool element_thunk(void* f, JsonValue value) {
    return (*static_cast<std::remove_reference_t<F>*>(f))(value);
  }

  bool document_of(MemberCallback callback, void* context);
  bool members_of(JsonValue object, MemberCallback callback, void* context);
  bool elements_of(JsonValue array, bool skip_null, ElementCallback callback, void* context);
  bool skip(JsonValue value, size_t depth);
  /// The digits of a number, or of a string that holds one.
  bool read_number_text(JsonValue value, std::string_view& out);

  std::unique_ptr<Impl> impl_;
  std::string failure_;
};

}  // namespace tercet::wire::otlp
