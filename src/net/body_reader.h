// A request body: collected as it was sent on the loop thread, inflated on a worker, so that no body, however dense,
// holds up other connections. Every byte held is accounted. Private to net.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "codec/compress.h"
#include "net/http_types.h"

namespace tercet::net {

/// The bytes that one request holds, as part of a total with a limit; given back by the destructor.
class BodyBudget {
 public:
  BodyBudget(std::shared_ptr<std::atomic<uint64_t>> total, uint64_t limit) : total_(std::move(total)), limit_(limit) {}
  BodyBudget(const BodyBudget&) = delete;
  ~BodyBudget() { total_->fetch_sub(held_); }

  /// unavailable with a retry hint (→ 503) when the total is over its limit.
  Result<> grow(uint64_t bytes);
  void shrink(uint64_t bytes);

 private:
  const std::shared_ptr<std::atomic<uint64_t>> total_;
  const uint64_t limit_;
  uint64_t held_ = 0;  // one thread at a time: the session, then the worker
};

struct BodyLimits {
  uint64_t decoded = 0;
  uint64_t wire = 0;
  std::string_view name;  // of the limit, for people
};

class BodyReader {
 public:
  /// `content_encoding` as the header has it. unimplemented (→ 415) for one that is not known.
  static Result<BodyReader> create(std::string_view content_encoding, const BodyLimits& limits,
                                   std::shared_ptr<BodyBudget> budget);

  /// Takes a piece as it was sent. resource_exhausted (→ 413) beyond a limit, unavailable (→ 503) beyond the budget.
  Result<> feed(std::string_view piece);
  /// The whole body, inflated: once, after the last piece. Also invalid_argument (→ 400) for broken or cut bytes.
  Result<std::string> decode();
  uint64_t wire_bytes() const { return wire_.size(); }

 private:
  BodyReader() = default;
  Error too_large(uint64_t limit, std::string_view how) const;

  BodyLimits limits_;
  codec::Codec codec_ = codec::Codec::kNone;
  std::shared_ptr<BodyBudget> budget_;
  std::string wire_;
};

/// A body's error as an answer, and the reason under which it is counted.
struct BodyRefusal {
  std::string_view reason;
  Response response;
};
BodyRefusal refuse_body(const Error& error);

}  // namespace tercet::net
