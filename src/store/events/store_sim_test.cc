// Sequences of operations, power cuts in the middle, and a plain map that knows what must be there.
#include <gtest/gtest.h>

#include <map>

#include "io/sim_env.h"
#include "store/events/event_store.h"
#include "wire/events/span_block.h"

namespace tercet::store {
namespace {

// The journal's part in it: entries stay until the store's cursor has passed them, and come again after a crash.
struct JournalModel {
  std::vector<contract::JournalEntry> entries;
  std::map<uint64_t, uint64_t> spans_of_trace;

  contract::JournalEntry next(Random& random) {
    model::SpanBatch b;
    b.resources.push_back({});
    b.scopes.push_back({});
    const uint64_t count = 1 + random.below(20);
    for (uint64_t i = 0; i < count; ++i) {
      model::Span s;
      const uint64_t trace = 1 + random.below(40);
      s.trace_id = {1, trace};
      s.span_id = {++ids};
      s.name = b.keep("op" + std::to_string(random.below(5)));
      s.start_ns = static_cast<uint64_t>(kDay) * random.below(3) + random.below(1'000'000);
      s.end_ns = s.start_ns + random.below(1000);
      b.spans.push_back(s);
      ++spans_of_trace[trace];
    }
    contract::JournalEntry entry;
    entry.lsn = lsn;
    entry.next = lsn += 10;
    entry.tenant = "default";
    entry.encoding = wire::kSpanBlockEncoding;
    entry.payload = std::make_shared<const std::string>(wire::encode_spans(b, {}, {}));
    entries.push_back(entry);
    return entry;
  }
  uint64_t ids = 0;
  contract::Lsn lsn = 0;
};

void check_everything(EventStore& store, const JournalModel& model) {
  for (const auto& [trace, count] : model.spans_of_trace) {
    const auto found = store.find_trace({}, {1, trace}, {});
    ASSERT_TRUE(found);
    ASSERT_EQ(found->batch.spans.size(), count) << "trace " << trace;
    ASSERT_TRUE(found->completeness.complete);
  }
  uint64_t rows = 0;
  for (const auto& [trace, count] : model.spans_of_trace) rows += count;
  const auto status = store.status();
  ASSERT_EQ(status.head_rows + status.part_rows, rows) << "nothing twice";
}

TEST(StoreSimulation, EveryCrashLeavesWhatTheJournalCanComplete) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    auto sim = std::make_unique<io::SimEnv>(seed);
    EventsConfig config;
    config.block_rows = 256;
    config.compact_parts = 3;
    auto store = *EventStore::open(config, sim->env, "events");
    JournalModel model;
    for (int step = 0; step < 60; ++step) {
      switch (random.below(6)) {
        case 0: ASSERT_TRUE(store->flush({})); break;
        case 1: ASSERT_TRUE(store->maintain()); break;
        case 2: {
          // Power goes at a random file operation of a seal or a merge; the run that follows starts from that disk.
          std::unique_ptr<io::SimFileSystem> disk;
          uint64_t operations = random.below(30);
          sim->files->set_hook([&](io::FileOp, std::string_view) {
            if (operations-- == 0) disk = sim->files->crash(random);
          });
          (void)store->flush({});
          (void)store->maintain();
          sim->files->set_hook({});
          if (!disk) disk = sim->files->crash(random);
          store.reset();
          sim = std::make_unique<io::SimEnv>(std::move(disk), seed + 1000);
          store = *EventStore::open(config, sim->env, "events");
          const contract::Lsn cursor = store->cursor();
          for (const auto& entry : model.entries) {
            if (entry.lsn < cursor) continue;
            ASSERT_TRUE(store->apply(entry));
          }
          check_everything(*store, model);
          break;
        }
        default: ASSERT_TRUE(store->apply(model.next(random)));
      }
      if (testing::Test::HasFatalFailure()) return;
    }
    check_everything(*store, model);
  }
}

}  // namespace
}  // namespace tercet::store
