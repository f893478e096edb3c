// Canonical codes as HTTP status, once for the whole house.
#pragma once

#include <string>

#include "base/error.h"

namespace tercet::net {

/// The mapping of google.rpc.Code, with 400 for out_of_range and failed_precondition and 499 for a client that left.
int http_status(Code code);
/// Whole seconds, rounded up, at least 1.
std::string retry_after_seconds(const Error& error);

}  // namespace tercet::net
