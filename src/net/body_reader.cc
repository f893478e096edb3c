#include "net/body_reader.h"

#include <algorithm>

#include "codec/inflate.h"
#include "net/status.h"

namespace tercet::net {

namespace {

// Small enough that the budget notices a bomb early: 16 KiB of gzip are at most 16 MiB.
constexpr size_t kInflatePiece = 16 * 1024;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return out;
}

}  // namespace

Result<> BodyBudget::grow(uint64_t bytes) {
  held_ += bytes;
  if (total_->fetch_add(bytes) + bytes <= limit_) return {};
  return fail(
      unavailable("too many bytes of requests are in flight (max_inflight_bytes " + std::to_string(limit_) + ")")
          .with_retry_after(std::chrono::seconds(1)));
}

void BodyBudget::shrink(uint64_t bytes) {
  held_ -= bytes;
  total_->fetch_sub(bytes);
}

Result<BodyReader> BodyReader::create(std::string_view content_encoding, const BodyLimits& limits,
                                      std::shared_ptr<BodyBudget> budget) {
  BodyReader reader;
  reader.limits_ = limits;
  reader.budget_ = std::move(budget);
  const std::string name = lower(content_encoding);
  if (name.empty() || name == "identity") return reader;
  if (name == "gzip" || name == "x-gzip") reader.codec_ = codec::Codec::kGzip;
  if (name == "zstd") reader.codec_ = codec::Codec::kZstd;
  if (name == "deflate") reader.codec_ = codec::Codec::kDeflate;
  if (reader.codec_ == codec::Codec::kNone) {
    return fail(unimplemented("Content-Encoding \"" + std::string(content_encoding) +
                              "\" is not known; gzip, zstd, deflate and identity are"));
  }
  return reader;
}

Error BodyReader::too_large(uint64_t limit, std::string_view how) const {
  return resource_exhausted("the body is larger than " + std::to_string(limit) + " bytes " + std::string(how) + " (" +
                            std::string(limits_.name) + ")");
}

Result<> BodyReader::feed(std::string_view piece) {
  const uint64_t size = wire_.size() + piece.size();
  if (size > limits_.wire) return fail(too_large(limits_.wire, "as sent"));
  if (codec_ == codec::Codec::kNone && size > limits_.decoded) return fail(too_large(limits_.decoded, "as sent"));
  TRY(budget_->grow(piece.size()));
  wire_.append(piece);
  return {};
}

Result<std::string> BodyReader::decode() {
  if (codec_ == codec::Codec::kNone || wire_.empty()) return std::move(wire_);
  codec::Inflater inflater = TRY(codec::Inflater::create(codec_, limits_.decoded));
  std::string body;
  for (size_t at = 0; at < wire_.size(); at += kInflatePiece) {
    const size_t before = body.size();
    const auto fed = inflater.feed(std::string_view(wire_).substr(at, kInflatePiece), body);
    if (!fed && fed.error().code() == Code::kResourceExhausted) return fail(too_large(limits_.decoded, "inflated"));
    if (!fed) return fail(fed.error());
    TRY(budget_->grow(body.size() - before));
  }
  TRY(inflater.finish());
  budget_->shrink(wire_.size());
  std::string().swap(wire_);
  return body;
}

BodyRefusal refuse_body(const Error& error) {
  const std::string text = std::string(error.message()) + "\n";
  if (error.code() == Code::kResourceExhausted) return {"body_limit", text_response(413, text)};
  if (error.code() != Code::kUnavailable) return {"bad_encoding", text_response(400, text)};
  BodyRefusal refusal{"memory", text_response(503, text)};
  refusal.response.headers.set("Retry-After", retry_after_seconds(error));
  return refusal;
}

}  // namespace tercet::net
