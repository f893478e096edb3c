// "Unknown key, did you mean …": the known word that was most likely meant.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace tercet::text {

/// The nearest of `candidates` by edits (insert, delete, replace, swap of neighbours), when few enough lie between: one
/// for short words, up to three for long ones. Case and the choice between '_', '-' and camelCase count nothing. The
/// first of equally near ones; nothing when none is near. Any input is cheap: lengths that differ much are not
/// compared.
std::optional<std::string_view> suggest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace tercet::text
