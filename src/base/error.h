// Errors are values. Error carries a canonical code (the gRPC set), a message for a person, and the context it gathered
// on its way up, outermost first: "open part 17: read footer: short read".
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace tercet {

enum class Code : uint8_t {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

/// Stable lower_snake name of a code, as logs and metrics show it.
std::string_view code_name(Code code);

class [[nodiscard]] Error {
 public:
  Error(Code code, std::string message) : code_(code), message_(std::move(message)) {}

  Code code() const { return code_; }
  const std::string& message() const { return message_; }

  /// Adds what was being done when the error came: the outer step stands first.
  Error&& context(std::string_view step) && {
    message_.insert(0, std::string(step) + ": ");
    return std::move(*this);
  }

  /// When a client may try again; zero = no hint. Becomes Retry-After and RetryInfo.
  std::chrono::milliseconds retry_after() const { return retry_after_; }
  Error&& with_retry_after(std::chrono::milliseconds delay) && {
    retry_after_ = delay;
    return std::move(*this);
  }

 private:
  Code code_;
  std::string message_;
  std::chrono::milliseconds retry_after_{0};
};

inline Error invalid_argument(std::string message) { return Error(Code::kInvalidArgument, std::move(message)); }
inline Error not_found(std::string message) { return Error(Code::kNotFound, std::move(message)); }
inline Error resource_exhausted(std::string message) { return Error(Code::kResourceExhausted, std::move(message)); }
inline Error failed_precondition(std::string message) { return Error(Code::kFailedPrecondition, std::move(message)); }
inline Error unimplemented(std::string message) { return Error(Code::kUnimplemented, std::move(message)); }
inline Error internal_error(std::string message) { return Error(Code::kInternal, std::move(message)); }
inline Error unavailable(std::string message) { return Error(Code::kUnavailable, std::move(message)); }
inline Error data_loss(std::string message) { return Error(Code::kDataLoss, std::move(message)); }
inline Error out_of_range(std::string message) { return Error(Code::kOutOfRange, std::move(message)); }
inline Error cancelled(std::string message) { return Error(Code::kCancelled, std::move(message)); }
inline Error deadline_exceeded(std::string message) { return Error(Code::kDeadlineExceeded, std::move(message)); }

}  // namespace tercet
