// The reader against garbage: no crash, no overlong allocation; what it accepts, encoded again, reads the same.
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "base/check.h"
#include "wire/events/span_block.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto block = tercet::wire::SpanBlock::open({reinterpret_cast<const char*>(data), size});
  if (!block || block->meta().rows > 4096) return 0;
  (void)block->services();
  (void)block->attribute_keys(tercet::wire::AttributeOwner::kResource);
  std::vector<uint32_t> rows(block->meta().rows);
  std::iota(rows.begin(), rows.end(), 0);
  tercet::model::SpanBatch batch;
  if (!block->append_rows(rows, batch, false)) return 0;
  const std::string again = tercet::wire::encode_spans(batch, {}, {false, 1});
  auto second = tercet::wire::SpanBlock::open(again);
  CHECK(second.has_value());
  tercet::model::SpanBatch copy;
  CHECK(second->append_rows(rows, copy, true).has_value());
  CHECK(copy.spans.size() == batch.spans.size());
  for (size_t i = 0; i < copy.spans.size(); ++i) {
    CHECK(copy.spans[i].name == batch.spans[i].name && copy.spans[i].end_ns == batch.spans[i].end_ns);
    CHECK(copy.spans[i].attributes.count == batch.spans[i].attributes.count);
  }
  return 0;
}
