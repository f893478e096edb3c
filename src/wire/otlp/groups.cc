#include "wire/otlp/groups.h"

#include <string>
#include <unordered_map>

#include "wire/otlp/proto_encoder.h"

namespace tercet::wire::otlp {

namespace {

constexpr uint32_t kNone = UINT32_MAX;

/// Content as bytes: what protobuf would send, and the schema URL. Equal bytes, equal content.
std::string content_of(const model::EventBatch& batch, const model::Resource& resource) {
  ProtoWriter out(256);
  write_text(out, 3, resource.schema_url);
  write_resource(out, batch, resource);
  return std::string(out.bytes());
}

std::string content_of(const model::EventBatch& batch, const model::Scope& scope, uint32_t resource_group) {
  ProtoWriter out(256);
  write_text(out, 6, scope.schema_url);
  out.varint_field(5, resource_group);
  write_scope(out, batch, scope);
  return std::string(out.bytes());
}

struct Place {
  uint32_t resource_group = kNone;
  uint32_t scope_group = kNone;
};

}  // namespace

std::vector<ResourceGroup> group_rows(const model::EventBatch& batch, std::span<const uint32_t> scope_of_row) {
  std::vector<ResourceGroup> groups;
  std::vector<uint32_t> group_of_resource(batch.resources.size(), kNone);
  std::vector<Place> place_of_scope(batch.scopes.size());
  std::unordered_map<std::string, uint32_t> resource_by_content;
  std::unordered_map<std::string, uint32_t> scope_by_content;
  for (uint32_t row = 0; row < scope_of_row.size(); ++row) {
    const uint32_t scope_index = scope_of_row[row];
    Place& place = place_of_scope[scope_index];
    if (place.scope_group == kNone) {
      const model::Scope& scope = batch.scopes[scope_index];
      uint32_t& group = group_of_resource[scope.resource];
      if (group == kNone) {
        const auto fresh = static_cast<uint32_t>(groups.size());
        group =
            resource_by_content.try_emplace(content_of(batch, batch.resources[scope.resource]), fresh).first->second;
        if (group == fresh) groups.push_back({scope.resource, {}});
      }
      auto& scopes = groups[group].scopes;
      const auto fresh = static_cast<uint32_t>(scopes.size());
      place = {group, scope_by_content.try_emplace(content_of(batch, scope, group), fresh).first->second};
      if (place.scope_group == fresh) scopes.push_back({scope_index, {}});
    }
    groups[place.resource_group].scopes[place.scope_group].rows.push_back(row);
  }
  return groups;
}

}  // namespace tercet::wire::otlp
