// Metrics on their way out. A selection yields chunk views; decoders live in codec, so that the query engine fuses
// decoding with the range function. Chunks of one series are sorted by min time and may overlap (late data); the reader
// merges by the duplicate rule: a sample beats a staleness marker, otherwise the larger in IEEE total order wins.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contract/completeness.h"
#include "contract/context.h"
#include "model/labels/labels.h"
#include "model/metrics/series_batch.h"

namespace tercet::contract {

enum class MatchOp : uint8_t { kEqual, kNotEqual, kMatch, kNotMatch };

struct LabelMatcher {
  std::string name;
  MatchOp op = MatchOp::kEqual;
  std::string value;
  /// Compiled by the query side for kMatch and kNotMatch, called on distinct values. Fully anchored.
  std::function<bool(std::string_view)> matches;
};

enum class ChunkEncoding : uint8_t {
  kRaw = 0,
  kConstant = 1,
  kDeltaInteger = 2,
  kDecimal = 3,
  kXor = 4,
  kAlp = 5,
  kNativeHistogram = 6
};

struct ChunkView {
  ChunkEncoding encoding = ChunkEncoding::kRaw;
  std::string_view bytes;
  int64_t min_time_ms = 0;
  int64_t max_time_ms = 0;
  uint32_t count = 0;
  double min = 0;
  double max = 0;
  double sum = 0;
};

struct SeriesView {
  std::span<const model::Label> labels;
  std::span<const ChunkView> chunks;
};

struct Selection {
  int64_t min_time_ms = 0;  // inclusive
  int64_t max_time_ms = 0;  // inclusive
  std::vector<LabelMatcher> matchers;
};

class SeriesSource {
 public:
  virtual ~SeriesSource() = default;
  /// Calls `visit` once a series, sorted by labels; false from it ends the selection. Views live for the call.
  virtual Result<Completeness> select(const Context& context, const Selection& selection,
                                      const std::function<bool(const SeriesView&)>& visit) = 0;
  virtual Result<std::vector<std::string>> label_names(const Context& context, const Selection& selection) = 0;
  virtual Result<std::vector<std::string>> label_values(const Context& context, std::string_view name,
                                                        const Selection& selection) = 0;
  virtual Result<std::vector<model::MetricMetadata>> metadata(const Context& context, std::string_view family) = 0;
};

}  // namespace tercet::contract
