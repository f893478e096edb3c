// The OTLP corpus runner: files, or folders of *.json, each an OTLP request or a Tempo answer in JSON.
//
// A case passes when the file decodes without a dropped span and the batch survives protobuf, OTLP/JSON and protobuf
// JSON, compared deeply, and each encoding is a fixed point. Prints a line per failing case, ends with `N passed, N
// failed`; exit 0 only when none failed.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "wire/otlp/compare.h"
#include "wire/otlp/decode.h"
#include "wire/otlp/encode.h"

namespace tercet {
namespace {

namespace fs = std::filesystem;
namespace otlp = wire::otlp;

enum class Kind { kTraces, kMetrics, kLogs, kProfiles, kUnknown };

/// The key that says what the document is stands among the first ones of its object; the first that is known decides.
Kind kind_of(std::string_view text) {
  struct Key {
    std::string_view quoted;
    Kind kind;
  };
  constexpr Key kKeys[] = {{"\"resourceSpans\"", Kind::kTraces},
                           {"\"batches\"", Kind::kTraces},
                           {"\"resourceMetrics\"", Kind::kMetrics},
                           {"\"resourceLogs\"", Kind::kLogs},
                           {"\"resourceProfiles\"", Kind::kProfiles}};
  Kind kind = Kind::kUnknown;
  size_t first = std::string_view::npos;
  for (const Key& key : kKeys) {
    const size_t at = text.find(key.quoted);
    if (at < first) {
      first = at;
      kind = key.kind;
    }
  }
  return kind;
}

/// Appends what is wrong, if anything.
void check_round_trip(const model::SpanBatch& batch, std::string_view what, otlp::Encoding encoding,
                      void (*encode)(const model::SpanBatch&, std::string&), std::string& problem) {
  if (!problem.empty()) return;
  std::string bytes;
  encode(batch, bytes);
  model::SpanBatch again;
  const auto report = otlp::decode_traces(encoding, bytes, {}, again);
  if (!report) {
    problem = "re-encoded as " + std::string(what) + ": " + report.error().message();
    return;
  }
  if (const std::string difference = otlp::first_difference(batch, again); !difference.empty()) {
    problem = "re-encoded as " + std::string(what) + ": " + difference;
    return;
  }
  std::string twice;
  encode(again, twice);
  if (twice != bytes) problem = std::string(what) + " of the decoded batch differs from what it was decoded from";
}

std::string check_traces(std::string text) {
  model::SpanBatch batch;
  const auto report = otlp::decode_traces_json(std::move(text), {}, batch);
  if (!report) return report.error().message();
  if (report->rejected_spans != 0) return report->message;
  if (batch.spans.empty()) return "expected spans, came none";
  std::string problem;
  check_round_trip(batch, "protobuf", otlp::Encoding::kProto, otlp::encode_traces_proto, problem);
  check_round_trip(
      batch, "OTLP/JSON", otlp::Encoding::kJson,
      [](const model::SpanBatch& b, std::string& out) { otlp::encode_traces_json(b, otlp::JsonDialect::kOtlp, out); },
      problem);
  check_round_trip(
      batch, "protobuf JSON", otlp::Encoding::kJson,
      [](const model::SpanBatch& b, std::string& out) {
        otlp::encode_traces_json(b, otlp::JsonDialect::kProtobufJson, out, "batches");
      },
      problem);
  return problem;
}

class Runner {
 public:
  void run(const fs::path& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) return run_file(path);
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(path, error)) {
      if (entry.is_regular_file() && entry.path().extension() == ".json") files.push_back(entry.path());
    }
    if (error) report(path, "cannot be listed: " + error.message());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) run_file(file);
  }

  int finish() const {
    std::printf("%zu passed, %zu failed\n", passed_, failed_);
    return failed_ == 0 && passed_ > 0 ? 0 : 1;
  }

 private:
  void run_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return report(path, "cannot be read");
    std::string text(std::istreambuf_iterator<char>(in), {});
    switch (kind_of(text)) {
      case Kind::kTraces: return report(path, check_traces(std::move(text)));
      case Kind::kMetrics: return skip(path, "metrics arrive with the next issue");
      case Kind::kLogs: return skip(path, "logs arrive with the next issue");
      case Kind::kProfiles: return skip(path, "profiles are not received");
      case Kind::kUnknown: return report(path, "no OTLP kind: none of its keys is known");
    }
  }

  void report(const fs::path& path, const std::string& problem) {
    if (problem.empty()) {
      ++passed_;
    } else {
      ++failed_;
      std::printf("%s: %s\n", path.c_str(), problem.c_str());
    }
  }

  void skip(const fs::path& path, const char* why) { std::printf("%s: skipped: %s\n", path.c_str(), why); }

  size_t passed_ = 0;
  size_t failed_ = 0;
};

}  // namespace
}  // namespace tercet

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: otlp_spec FILE-OR-FOLDER...\n");
    return 2;
  }
  tercet::Runner runner;
  for (int i = 1; i < argc; ++i) runner.run(argv[i]);
  return runner.finish();
}
