#include "tests/powerloss/rig.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"

namespace tercet::powerloss {
namespace {

constexpr uint64_t kSegment = 16 * 1024;
constexpr size_t kNumberBytes = 8;

std::string name(uint64_t number, Lsn lsn) { return "record " + std::to_string(number) + " at " + std::to_string(lsn); }

}  // namespace

std::string payload_of(uint64_t number) {
  SeededRandom random(number * 7919 + 1);
  // Mostly small, some of many sectors, a few that fill a segment of their own.
  const uint64_t kind = random.below(40);
  const uint64_t size = kind == 0 ? 17'000 : kind < 8 ? 1000 + random.below(5000) : random.below(700);
  std::string bytes;
  append_le(bytes, number);
  while (bytes.size() < size) append_le(bytes, number % 2 == 0 ? random.next() : random.below(3));
  return bytes;
}

std::string_view tenant_of(uint64_t number) { return number % 5 == 0 ? "other" : "default"; }

contract::Signal signal_of(uint64_t number) { return static_cast<contract::Signal>(1 + number % 4); }

/// A store as the journal sees it: what it was given is in memory, what is before its cursor is safe.
class Life::Store final : public contract::JournalConsumer {
 public:
  explicit Store(Lsn cursor) : cursor_(cursor) {}
  std::string_view name() const override { return "store"; }
  bool wants(contract::Signal) const override { return true; }
  Result<> apply(const contract::JournalEntry& entry) override {
    given.push_back({entry.lsn, entry.next, std::string(entry.tenant), entry.signal, *entry.payload});
    return {};
  }
  Lsn cursor() const override { return cursor_; }
  void set_cursor(Lsn lsn) { cursor_ = lsn; }

  struct Given {
    Lsn lsn;
    Lsn next;
    std::string tenant;
    contract::Signal signal;
    std::string payload;
  };
  std::vector<Given> given;

 private:
  std::atomic<Lsn> cursor_;
};

journal::Config Life::config() {
  return {.segment_bytes = kSegment,
          .bytes_max = 64 * kSegment,
          .group_bytes_max = 12'000,
          .compression_level = 1,
          .min_free_bytes = 0};
}

Life::Life(uint64_t seed, const Options& options, std::vector<std::string>& problems, Totals& totals)
    : Life(std::make_unique<io::SimFileSystem>(), {}, seed, options, problems, totals) {}

Life::Life(std::unique_ptr<io::SimFileSystem> disk, Oracle oracle, uint64_t seed, const Options& options,
           std::vector<std::string>& problems, Totals& totals)
    : seed_(seed),
      options_(options),
      problems_(problems),
      totals_(totals),
      env_(std::move(disk), seed),
      random_(seed),
      crash_random_(seed ^ 0x5bd1e995),
      oracle_(std::move(oracle)) {
  env_.files->set_lie_about_sync(options_.lie_about_sync);
}

Life::~Life() {
  if (journal_) kill();
}

void Life::problem(std::string text) {
  if (problems_.size() < 100) problems_.push_back("seed " + std::to_string(seed_) + ": " + std::move(text));
}

bool Life::open(bool must) {
  store_ = std::make_unique<Store>(oracle_.cursor);
  auto opened = journal::Journal::open(config(), env_.env, "journal");
  if (opened) {
    journal_ = std::move(*opened);
    // Before start() drops what nobody needs: that too has no holes, for tools that read all there is.
    const auto whole =
        journal_->read(journal_->begin(), UINT64_MAX, {}, [](const contract::JournalEntry&) { return true; });
    if (whole && whole->damaged_bytes > 0) problem("power loss alone was taken for damage");
    journal_->add_consumer(*store_);
    if (auto started = journal_->start({}, journal::Journal::Drive::kManual); started) {
      check_replay();
      return true;
    } else {
      opened = fail(std::move(started.error()));
    }
    kill();
  }
  if (must) problem("cannot be opened: " + opened.error().message());
  return false;
}

void Life::check_replay() {
  auto missing = oracle_.promised;
  Lsn before = 0;
  for (const auto& given : store_->given) {
    if (given.lsn <= before) problem("out of order at " + std::to_string(given.lsn));
    before = given.lsn;
    if (given.payload.size() < kNumberBytes) {
      problem("a record at " + std::to_string(given.lsn) + " that nobody wrote");
      continue;
    }
    const auto number = load_le<uint64_t>(given.payload.data());
    if (number >= oracle_.next_number || given.payload != payload_of(number) || given.tenant != tenant_of(number) ||
        given.signal != signal_of(number)) {
      problem(name(number, given.lsn) + " is not what was written");
      continue;
    }
    const auto promise = missing.find(number);
    if (promise != missing.end()) {
      if (promise->second != given.lsn) problem(name(number, given.lsn) + " has moved");
      missing.erase(promise);
      ++totals_.promises;
    } else if (oracle_.promised.contains(number)) {
      problem(name(number, given.lsn) + " is there twice");
    } else {
      // Shown to a consumer: from now on it must stay.
      oracle_.promised[number] = given.lsn;
      ++totals_.survived;
    }
  }
  for (const auto& [number, lsn] : missing) problem(name(number, lsn) + " is lost");
  for (const auto& [number, lsn] : missing) oracle_.promised.erase(number);
}

void Life::append() {
  const uint64_t number = oracle_.next_number++;
  journal_->append({tenant_of(number), signal_of(number), 1, std::make_shared<const std::string>(payload_of(number))},
                   [this, number](Result<Lsn> lsn) {
                     if (lsn) oracle_.promised[number] = *lsn;
                   });
}

/// The store makes a part of some of what it was given: that is its own from now on.
void Life::seal() {
  if (store_->given.empty()) return;
  const auto& last = store_->given[random_.below(store_->given.size())];
  if (last.next <= store_->cursor()) return;
  oracle_.cursor = last.next;
  store_->set_cursor(last.next);
  std::erase_if(oracle_.promised, [&](const auto& promise) { return promise.second < last.next; });
}

void Life::restart() {
  if (random_.below(2) == 0) {
    close();
  } else {
    kill();
  }
  open();
}

void Life::work(int steps) {
  for (int i = 0; i < steps && journal_; ++i) {
    for (uint64_t count = random_.below(5); count > 0; --count) append();
    if (random_.below(4) > 0) journal_->step();
    if (random_.below(4) == 0) seal();
    env_.clock.advance(400 * kMillisecond);
    if (options_.restarts && random_.below(10) == 0) restart();
  }
  while (journal_ && journal_->step()) {
  }
}

void Life::kill() {
  // Nothing that the destructor does may reach the disk.
  env_.files->set_hook({});
  env_.files->inject({.op = io::FileOp::kWrite, .forever = true});
  journal_.reset();
  env_.files->clear_faults();
  watch();
}

void Life::close() {
  journal_->close();
  journal_.reset();
}

void Life::watch() {
  if (options_.lives < 1) return;
  env_.files->set_hook([this](io::FileOp op, std::string_view) {
    if (op == io::FileOp::kRead || op == io::FileOp::kOpen) return;
    const bool sync = op == io::FileOp::kSyncData || op == io::FileOp::kSyncDir;
    if (crash_random_.below(sync ? options_.syncs : options_.other_operations) == 0) crash_here();
  });
}

void Life::crash_here() {
  ++totals_.crashes;
  Options next = options_;
  next.lives = options_.lives - 1;
  next.steps = 3;
  next.fault.reset();
  // The next life is cut seldom, or the tree of lives would be too large.
  next.syncs = 20;
  next.other_operations = 80;
  Life after(env_.files->crash(crash_random_), oracle_, crash_random_.next(), next, problems_, totals_);
  after.live();
}

void Life::live() {
  watch();
  if (options_.fault) env_.files->inject(*options_.fault);
  if (!open(!options_.fault) || options_.lives < 1) return;
  work(options_.steps);
  crash_here();
}

}  // namespace tercet::powerloss
