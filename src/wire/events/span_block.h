// Spans as event blocks: the journal's payload, the head's unit and the part's (docs/formats/event-block.md).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/events/span_batch.h"

namespace tercet::wire {

/// JournalEntry::encoding of a span block.
inline constexpr uint8_t kSpanBlockEncoding = 1;

/// What planning needs to know of a block without reading its columns. Times in ns since 1970.
struct SpanBlockMeta {
  uint64_t rows = 0;
  uint64_t min_start_ns = 0;
  uint64_t max_start_ns = 0;
  uint64_t min_end_ns = 0;
  uint64_t max_end_ns = 0;
  uint64_t max_duration_ns = 0;
  uint64_t errors = 0;
};

struct SpanBlockOptions {
  /// Sections compressed and checksummed (parts); otherwise plain (journal, head).
  bool sealed = false;
  int zstd_level = 1;
};

/// Encodes `rows` of the batch in the given order; all of them in order where `rows` is empty.
/// Resources and scopes with equal content are written once. At most kMaxBlockRows rows (a CHECK).
std::string encode_spans(const model::SpanBatch& batch, std::span<const uint32_t> rows,
                         const SpanBlockOptions& options);

/// A column of strings, decoded: distinct strings and for each row an index.
struct TextColumn {
  std::vector<std::string_view> distinct;
  std::vector<uint32_t> index;
};

/// An attribute column, decoded: one of `texts` (string, bytes; value bytes of arrays and maps) or `numbers` by type.
/// position[row] is the index of the row's value, or -1 where the row lacks it.
struct AttributeValues {
  model::ValueType type = model::ValueType::kEmpty;
  const std::vector<std::string_view>* distinct = nullptr;  // text types
  const std::vector<uint32_t>* index = nullptr;             // value → distinct
  const std::vector<uint64_t>* numbers = nullptr;           // bool 0/1, int zigzag, double bits
  std::vector<int32_t> position;
};

enum class U64Field : uint8_t { kStart, kDuration, kKind, kStatus };
enum class TextField : uint8_t { kName, kStatusMessage, kTraceState };
enum class AttributeOwner : uint8_t { kSpan, kResource };

/// Reads a block lazily: only what is asked for is checked, inflated and decoded. Not thread-safe: one reader a scan.
/// Views live as long as the reader and the block's bytes, which the caller keeps.
class SpanBlock {
 public:
  static Result<SpanBlock> open(std::string_view bytes);
  SpanBlock(SpanBlock&&) noexcept;
  SpanBlock& operator=(SpanBlock&&) noexcept;
  ~SpanBlock();

  const SpanBlockMeta& meta() const;
  uint64_t bytes_read() const;

  Result<const std::vector<uint64_t>*> numbers(U64Field field);
  Result<const TextColumn*> texts(TextField field);
  /// service.name by row (through scope and resource).
  Result<const TextColumn*> services();
  /// Distinct trace ids, and for each row an index.
  Result<const std::vector<model::TraceId>*> trace_ids();
  Result<const std::vector<uint32_t>*> trace_rows();
  Result<model::SpanId> span_id(size_t row);
  Result<model::SpanId> parent_span_id(size_t row);

  /// Every column of `key` among the owner's attributes (one a type, and one more where a row repeats the key). For
  /// resources, positions are by span row all the same.
  Result<std::vector<AttributeValues>> attribute(AttributeOwner owner, std::string_view key);
  /// Distinct attribute keys of the owner.
  Result<std::vector<std::string_view>> attribute_keys(AttributeOwner owner);

  /// Appends whole spans, `rows` ascending. Without `copy`, strings borrow from this block; with it they are copied to
  /// the batch's arena.
  Result<> append_rows(std::span<const uint32_t> rows, model::SpanBatch& out, bool copy);

 private:
  friend class RowMaterializer;
  struct Impl;
  explicit SpanBlock(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tercet::wire
