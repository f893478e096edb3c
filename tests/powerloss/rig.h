// Runs a seeded workload on a journal whose disk loses power, and checks what is found afterwards against what was
// promised. One Life is that of a process; crashes happen on copies of its disk, so that one life is cut at each of
// its operations.
//
// Oracle. A record is promised once its sender was told yes, or once a restart has shown it to a consumer. Promised
// records must be there after every later crash: once, at the same Lsn, byte for byte, in Lsn order; unless the store
// has made them durable itself (they are before its cursor). Others may be there or not, whole or not at all.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/sim_env.h"
#include "journal/journal.h"

namespace tercet::powerloss {

using contract::Lsn;

/// What a record holds is a function of its number: the oracle keeps no bytes.
std::string payload_of(uint64_t number);
std::string_view tenant_of(uint64_t number);
contract::Signal signal_of(uint64_t number);

/// What outlives a process: the store's own disk, and what the senders know.
struct Oracle {
  uint64_t next_number = 1;
  std::map<uint64_t, Lsn> promised;  // by number; without those before the cursor
  Lsn cursor = 0;                    // of the store
};

struct Options {
  int steps = 12;
  /// A crash is tried before one in this many syncs, and before one in this many other operations.
  uint64_t syncs = 1;
  uint64_t other_operations = 4;
  /// Lives that follow one another, each cut by power loss: 1 = what is found is checked, 2 = it also goes on and is
  /// cut again.
  int lives = 2;
  bool lie_about_sync = false;
  /// Closes and kills (without power loss) come between the appends.
  bool restarts = true;
  std::optional<io::Fault> fault;
};

struct Totals {
  uint64_t crashes = 0;
  uint64_t promises = 0;  // checked after crashes
  uint64_t survived = 0;  // records found though nobody was promised them
};

class Life {
 public:
  Life(uint64_t seed, const Options& options, std::vector<std::string>& problems, Totals& totals);
  /// After a crash: on what is left.
  Life(std::unique_ptr<io::SimFileSystem> disk, Oracle oracle, uint64_t seed, const Options& options,
       std::vector<std::string>& problems, Totals& totals);
  ~Life();

  /// Opens, checks, works, and is cut on the way and at the end.
  void live();
  /// Opens and checks against the oracle; false when it cannot be opened, which is a problem if it must.
  bool open(bool must = true);
  void work(int steps);
  /// The process dies; the machine stays up.
  void kill();
  void close();
  /// Power is lost now, on a copy.
  void crash_here();

  io::SimFileSystem& disk() { return *env_.files; }
  const Oracle& oracle() const { return oracle_; }
  journal::Journal* journal() { return journal_.get(); }

 private:
  class Store;

  static journal::Config config();
  void append();
  void seal();
  void restart();
  void watch();
  void check_replay();
  void problem(std::string text);

  const uint64_t seed_;
  const Options options_;
  std::vector<std::string>& problems_;
  Totals& totals_;
  io::SimEnv env_;
  SeededRandom random_;
  SeededRandom crash_random_;
  Oracle oracle_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<journal::Journal> journal_;
};

}  // namespace tercet::powerloss
