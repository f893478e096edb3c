// What all event batches share: resources and scopes once, attributes in one flat column, and the memory that every
// string_view of the batch borrows from.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "model/events/value.h"

namespace tercet::model {

/// A run of elements in a column of the batch.
struct Range {
  uint32_t begin = 0;
  uint32_t count = 0;
};

struct Resource {
  Range attributes;
  uint32_t dropped_attributes = 0;
  std::string_view schema_url;
};

struct Scope {
  uint32_t resource = 0;  // index into resources
  std::string_view name;
  std::string_view version;
  Range attributes;
  uint32_t dropped_attributes = 0;
  std::string_view schema_url;
};

/// Base of SpanBatch and LogBatch. Move-only: views stay valid when it moves.
struct EventBatch {
  std::vector<Resource> resources;
  std::vector<Scope> scopes;
  std::vector<Attribute> attributes;

  Arena arena;
  /// Bytes that views point into (a decoded request). unique_ptr: a short std::string would move its characters.
  std::vector<std::unique_ptr<const std::string>> buffers;

  EventBatch() = default;
  EventBatch(EventBatch&&) = default;
  EventBatch& operator=(EventBatch&&) = default;

  std::span<const Attribute> attrs(Range r) const { return {attributes.data() + r.begin, r.count}; }
  /// service.name of a scope's resource; empty when it has none or it is no string.
  std::string_view service_name(const Scope& scope) const;
  /// Takes the bytes over and returns a view that lives as long as the batch.
  std::string_view keep(std::string bytes);
  /// Bytes held in columns, arena and buffers.
  size_t footprint() const;
};

}  // namespace tercet::model
