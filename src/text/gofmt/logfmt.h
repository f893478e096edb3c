// logfmt as the go-logfmt decoder reads it: `key=value key="quoted \"value\"" bare_key`. Tempo's `tags` parameter is
// one such text.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tercet::text {

/// Pairs in their order, duplicates kept. Bytes up to the space separate pairs; a key ends at '=' or a separator; a
/// bare key and `key=` have an empty value. A quoted value stays on its line and takes JSON's escapes and \'. Linear in
/// `text`, whose size the caller bounds. kInvalidArgument with line and position (from 1, in bytes), worded as the
/// original: "logfmt syntax error at pos 3 on line 1: unexpected '='".
Result<std::vector<std::pair<std::string, std::string>>> parse_logfmt(std::string_view text);

}  // namespace tercet::text
