#include "codec/int_pack.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "base/check.h"
#include "codec/bit_packing.h"
#include "codec/varint.h"

namespace tercet::codec {

namespace {

constexpr char kConstant = 0;
constexpr char kFrames = 1;
constexpr char kDeltaFrames = 2;
constexpr char kRuns = 3;

constexpr size_t kFrame = 512;
constexpr size_t kLeastFrameBytes = 2;

Error bad_column(const char* what) { return data_loss(std::string("int column: ") + what); }

size_t frames_of(size_t count) { return (count + kFrame - 1) / kFrame; }

/// Smallest and largest of a frame, compared as what T is.
struct Range {
  uint64_t least;
  uint64_t most;
};

template <typename T>
Range range_of(const T* values, size_t count) {
  // Four chains side by side: one alone waits for its own last comparison at every value.
  constexpr size_t kChains = 4;
  std::array<T, kChains> least;
  std::array<T, kChains> most;
  least.fill(values[0]);
  most.fill(values[0]);
  size_t i = 0;
  for (; i + kChains <= count; i += kChains) {
    for (size_t k = 0; k < kChains; ++k) {
      least[k] = std::min(least[k], values[i + k]);
      most[k] = std::max(most[k], values[i + k]);
    }
  }
  for (; i < count; ++i) {
    least[0] = std::min(least[0], values[i]);
    most[0] = std::max(most[0], values[i]);
  }
  return {static_cast<uint64_t>(*std::min_element(least.begin(), least.end())),
          static_cast<uint64_t>(*std::max_element(most.begin(), most.end()))};
}

unsigned width_of(Range range) { return static_cast<unsigned>(std::bit_width(range.most - range.least)); }

size_t frame_bytes(size_t count, Range range, uint64_t written_least) {
  return 1 + varint_size(written_least) + packed_bytes(count, width_of(range));
}

/// The `count` differences of neighbours from values[0] on; values[count] exists.
void differences(const uint64_t* values, size_t count, int64_t* out) {
  for (size_t i = 0; i < count; ++i) out[i] = static_cast<int64_t>(values[i + 1] - values[i]);
}

/// What each form would take, without the tag and the count. Sums stop to matter past `frames`, the form that always
/// works.
struct Sizes {
  size_t frames = 0;
  size_t delta_frames = 0;
  size_t runs = 0;
};

size_t runs_bytes(std::span<const uint64_t> values, size_t give_up) {
  size_t bytes = 0;
  for (size_t i = 0; i < values.size() && bytes < give_up;) {
    size_t end = i + 1;
    while (end < values.size() && values[end] == values[i]) ++end;
    bytes += varint_size(end - i) + varint_size(values[i]);
    i = end;
  }
  return bytes;
}

size_t count_runs(std::span<const uint64_t> values) {
  size_t runs = 1;
  for (size_t i = 1; i < values.size(); ++i) runs += values[i] != values[i - 1] ? 1 : 0;
  return runs;
}

Sizes measure(std::span<const uint64_t> values) {
  Sizes sizes;
  for (size_t i = 0; i < values.size(); i += kFrame) {
    const size_t count = std::min(kFrame, values.size() - i);
    const Range range = range_of(values.data() + i, count);
    sizes.frames += frame_bytes(count, range, range.least);
  }
  std::array<int64_t, kFrame> deltas;
  sizes.delta_frames = varint_size(values[0]);
  for (size_t i = 1; i < values.size() && sizes.delta_frames < sizes.frames; i += kFrame) {
    const size_t count = std::min(kFrame, values.size() - i);
    differences(values.data() + i - 1, count, deltas.data());
    const Range range = range_of(deltas.data(), count);
    sizes.delta_frames += frame_bytes(count, range, zigzag_encode(static_cast<int64_t>(range.least)));
  }
  const size_t best = std::min(sizes.frames, sizes.delta_frames);
  const size_t least_runs_bytes = 2 * count_runs(values);
  sizes.runs = least_runs_bytes < best ? runs_bytes(values, best) : least_runs_bytes;
  return sizes;
}

void write_frame(const uint64_t* numbers, size_t count, Range range, uint64_t written_least, std::string& out) {
  const unsigned width = width_of(range);
  out.push_back(static_cast<char>(width));
  append_varint(out, written_least);
  pack_bits(numbers, count, range.least, width, out);
}

void write_frames(std::span<const uint64_t> values, std::string& out) {
  for (size_t i = 0; i < values.size(); i += kFrame) {
    const size_t count = std::min(kFrame, values.size() - i);
    const Range range = range_of(values.data() + i, count);
    write_frame(values.data() + i, count, range, range.least, out);
  }
}

void write_delta_frames(std::span<const uint64_t> values, std::string& out) {
  append_varint(out, values[0]);
  std::array<int64_t, kFrame> deltas;
  std::array<uint64_t, kFrame> numbers;
  for (size_t i = 1; i < values.size(); i += kFrame) {
    const size_t count = std::min(kFrame, values.size() - i);
    differences(values.data() + i - 1, count, deltas.data());
    const Range range = range_of(deltas.data(), count);
    std::copy_n(deltas.data(), count, numbers.data());
    write_frame(numbers.data(), count, range, zigzag_encode(static_cast<int64_t>(range.least)), out);
  }
}

template <typename T>
void write_runs(std::span<const T> values, std::string& out) {
  for (size_t i = 0; i < values.size();) {
    size_t end = i + 1;
    while (end < values.size() && values[end] == values[i]) ++end;
    append_varint(out, end - i);
    append_varint(out, values[i]);
    i = end;
  }
}

/// Reads a frame of `count` numbers; `base` turns the written least into what is added to each.
template <typename Base>
Result<> read_frame(std::string_view& in, size_t count, Base base, uint64_t* out) {
  if (in.empty()) return fail(bad_column("cut off before a frame"));
  const auto width = static_cast<uint8_t>(in.front());
  in.remove_prefix(1);
  if (width > 64) return fail(bad_column("a width of more than 64 bits"));
  uint64_t least = 0;
  if (!take_varint(in, least)) return fail(bad_column("malformed start of a frame"));
  const size_t bytes = packed_bytes(count, width);
  if (bytes > in.size()) return fail(bad_column("cut off in a frame"));
  unpack_bits(in, count, base(least), width, out);
  in.remove_prefix(bytes);
  return {};
}

Result<> read_frames(std::string_view& in, std::span<uint64_t> out) {
  for (size_t i = 0; i < out.size(); i += kFrame) {
    const auto as_written = [](uint64_t least) { return least; };
    TRY(read_frame(in, std::min(kFrame, out.size() - i), as_written, out.data() + i));
  }
  return {};
}

Result<> read_delta_frames(std::string_view& in, std::span<uint64_t> out) {
  uint64_t value = 0;
  if (!take_varint(in, value)) return fail(bad_column("malformed first value"));
  out[0] = value;
  for (size_t i = 1; i < out.size(); i += kFrame) {
    const size_t count = std::min(kFrame, out.size() - i);
    const auto from_zigzag = [](uint64_t least) { return static_cast<uint64_t>(zigzag_decode(least)); };
    TRY(read_frame(in, count, from_zigzag, out.data() + i));
    for (size_t k = i; k < i + count; ++k) out[k] = value += out[k];
  }
  return {};
}

template <typename T>
Result<> read_runs(std::string_view& in, std::span<T> out) {
  size_t done = 0;
  while (done < out.size()) {
    uint64_t length = 0;
    uint64_t value = 0;
    if (!take_varint(in, length) || !take_varint(in, value)) return fail(bad_column("malformed run"));
    if (length == 0 || length > out.size() - done) return fail(bad_column("runs do not sum up to the count"));
    if (value > std::numeric_limits<T>::max()) return fail(bad_column("a value of more than 32 bits"));
    std::fill_n(out.data() + done, length, static_cast<T>(value));
    done += length;
  }
  return {};
}

Result<> read_body(std::string_view& in, char tag, size_t count, std::vector<uint64_t>& out) {
  switch (tag) {
    case kConstant: {
      uint64_t value = 0;
      if (count > 0 && !take_varint(in, value)) return fail(bad_column("malformed constant"));
      out.assign(count, value);
      return {};
    }
    case kFrames:
    case kDeltaFrames:
      // Before memory is taken: even frames without any bits take two bytes each.
      if (count == 0 || frames_of(count - 1) * kLeastFrameBytes > in.size()) return fail(bad_column("cut off"));
      out.resize(count);
      return tag == kFrames ? read_frames(in, out) : read_delta_frames(in, out);
    case kRuns:
      if (count == 0) return fail(bad_column("runs of nothing"));
      out.resize(count);
      return read_runs<uint64_t>(in, out);
    default: return fail(bad_column("unknown tag"));
  }
}

}  // namespace

void pack_u64(std::span<const uint64_t> values, std::string& out) {
  const bool constant = std::all_of(values.begin(), values.end(), [&](uint64_t v) { return v == values[0]; });
  if (constant) {
    out.push_back(kConstant);
    append_varint(out, values.size());
    if (!values.empty()) append_varint(out, values[0]);
    return;
  }
  const Sizes sizes = measure(values);
  char tag = kFrames;
  size_t best = sizes.frames;
  if (sizes.delta_frames < best) {
    tag = kDeltaFrames;
    best = sizes.delta_frames;
  }
  if (sizes.runs < best) tag = kRuns;
  out.push_back(tag);
  append_varint(out, values.size());
  switch (tag) {
    case kFrames: return write_frames(values, out);
    case kDeltaFrames: return write_delta_frames(values, out);
    default: return write_runs(values, out);
  }
}

Result<> unpack_u64(std::string_view& in, size_t max_count, std::vector<uint64_t>& out) {
  std::string_view rest = in;
  if (rest.empty()) return fail(bad_column("no tag"));
  const char tag = rest.front();
  rest.remove_prefix(1);
  uint64_t count = 0;
  if (!take_varint(rest, count)) return fail(bad_column("malformed count"));
  if (count > max_count) return fail(bad_column("more values than there may be"));
  TRY(read_body(rest, tag, count, out));
  in = rest;
  return {};
}

void pack_runs_u32(std::span<const uint32_t> values, std::string& out) {
  append_varint(out, values.size());
  write_runs(values, out);
}

Result<> unpack_runs_u32(std::string_view& in, size_t max_count, std::vector<uint32_t>& out) {
  std::string_view rest = in;
  uint64_t count = 0;
  if (!take_varint(rest, count)) return fail(bad_column("malformed count"));
  if (count > max_count) return fail(bad_column("more values than there may be"));
  out.resize(count);
  TRY(read_runs<uint32_t>(rest, out));
  in = rest;
  return {};
}

// Differences wrap: unsigned arithmetic, so that the extremes of int64_t are no special case.

void append_deltas(std::span<const int64_t> values, std::string& out) {
  uint64_t before = 0;
  for (const int64_t value : values) {
    append_zigzag(out, static_cast<int64_t>(static_cast<uint64_t>(value) - before));
    before = static_cast<uint64_t>(value);
  }
}

Result<> take_deltas(std::string_view& in, size_t count, std::vector<int64_t>& out) {
  if (count > in.size()) return fail(bad_column("fewer bytes than values"));
  std::string_view rest = in;
  out.resize(count);
  uint64_t value = 0;
  for (int64_t& each : out) {
    int64_t delta = 0;
    if (!take_zigzag(rest, delta)) return fail(bad_column("malformed difference"));
    value += static_cast<uint64_t>(delta);
    each = static_cast<int64_t>(value);
  }
  in = rest;
  return {};
}

void append_deltas_of_deltas(std::span<const int64_t> values, std::string& out) {
  uint64_t before = 0;
  uint64_t delta_before = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const uint64_t delta = static_cast<uint64_t>(values[i]) - before;
    append_zigzag(out, static_cast<int64_t>(delta - delta_before));
    before = static_cast<uint64_t>(values[i]);
    delta_before = i == 0 ? 0 : delta;  // the first value is no difference
  }
}

Result<> take_deltas_of_deltas(std::string_view& in, size_t count, std::vector<int64_t>& out) {
  if (count > in.size()) return fail(bad_column("fewer bytes than values"));
  std::string_view rest = in;
  out.resize(count);
  uint64_t value = 0;
  uint64_t delta = 0;
  for (size_t i = 0; i < count; ++i) {
    int64_t change = 0;
    if (!take_zigzag(rest, change)) return fail(bad_column("malformed difference"));
    if (i == 0) {
      value = static_cast<uint64_t>(change);
    } else {
      delta += static_cast<uint64_t>(change);
      value += delta;
    }
    out[i] = static_cast<int64_t>(value);
  }
  in = rest;
  return {};
}

}  // namespace tercet::codec
