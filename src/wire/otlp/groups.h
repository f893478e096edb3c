// Rows grouped by resource and scope again, as OTLP's envelopes want them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/events/batch.h"

namespace tercet::wire::otlp {

struct ScopeGroup {
  uint32_t scope = 0;  // the first of the equal ones, index into batch.scopes
  std::vector<uint32_t> rows;
};

struct ResourceGroup {
  uint32_t resource = 0;  // the first of the equal ones, index into batch.resources
  std::vector<ScopeGroup> scopes;
};

/// `scope_of_row[i]` is row i's scope. Resources and scopes of equal content (attributes in order, schema URL, counts)
/// become one; groups and rows keep the order of the rows.
std::vector<ResourceGroup> group_rows(const model::EventBatch& batch, std::span<const uint32_t> scope_of_row);

}  // namespace tercet::wire::otlp
