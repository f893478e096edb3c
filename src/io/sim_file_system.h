// The twin of PosixFileSystem: in memory, deterministic, able to lose power and to fail.
//
// Model. A file has the contents that readers see and those that the disk has. A write makes its 512-byte sectors dirty
// and remembers every version of them; sync_data() moves the newest versions (and the size) to the disk. A name has the
// same two states: create, rename and remove are pending until sync_dir() of their directory. crash() builds what may
// be found after power loss: of every dirty sector any version or the old bytes, any of the sizes since the last sync,
// and any part of the pending name operations (half the time a prefix, as a journalling file system has it, half the
// time any subset). A sector is written whole or not at all; a rename happens whole or not at all.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "io/file_system.h"

namespace tercet::io {

enum class FileOp : uint8_t {
  kCreate,
  kOpen,
  kRead,
  kWrite,
  kSyncData,
  kTruncate,
  kPreallocate,
  kRename,
  kRemove,
  kSyncDir,
};
constexpr size_t kFileOps = 10;

enum class FaultKind : uint8_t {
  kEio,         // nothing happens; a failed sync leaves the pages clean and lost, as Linux does
  kEnospc,      // the same with kResourceExhausted
  kShortWrite,  // of a write: half of it happens, then kInternal
};

struct Fault {
  FileOp op = FileOp::kWrite;
  FaultKind kind = FaultKind::kEio;
  /// The n-th operation (1 = the next one) of this kind on matching paths fails ...
  uint64_t nth = 1;
  /// ... and all that follow.
  bool forever = false;
  std::string path_contains;
};

/// Thread-safe. Must outlive its files, maps and locks.
class SimFileSystem final : public FileSystem {
 public:
  explicit SimFileSystem(uint64_t capacity_bytes = UINT64_MAX);
  ~SimFileSystem() override;

  /// What a machine finds that lost power now. This file system goes on unharmed: one run can crash at every step.
  std::unique_ptr<SimFileSystem> crash(Random& random) const;

  void inject(Fault fault);
  void clear_faults();
  /// The size of the disk; files' sizes count against it.
  void set_capacity(uint64_t bytes);
  /// The canary of every rig built on this: sync_data() and sync_dir() succeed and do nothing.
  void set_lie_about_sync(bool lie);
  /// Called before an operation takes effect, without a lock held: may crash() a copy, or block.
  using Hook = std::function<void(FileOp op, std::string_view path)>;
  void set_hook(Hook hook);
  /// Operations so far, failed ones included.
  uint64_t count(FileOp op) const;
  /// Flips bits of one byte, in what readers see and on the disk alike: decay.
  void corrupt(std::string_view path, uint64_t offset, uint8_t mask);

  Result<std::unique_ptr<File>> create(std::string_view path) override;
  Result<std::unique_ptr<File>> open_read(std::string_view path) override;
  Result<std::unique_ptr<File>> open_rw(std::string_view path) override;
  Result<std::unique_ptr<File>> open_append(std::string_view path) override;
  Result<std::unique_ptr<MappedFile>> map_read(std::string_view path) override;
  /// Files only.
  Result<> rename(std::string_view from, std::string_view to) override;
  Result<> remove(std::string_view path) override;
  Result<std::vector<DirEntry>> list(std::string_view dir) override;
  Result<> make_dirs(std::string_view dir) override;
  Result<> sync_dir(std::string_view dir) override;
  Result<bool> exists(std::string_view path) override;
  Result<uint64_t> free_bytes(std::string_view dir) override;
  Result<std::unique_ptr<FileLock>> lock(std::string_view path) override;
  std::string display_path(std::string_view path) const override;

 private:
  friend class SimFile;
  friend class SimLock;
  struct Inode;
  using Names = std::map<std::string, std::shared_ptr<Inode>, std::less<>>;
  /// create: to and inode; remove: from; rename: all three.
  struct NameOp {
    std::string from;
    std::string to;
    std::shared_ptr<Inode> inode;
  };
  struct ArmedFault {
    Fault fault;
    uint64_t seen = 0;
  };

  /// Counts, runs the hook, and says which fault strikes. Called without the lock.
  std::optional<FaultKind> strikes(FileOp op, std::string_view path);
  /// For operations that a fault stops altogether.
  Result<> before(FileOp op, std::string_view path);
  Result<std::unique_ptr<File>> open_existing(std::string_view path);
  std::shared_ptr<Inode> create_locked(std::string_view path);
  uint64_t used_locked() const;
  static void apply(Names& names, const NameOp& op);

  mutable std::mutex mutex_;
  uint64_t capacity_;
  bool lie_about_sync_ = false;
  Hook hook_;
  std::array<uint64_t, kFileOps> counts_{};
  std::vector<ArmedFault> faults_;
  Names names_;          // as readers see them
  Names durable_names_;  // as the disk has them
  std::vector<NameOp> pending_;
  std::set<std::string, std::less<>> dirs_;  // durable when made
  std::set<std::string, std::less<>> locked_;
};

}  // namespace tercet::io
