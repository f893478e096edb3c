// Tempo's JSON answers other than traces. Only fields that Tempo has had for long: Grafana refuses unknown ones.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "contract/event_source.h"
#include "query/core/trace_search.h"

namespace tercet::api {

using TagScopes = std::vector<std::pair<std::string, std::vector<std::string>>>;

std::string search_json(const query::TraceSearchResult& result);
std::string tag_names_json(const TagScopes& scopes);
std::string tag_names_v2_json(const TagScopes& scopes);
std::string tag_values_json(const std::vector<contract::FieldValue>& values);
/// `keyword`: values of an intrinsic's fixed set, which TraceQL writes without quotes.
std::string tag_values_v2_json(const std::vector<contract::FieldValue>& values, bool keyword);
std::string buildinfo_json(const std::string& version);
/// The fixed values of kind and status.
std::vector<contract::FieldValue> fixed_values(contract::Intrinsic intrinsic);

}  // namespace tercet::api
