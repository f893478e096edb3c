// Acknowledged batches a second against the bare disk; README.md says what is measured.
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "io/env.h"
#include "io/posix_file_system.h"
#include "journal/journal.h"

namespace tercet::bench {
namespace {

constexpr size_t kPayloads = 64;
constexpr uint64_t kSeed = 20'260'902;
constexpr uint64_t kDiskFileBytes = uint64_t{64} << 20;

struct Size {
  const char* suffix = "";
  size_t runs = 5;
  double seconds = 2;  // a figure and run
};

class NullConsumer final : public contract::JournalConsumer {
 public:
  std::string_view name() const override { return "null"; }
  bool wants(contract::Signal) const override { return true; }
  Result<> apply(const contract::JournalEntry& entry) override {
    cursor_ = entry.next;
    return {};
  }
  contract::Lsn cursor() const override { return cursor_; }

 private:
  std::atomic<contract::Lsn> cursor_{0};
};

std::vector<std::shared_ptr<const std::string>> payloads(size_t bytes) {
  SeededRandom random(kSeed + bytes);
  std::vector<std::shared_ptr<const std::string>> out;
  for (size_t i = 0; i < kPayloads; ++i) {
    std::string payload;
    while (payload.size() < bytes) append_le(payload, random.next());
    out.push_back(std::make_shared<const std::string>(std::move(payload)));
  }
  return out;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// What an Env needs, real.
struct World {
  explicit World(const std::string& dir) : files(io::PosixFileSystem::create_root(dir).value()) {}
  io::Env env() { return {clock, random, *files, executor, memory, metrics, log}; }

  SystemClock clock;
  SystemRandom random;
  std::unique_ptr<io::PosixFileSystem> files;
  ThreadPool executor{clock, "bench", 1, 16};
  MemoryAccountant memory{uint64_t{4} << 30};
  MetricRegistry metrics;
  Logger log{clock, fd_sink(2), LogLevel::kWarn};
};

struct Outcome {
  double batches_per_s = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double batches_per_group = 0;
};

/// Senders that wait for each answer.
class JournalSide {
 public:
  explicit JournalSide(World& world) : world_(world) {
    auto opened = journal::Journal::open({}, world.env(), "journal");
    CHECK(opened.has_value());
    journal_ = std::move(*opened);
    journal_->add_consumer(consumer_);
    CHECK(journal_->start().has_value());
  }

  /// Until segments come back from the consumer.
  void warm_up() {
    const auto payload = std::make_shared<const std::string>(size_t{1} << 20, 'w');
    while (journal_->begin() < 2 * journal::Config().segment_bytes) CHECK(send(payload));
  }

  Outcome run(const std::vector<std::shared_ptr<const std::string>>& batches, size_t senders, double seconds) {
    std::vector<std::vector<double>> times(senders);
    std::atomic<bool> failed{false};
    const uint64_t groups = groups_so_far();
    const auto begin = std::chrono::steady_clock::now();
    {
      std::vector<std::jthread> threads;
      for (size_t i = 0; i < senders; ++i) {
        threads.emplace_back([&, i] {
          for (size_t n = i; seconds_since(begin) < seconds && !failed; ++n) {
            const auto sent = std::chrono::steady_clock::now();
            if (!send(batches[n % batches.size()])) failed = true;
            times[i].push_back(1e3 * seconds_since(sent));
          }
        });
      }
    }
    CHECK(!failed);
    const double elapsed = seconds_since(begin);
    std::vector<double> all;
    for (const auto& part : times) all.insert(all.end(), part.begin(), part.end());
    std::ranges::sort(all);
    const auto count = static_cast<double>(all.size());
    return {count / elapsed, all[all.size() / 2], all[all.size() * 99 / 100],
            count / static_cast<double>(std::max<uint64_t>(1, groups_so_far() - groups))};
  }

 private:
  bool send(const std::shared_ptr<const std::string>& payload) {
    std::atomic<int> answer{0};  // 1 = yes, 2 = no
    journal_->append({.tenant = "default", .signal = contract::Signal::kTraces, .payload = payload, .compressed = true},
                     [&](Result<contract::Lsn> lsn) {
                       answer = lsn ? 1 : 2;
                       answer.notify_one();
                     });
    answer.wait(0);
    return answer == 1;
  }
  uint64_t groups_so_far() const { return world_.metrics.read_counters("tercet_journal_groups_total")[0].second; }

  World& world_;
  NullConsumer consumer_;
  std::unique_ptr<journal::Journal> journal_;
};

/// The disk alone, its blocks allocated and written before.
class DiskSide {
 public:
  explicit DiskSide(World& world) : file_(world.files->create("disk").value()) {
    const std::string block(size_t{1} << 20, 'd');
    for (uint64_t at = 0; at < kDiskFileBytes; at += block.size()) CHECK(file_->write_at(at, block).has_value());
    CHECK(file_->sync_data().has_value());
  }

  /// `group` batches a write and sync.
  double run(const std::vector<std::shared_ptr<const std::string>>& batches, size_t group, double seconds) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::string_view> pieces(group);
    uint64_t count = 0;
    while (seconds_since(begin) < seconds) {
      uint64_t bytes = 0;
      for (auto& piece : pieces) {
        piece = *batches[count++ % batches.size()];
        bytes += piece.size();
      }
      if (at_ + bytes > kDiskFileBytes) at_ = 0;
      CHECK(file_->write_at(at_, pieces).has_value());
      CHECK(file_->sync_data().has_value());
      at_ += bytes;
    }
    return static_cast<double>(count) / seconds_since(begin);
  }

 private:
  std::unique_ptr<io::File> file_;
  uint64_t at_ = 0;
};

/// A thread a processor that runs only when nothing else wants to. In a virtual machine a sleeping processor notices
/// the disk's answer at its next tick, 4 ms later; a server with work to do never sleeps that deep.
class Awake {
 public:
  Awake() {
    for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i) {
      threads_.emplace_back([](const std::stop_token& stop) {
        const sched_param none{};
        ::pthread_setschedparam(::pthread_self(), SCHED_IDLE, &none);
        while (!stop.stop_requested()) {
        }
      });
    }
  }

 private:
  std::vector<std::jthread> threads_;
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double spread(const std::vector<double>& values) {
  const auto [low, high] = std::ranges::minmax(values);
  return (high - low) / median(values);
}

struct Figure {
  size_t bytes = 0;
  size_t senders = 0;
  std::vector<double> journal;
  std::vector<double> disk;
  std::vector<double> grouped;
  Outcome last;
};

void print(const Figure& figure, const Size& size) {
  const double ours = median(figure.journal);
  const double disk = median(figure.disk);
  const double grouped = median(figure.grouped);
  const double ratio = ours / std::max(disk, grouped);
  std::printf(
      "%3zu KiB %3zu senders: journal %9.0f/s (p50 %.2f ms, p99 %.2f ms, %.1f a group)  disk %9.0f/s  grouped "
      "%9.0f/s\n",
      figure.bytes / 1024, figure.senders, ours, figure.last.p50_ms, figure.last.p99_ms, figure.last.batches_per_group,
      disk, grouped);
  const auto line = [&](const char* what, const char* unit, double scale) {
    std::printf(
        "{\"figure\":\"journal_%s_%zuk_%zu%s\",\"unit\":\"%s\",\"better\":\"higher\",\"tercet\":%.4g,"
        "\"peers\":{\"disk\":%.4g,\"disk_grouped\":%.4g},\"ratio\":%.3g,\"runs\":%zu,\"spread\":%.2f,"
        "\"input\":\"random %zu bytes, seed %lu\"}\n",
        what, figure.bytes / 1024, figure.senders, size.suffix, unit, ours * scale, disk * scale, grouped * scale,
        ratio, size.runs, spread(figure.journal), figure.bytes, kSeed);
  };
  line("batches_per_s", "1/s", 1);
  line("mb_per_s", "MB/s", 1e-6 * static_cast<double>(figure.bytes));
}

int run(const Size& size, const std::string& dir) {
  std::vector<Figure> figures;
  for (const size_t bytes : {4096, 65536}) {
    for (const size_t senders : {1, 8, 64}) figures.push_back({.bytes = bytes, .senders = senders});
  }
  const Awake awake;
  World world(dir);
  JournalSide journal(world);
  DiskSide disk(world);
  journal.warm_up();
  for (size_t r = 0; r < size.runs; ++r) {
    for (Figure& figure : figures) {
      const auto batches = payloads(figure.bytes);
      figure.last = journal.run(batches, figure.senders, size.seconds);
      figure.journal.push_back(figure.last.batches_per_s);
      figure.disk.push_back(disk.run(batches, 1, size.seconds));
      figure.grouped.push_back(disk.run(batches, figure.senders, size.seconds));
    }
  }
  for (const Figure& figure : figures) print(figure, size);
  return 0;
}

}  // namespace
}  // namespace tercet::bench

int main(int argc, char** argv) {
  tercet::bench::Size size;
  std::string parent = ".";
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--quick") == 0) {
      size = {"@quick", 1, 1.0};
    } else if (std::strcmp(argv[i], "--full") == 0) {
      size = {"@full", 5, 10.0};
    } else if (std::strcmp(argv[i], "--dir") == 0 && i + 1 < argc) {
      parent = argv[++i];
    } else {
      std::fprintf(stderr, "usage: bench_journal [--quick|--full] [--dir DIR]\n");
      return 2;
    }
  }
  std::string dir = parent + "/bench_journal_XXXXXX";
  if (::mkdtemp(dir.data()) == nullptr) {
    std::perror(dir.c_str());
    return 1;
  }
  const int status = tercet::bench::run(size, dir);
  std::filesystem::remove_all(dir);
  return status;
}
