#include "io/sim_file_system.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"

namespace tercet::io {
namespace {

constexpr uint64_t kSector = 512;

std::string_view op_name(FileOp op) {
  constexpr std::array<std::string_view, kFileOps> kNames = {
      "create", "open", "read", "write", "sync", "truncate", "preallocate", "rename", "remove", "sync directory"};
  return kNames[static_cast<size_t>(op)];
}

Error fault_error(FaultKind kind, FileOp op, std::string_view path) {
  const std::string message = std::string(op_name(op)) + " " + std::string(path) + ": ";
  if (kind == FaultKind::kEnospc) return resource_exhausted(message + "No space left on device (injected)");
  return internal_error(message + "Input/output error (injected)");
}

Error no_such_file(std::string_view path) { return not_found("open " + std::string(path) + ": No such file"); }

/// The sector's bytes in `contents`, padded with zeros.
std::string sector_of(const std::string& contents, uint64_t sector) {
  std::string bytes(kSector, '\0');
  const uint64_t start = sector * kSector;
  if (start < contents.size()) contents.copy(bytes.data(), kSector, start);
  return bytes;
}

/// The part of the sector that lies inside `contents` is replaced.
void put_sector(std::string& contents, uint64_t sector, std::string_view bytes) {
  const uint64_t start = sector * kSector;
  if (start >= contents.size()) return;
  std::memcpy(contents.data() + start, bytes.data(), std::min<uint64_t>(kSector, contents.size() - start));
}

}  // namespace

struct SimFileSystem::Inode {
  std::string current;
  std::string durable;
  /// Of each dirty sector every version since the last sync, oldest first.
  std::map<uint64_t, std::vector<std::string>> dirty;
  /// Lost by a failed sync: on the disk by luck, never by a later sync.
  std::map<uint64_t, std::vector<std::string>> lost;
  std::vector<uint64_t> sizes;  // since the last sync, oldest first

  void touched(uint64_t from, uint64_t to) {
    for (uint64_t sector = from / kSector; sector * kSector < to; ++sector)
      dirty[sector].push_back(sector_of(current, sector));
  }
  void resize(uint64_t size) {
    if (size == current.size()) return;
    const uint64_t before = current.size();
    current.resize(size);
    sizes.push_back(size);
    // Bytes cut off must read as zeros when the file grows again.
    if (size < before) touched(size, before);
  }
  void write(uint64_t offset, std::string_view bytes) {
    if (bytes.empty()) return;
    if (offset + bytes.size() > current.size()) resize(offset + bytes.size());
    std::memcpy(current.data() + offset, bytes.data(), bytes.size());
    touched(offset, offset + bytes.size());
  }
  void sync() {
    durable.resize(current.size());
    for (const auto& [sector, versions] : dirty) {
      put_sector(durable, sector, versions.back());
      lost.erase(sector);
    }
    dirty.clear();
    sizes.clear();
  }
  void lose() {
    for (auto& [sector, versions] : dirty) std::ranges::move(versions, std::back_inserter(lost[sector]));
    dirty.clear();
    sizes.clear();
  }
  std::shared_ptr<Inode> crash(Random& random) const;
};

std::shared_ptr<SimFileSystem::Inode> SimFileSystem::Inode::crash(Random& random) const {
  enum : uint64_t { kNothingWritten, kEverythingWritten };  // both ends deserve to come often
  const uint64_t mood = random.below(4);
  // Index 0 is what the disk had.
  const auto pick = [&](size_t versions) -> size_t {
    if (mood == kNothingWritten) return 0;
    if (mood == kEverythingWritten) return versions;
    return random.below(versions + 1);
  };
  auto after = std::make_shared<Inode>();
  after->durable = durable;
  const size_t size = pick(sizes.size());
  if (size > 0) after->durable.resize(sizes[size - 1]);
  for (const auto* sectors : {&lost, &dirty}) {
    for (const auto& [sector, versions] : *sectors) {
      const size_t version = pick(versions.size());
      if (version > 0) put_sector(after->durable, sector, versions[version - 1]);
    }
  }
  after->current = after->durable;
  return after;
}

class SimFile final : public File {
 public:
  SimFile(SimFileSystem& fs, std::shared_ptr<SimFileSystem::Inode> inode, std::string path)
      : fs_(fs), inode_(std::move(inode)), path_(std::move(path)) {}

  Result<> write_at(uint64_t offset, std::span<const std::string_view> pieces) override {
    std::string bytes;
    for (const std::string_view piece : pieces) bytes.append(piece);
    const auto fault = fs_.strikes(FileOp::kWrite, path_);
    if (fault && *fault != FaultKind::kShortWrite) return fail(fault_error(*fault, FileOp::kWrite, path_));
    const std::scoped_lock lock(fs_.mutex_);
    uint64_t length = fault ? bytes.size() / 2 : bytes.size();
    const uint64_t room = room_locked();
    const bool full = offset + length > room;
    if (full) length = room > offset ? room - offset : 0;
    inode_->write(offset, std::string_view(bytes).substr(0, length));
    if (full) return fail(fault_error(FaultKind::kEnospc, FileOp::kWrite, path_));
    if (fault) return fail(fault_error(*fault, FileOp::kWrite, path_));
    return {};
  }

  Result<> append(std::string_view bytes) override { return File::write_at(TRY(size()), bytes); }

  Result<size_t> read_at(uint64_t offset, std::span<char> out) override {
    TRY(fs_.before(FileOp::kRead, path_));
    const std::scoped_lock lock(fs_.mutex_);
    if (offset >= inode_->current.size()) return size_t{0};
    return inode_->current.copy(out.data(), out.size(), offset);
  }

  Result<> sync_data() override {
    const auto fault = fs_.strikes(FileOp::kSyncData, path_);
    const std::scoped_lock lock(fs_.mutex_);
    if (fault) {
      inode_->lose();
      return fail(fault_error(*fault, FileOp::kSyncData, path_));
    }
    if (!fs_.lie_about_sync_) inode_->sync();
    return {};
  }

  Result<uint64_t> size() override {
    const std::scoped_lock lock(fs_.mutex_);
    return inode_->current.size();
  }

  Result<> truncate(uint64_t size) override { return resize(FileOp::kTruncate, size); }

  Result<> preallocate(uint64_t size) override {
    if (size <= TRY(this->size())) return {};
    return resize(FileOp::kPreallocate, size);
  }

 private:
  Result<> resize(FileOp op, uint64_t size) {
    TRY(fs_.before(op, path_));
    const std::scoped_lock lock(fs_.mutex_);
    if (size > room_locked()) return fail(fault_error(FaultKind::kEnospc, op, path_));
    inode_->resize(size);
    return {};
  }

  /// How large this file may become, its present size at least.
  uint64_t room_locked() const {
    const uint64_t used = fs_.used_locked();
    return inode_->current.size() + (fs_.capacity_ > used ? fs_.capacity_ - used : 0);
  }

  SimFileSystem& fs_;
  std::shared_ptr<SimFileSystem::Inode> inode_;
  std::string path_;
};

namespace {

class SimMappedFile final : public MappedFile {
 public:
  explicit SimMappedFile(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string_view bytes() const override { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace

class SimLock final : public FileLock {
 public:
  SimLock(SimFileSystem& fs, std::string path) : fs_(fs), path_(std::move(path)) {}
  ~SimLock() override {
    const std::scoped_lock lock(fs_.mutex_);
    fs_.locked_.erase(path_);
  }

 private:
  SimFileSystem& fs_;
  std::string path_;
};

SimFileSystem::SimFileSystem(uint64_t capacity_bytes) : capacity_(capacity_bytes) { dirs_.insert(""); }
SimFileSystem::~SimFileSystem() = default;

void SimFileSystem::apply(Names& names, const NameOp& op) {
  if (!op.from.empty()) names.erase(op.from);
  if (op.to.empty()) return;
  // One name an inode: a rename that stays while an earlier one of the same file is lost leaves no second name behind.
  std::erase_if(names, [&](const auto& entry) { return entry.second == op.inode; });
  names[op.to] = op.inode;
}

std::unique_ptr<SimFileSystem> SimFileSystem::crash(Random& random) const {
  const std::scoped_lock lock(mutex_);
  auto after = std::make_unique<SimFileSystem>(capacity_);
  Names names = durable_names_;
  const bool ordered = random.below(2) == 0;
  const uint64_t kept = random.below(pending_.size() + 1);
  for (size_t i = 0; i < pending_.size(); ++i) {
    if (ordered ? i < kept : random.below(2) == 0) apply(names, pending_[i]);
  }
  for (const auto& [path, inode] : names) after->names_[path] = inode->crash(random);
  after->durable_names_ = after->names_;
  after->dirs_ = dirs_;
  return after;
}

void SimFileSystem::inject(Fault fault) {
  const std::scoped_lock lock(mutex_);
  faults_.push_back({std::move(fault)});
}

void SimFileSystem::clear_faults() {
  const std::scoped_lock lock(mutex_);
  faults_.clear();
}

void SimFileSystem::set_capacity(uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  capacity_ = bytes;
}

void SimFileSystem::set_lie_about_sync(bool lie) {
  const std::scoped_lock lock(mutex_);
  lie_about_sync_ = lie;
}

void SimFileSystem::set_hook(Hook hook) {
  const std::scoped_lock lock(mutex_);
  hook_ = std::move(hook);
}

uint64_t SimFileSystem::count(FileOp op) const {
  const std::scoped_lock lock(mutex_);
  return counts_[static_cast<size_t>(op)];
}

void SimFileSystem::corrupt(std::string_view path, uint64_t offset, uint8_t mask) {
  const std::scoped_lock lock(mutex_);
  const auto found = names_.find(path);
  CHECK(found != names_.end() && offset < found->second->current.size());
  const auto flip = [&](char& byte) { byte = static_cast<char>(static_cast<uint8_t>(byte) ^ mask); };
  flip(found->second->current[offset]);
  if (offset < found->second->durable.size()) flip(found->second->durable[offset]);
}

std::optional<FaultKind> SimFileSystem::strikes(FileOp op, std::string_view path) {
  Hook hook;
  {
    const std::scoped_lock lock(mutex_);
    hook = hook_;
  }
  if (hook) hook(op, path);
  const std::scoped_lock lock(mutex_);
  ++counts_[static_cast<size_t>(op)];
  std::optional<FaultKind> struck;
  for (ArmedFault& armed : faults_) {
    if (armed.fault.op != op || !path.contains(armed.fault.path_contains)) continue;
    ++armed.seen;
    if (armed.seen == armed.fault.nth || (armed.fault.forever && armed.seen > armed.fault.nth))
      struck = armed.fault.kind;
  }
  return struck;
}

Result<> SimFileSystem::before(FileOp op, std::string_view path) {
  if (const auto fault = strikes(op, path)) return fail(fault_error(*fault, op, path));
  return {};
}

uint64_t SimFileSystem::used_locked() const {
  uint64_t used = 0;
  for (const auto& [path, inode] : names_) used += inode->current.size();
  return used;
}

std::string SimFileSystem::display_path(std::string_view path) const { return "sim:/" + std::string(path); }

std::shared_ptr<SimFileSystem::Inode> SimFileSystem::create_locked(std::string_view path) {
  auto inode = std::make_shared<Inode>();
  names_[std::string(path)] = inode;
  pending_.push_back({"", std::string(path), inode});
  return inode;
}

Result<std::unique_ptr<File>> SimFileSystem::create(std::string_view path) {
  TRY(check_path(path));
  TRY(before(FileOp::kCreate, path));
  const std::scoped_lock lock(mutex_);
  if (!dirs_.contains(parent_of(path))) return fail(no_such_file(parent_of(path)));
  if (names_.contains(path) || dirs_.contains(path))
    return fail(Error(Code::kAlreadyExists, "create " + std::string(path) + ": File exists"));
  return std::make_unique<SimFile>(*this, create_locked(path), std::string(path));
}

Result<std::unique_ptr<File>> SimFileSystem::open_existing(std::string_view path) {
  TRY(check_path(path));
  TRY(before(FileOp::kOpen, path));
  const std::scoped_lock lock(mutex_);
  const auto found = names_.find(path);
  if (found == names_.end()) return fail(no_such_file(path));
  return std::make_unique<SimFile>(*this, found->second, std::string(path));
}

Result<std::unique_ptr<File>> SimFileSystem::open_read(std::string_view path) { return open_existing(path); }
Result<std::unique_ptr<File>> SimFileSystem::open_rw(std::string_view path) { return open_existing(path); }

Result<std::unique_ptr<File>> SimFileSystem::open_append(std::string_view path) {
  return TRY(exists(path)) ? open_existing(path) : create(path);
}

Result<std::unique_ptr<MappedFile>> SimFileSystem::map_read(std::string_view path) {
  TRY(check_path(path));
  TRY(before(FileOp::kOpen, path));
  const std::scoped_lock lock(mutex_);
  const auto found = names_.find(path);
  if (found == names_.end()) return fail(no_such_file(path));
  return std::make_unique<SimMappedFile>(found->second->current);
}

Result<> SimFileSystem::rename(std::string_view from, std::string_view to) {
  TRY(check_path(from));
  TRY(check_path(to));
  TRY(before(FileOp::kRename, from));
  const std::scoped_lock lock(mutex_);
  if (!names_.contains(from)) return fail(no_such_file(from));
  if (!dirs_.contains(parent_of(to))) return fail(no_such_file(parent_of(to)));
  if (dirs_.contains(to)) return fail(invalid_argument("rename to " + std::string(to) + ": Is a directory"));
  if (from == to) return {};
  const NameOp op{std::string(from), std::string(to), names_.find(from)->second};
  apply(names_, op);
  pending_.push_back(op);
  return {};
}

Result<> SimFileSystem::remove(std::string_view path) {
  TRY(check_path(path));
  TRY(before(FileOp::kRemove, path));
  const std::scoped_lock lock(mutex_);
  if (const auto found = names_.find(path); found != names_.end()) {
    const NameOp op{std::string(path), "", found->second};
    apply(names_, op);
    pending_.push_back(op);
    return {};
  }
  if (path.empty() || !dirs_.contains(path)) return fail(no_such_file(path));
  const auto inside = [&](std::string_view other) { return parent_of(other) == path; };
  if (std::ranges::any_of(names_, [&](const auto& entry) { return inside(entry.first); }) ||
      std::ranges::any_of(dirs_, inside))
    return fail(Error(Code::kAlreadyExists, "remove " + std::string(path) + ": Directory not empty"));
  dirs_.erase(dirs_.find(path));
  return {};
}

Result<std::vector<DirEntry>> SimFileSystem::list(std::string_view dir) {
  TRY(check_path(dir));
  const std::scoped_lock lock(mutex_);
  if (!dirs_.contains(dir)) return fail(no_such_file(dir));
  std::vector<DirEntry> entries;
  const auto name_of = [](std::string_view path) {
    return std::string(path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1));
  };
  for (const auto& [path, inode] : names_) {
    if (parent_of(path) == dir) entries.push_back({name_of(path), false, inode->current.size()});
  }
  for (const std::string& path : dirs_) {
    if (!path.empty() && parent_of(path) == dir) entries.push_back({name_of(path), true, 0});
  }
  std::ranges::sort(entries, {}, &DirEntry::name);
  return entries;
}

Result<> SimFileSystem::make_dirs(std::string_view dir) {
  TRY(check_path(dir));
  const std::scoped_lock lock(mutex_);
  for (std::string_view at = dir; !at.empty(); at = parent_of(at)) {
    if (names_.contains(at))
      return fail(Error(Code::kAlreadyExists, "make directory " + std::string(at) + ": File exists"));
  }
  for (std::string_view at = dir; !at.empty(); at = parent_of(at)) dirs_.emplace(at);
  return {};
}

Result<> SimFileSystem::sync_dir(std::string_view dir) {
  TRY(check_path(dir));
  TRY(before(FileOp::kSyncDir, dir));
  const std::scoped_lock lock(mutex_);
  if (!dirs_.contains(dir)) return fail(no_such_file(dir));
  if (lie_about_sync_) return {};
  // A rename between directories is one transaction of the directory that it goes to.
  std::erase_if(pending_, [&](const NameOp& op) {
    if (parent_of(op.to.empty() ? op.from : op.to) != dir) return false;
    apply(durable_names_, op);
    return true;
  });
  return {};
}

Result<bool> SimFileSystem::exists(std::string_view path) {
  TRY(check_path(path));
  const std::scoped_lock lock(mutex_);
  return names_.contains(path) || dirs_.contains(path);
}

Result<uint64_t> SimFileSystem::free_bytes(std::string_view dir) {
  TRY(check_path(dir));
  const std::scoped_lock lock(mutex_);
  const uint64_t used = used_locked();
  return capacity_ > used ? capacity_ - used : 0;
}

Result<std::unique_ptr<FileLock>> SimFileSystem::lock(std::string_view path) {
  TRY(check_path(path));
  const std::scoped_lock guard(mutex_);
  if (!dirs_.contains(parent_of(path))) return fail(no_such_file(parent_of(path)));
  if (!names_.contains(path)) create_locked(path);
  if (!locked_.emplace(path).second) {
    return fail(failed_precondition(display_path(parent_of(path)) + " is in use by process 1 (lock file " +
                                    display_path(path) + "); stop it or use another directory"));
  }
  return std::make_unique<SimLock>(*this, std::string(path));
}

}  // namespace tercet::io
