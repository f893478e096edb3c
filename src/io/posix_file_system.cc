// System calls are retried after EINTR and continued after short counts here, so that no caller ever sees either.
#include "io/posix_file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <system_error>

#include "base/check.h"

namespace tercet::io {
namespace {

constexpr size_t kPiecesPerCall = 64;
static_assert(kPiecesPerCall <= IOV_MAX);

Error system_error(int number, std::string_view step, const std::string& path) {
  std::string message = std::string(step) + " " + path + ": " + std::generic_category().message(number);
  switch (number) {
    case ENOENT:
    case ENOTDIR: return not_found(std::move(message));
    case EEXIST:
    case ENOTEMPTY: return Error(Code::kAlreadyExists, std::move(message));
    case EACCES:
    case EPERM:
    case EROFS: return Error(Code::kPermissionDenied, std::move(message));
    case EINVAL:
    case ENAMETOOLONG:
    case EISDIR: return invalid_argument(std::move(message));
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return resource_exhausted(std::move(message) + "; free space on that disk or shorten retention");
    case EMFILE:
    case ENFILE:
      return resource_exhausted(std::move(message) + "; raise the limit of open files (ulimit -n, LimitNOFILE)");
    default: return internal_error(std::move(message));
  }
}

std::unexpected<Error> fail_errno(std::string_view step, const std::string& path) {
  return fail(system_error(errno, step, path));
}

template <typename Call>
auto retry_eintr(Call call) {
  decltype(call()) result;
  do {
    result = call();
  } while (result < 0 && errno == EINTR);
  return result;
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Result<Descriptor> open_descriptor(const std::string& path, int flags, std::string_view step) {
  const int fd = retry_eintr([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0640); });
  if (fd < 0) return fail_errno(step, path);
  return Descriptor(fd);
}

class PosixFile final : public File {
 public:
  PosixFile(Descriptor fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Result<> write_at(uint64_t offset, std::span<const std::string_view> pieces) override {
    while (!pieces.empty()) {
      const auto some = pieces.first(std::min(pieces.size(), kPiecesPerCall));
      offset += TRY(write_some(offset, some));
      pieces = pieces.subspan(some.size());
    }
    return {};
  }

  Result<> append(std::string_view bytes) override { return File::write_at(TRY(size()), bytes); }

  Result<size_t> read_at(uint64_t offset, std::span<char> out) override {
    size_t done = 0;
    while (done < out.size()) {
      const ssize_t n = retry_eintr(
          [&] { return ::pread(fd_.get(), out.data() + done, out.size() - done, static_cast<off_t>(offset + done)); });
      if (n < 0) return fail_errno("read", path_);
      if (n == 0) break;
      done += static_cast<size_t>(n);
    }
    return done;
  }

  Result<> sync_data() override {
    // EINTR too is not retried: what was dirty before may be clean and lost by now.
    if (::fdatasync(fd_.get()) != 0) return fail_errno("sync", path_);
    return {};
  }

  Result<uint64_t> size() override {
    struct stat info;
    if (::fstat(fd_.get(), &info) != 0) return fail_errno("stat", path_);
    return static_cast<uint64_t>(info.st_size);
  }

  Result<> truncate(uint64_t size) override {
    if (retry_eintr([&] { return ::ftruncate(fd_.get(), static_cast<off_t>(size)); }) != 0)
      return fail_errno("truncate", path_);
    return {};
  }

  Result<> preallocate(uint64_t size) override {
    const uint64_t now = TRY(this->size());
    if (size <= now) return {};
    const auto from = static_cast<off_t>(now);
    const auto length = static_cast<off_t>(size - now);
    if (retry_eintr([&] { return ::fallocate(fd_.get(), 0, from, length); }) == 0) return {};
    if (errno != EOPNOTSUPP && errno != ENOSYS) return fail_errno("preallocate", path_);
    return write_zeros(now, size);
  }

 private:
  /// All of at most kPiecesPerCall pieces; returns their length.
  Result<uint64_t> write_some(uint64_t offset, std::span<const std::string_view> pieces) {
    std::array<iovec, kPiecesPerCall> vectors;
    uint64_t left = 0;
    size_t count = 0;
    for (const std::string_view piece : pieces) {
      if (piece.empty()) continue;
      vectors[count++] = {const_cast<char*>(piece.data()), piece.size()};
      left += piece.size();
    }
    const uint64_t total = left;
    iovec* next = vectors.data();
    while (left > 0) {
      const ssize_t n = retry_eintr([&] {
        return ::pwritev(fd_.get(), next, static_cast<int>(count), static_cast<off_t>(offset + total - left));
      });
      if (n < 0) return fail_errno("write", path_);
      if (n == 0) return fail(internal_error("write " + path_ + ": nothing was written"));
      left -= static_cast<uint64_t>(n);
      size_t taken = static_cast<size_t>(n);
      while (count > 0 && taken >= next->iov_len) {
        taken -= next->iov_len;
        ++next;
        --count;
      }
      if (count > 0) {
        next->iov_base = static_cast<char*>(next->iov_base) + taken;
        next->iov_len -= taken;
      }
    }
    return total;
  }

  Result<> write_zeros(uint64_t from, uint64_t to) {
    const std::string zeros(std::min<uint64_t>(to - from, uint64_t{1} << 20), '\0');
    while (from < to) {
      const uint64_t n = std::min<uint64_t>(to - from, zeros.size());
      TRY(File::write_at(from, std::string_view(zeros).substr(0, n)));
      from += n;
    }
    return {};
  }

  Descriptor fd_;
  std::string path_;
};

class PosixMappedFile final : public MappedFile {
 public:
  PosixMappedFile(void* at, size_t size) : at_(at), size_(size) {}
  ~PosixMappedFile() override {
    if (size_ > 0) ::munmap(at_, size_);
  }
  std::string_view bytes() const override { return {static_cast<const char*>(at_), size_}; }

 private:
  void* at_;
  size_t size_;
};

class PosixLock final : public FileLock {
 public:
  explicit PosixLock(Descriptor fd) : fd_(std::move(fd)) {}

 private:
  Descriptor fd_;  // closing it gives the lock back
};

Result<std::unique_ptr<File>> open_file(const std::string& path, int flags, std::string_view step) {
  auto fd = TRY(open_descriptor(path, flags, step));
  return std::make_unique<PosixFile>(std::move(fd), path);
}

Result<> sync_directory(const std::string& path) {
  const auto fd = TRY(open_descriptor(path, O_RDONLY | O_DIRECTORY, "open directory"));
  if (::fsync(fd.get()) != 0) return fail_errno("sync directory", path);
  return {};
}

/// Makes one directory durably; one that exists is fine.
Result<> make_one_dir(const std::string& path) {
  if (::mkdir(path.c_str(), 0750) != 0) {
    struct stat info;
    if (errno == EEXIST && ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return {};
    return fail_errno("make directory", path);
  }
  const size_t slash = path.rfind('/');
  return sync_directory(slash == std::string::npos ? "." : path.substr(0, slash + 1));
}

}  // namespace

PosixFileSystem::PosixFileSystem(std::string root) : root_(std::move(root)) {
  CHECK(!root_.empty());
  while (root_.size() > 1 && root_.ends_with('/')) root_.pop_back();
}

Result<std::unique_ptr<PosixFileSystem>> PosixFileSystem::create_root(std::string root) {
  auto fs = std::make_unique<PosixFileSystem>(std::move(root));
  for (size_t slash = fs->root_.find('/', 1); slash != std::string::npos; slash = fs->root_.find('/', slash + 1))
    TRY(make_one_dir(fs->root_.substr(0, slash)));
  TRY(make_one_dir(fs->root_));
  return fs;
}

std::string PosixFileSystem::display_path(std::string_view path) const {
  if (path.empty()) return root_;
  return root_ == "/" ? root_ + std::string(path) : join(root_, path);
}

Result<std::unique_ptr<File>> PosixFileSystem::create(std::string_view path) {
  TRY(check_path(path));
  return open_file(display_path(path), O_RDWR | O_CREAT | O_EXCL, "create");
}

Result<std::unique_ptr<File>> PosixFileSystem::open_read(std::string_view path) {
  TRY(check_path(path));
  return open_file(display_path(path), O_RDONLY, "open");
}

Result<std::unique_ptr<File>> PosixFileSystem::open_rw(std::string_view path) {
  TRY(check_path(path));
  return open_file(display_path(path), O_RDWR, "open");
}

Result<std::unique_ptr<File>> PosixFileSystem::open_append(std::string_view path) {
  TRY(check_path(path));
  return open_file(display_path(path), O_RDWR | O_CREAT, "open");
}

Result<std::unique_ptr<MappedFile>> PosixFileSystem::map_read(std::string_view path) {
  TRY(check_path(path));
  const std::string full = display_path(path);
  const auto fd = TRY(open_descriptor(full, O_RDONLY, "open"));
  struct stat info;
  if (::fstat(fd.get(), &info) != 0) return fail_errno("stat", full);
  const auto size = static_cast<size_t>(info.st_size);
  if (size == 0) return std::make_unique<PosixMappedFile>(nullptr, 0);
  void* at = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
  if (at == MAP_FAILED) return fail_errno("map", full);
  return std::make_unique<PosixMappedFile>(at, size);
}

Result<> PosixFileSystem::rename(std::string_view from, std::string_view to) {
  TRY(check_path(from));
  TRY(check_path(to));
  if (::rename(display_path(from).c_str(), display_path(to).c_str()) != 0)
    return fail_errno("rename to " + display_path(to), display_path(from));
  return {};
}

Result<> PosixFileSystem::remove(std::string_view path) {
  TRY(check_path(path));
  const std::string full = display_path(path);
  if (::unlink(full.c_str()) == 0) return {};
  if (errno == EISDIR && ::rmdir(full.c_str()) == 0) return {};
  return fail_errno("remove", full);
}

Result<std::vector<DirEntry>> PosixFileSystem::list(std::string_view dir) {
  TRY(check_path(dir));
  const std::string full = display_path(dir);
  DIR* handle = ::opendir(full.c_str());
  if (handle == nullptr) return fail_errno("list", full);
  const std::unique_ptr<DIR, int (*)(DIR*)> closer(handle, ::closedir);
  std::vector<DirEntry> entries;
  for (errno = 0; const dirent* found = ::readdir(handle); errno = 0) {
    const std::string_view name = found->d_name;
    if (name == "." || name == "..") continue;
    struct stat info;
    if (::fstatat(::dirfd(handle), found->d_name, &info, 0) != 0) continue;  // gone since readdir, or a dangling link
    entries.push_back({std::string(name), S_ISDIR(info.st_mode), static_cast<uint64_t>(info.st_size)});
    if (entries.back().is_dir) entries.back().size = 0;
  }
  if (errno != 0) return fail_errno("list", full);
  std::ranges::sort(entries, {}, &DirEntry::name);
  return entries;
}

Result<> PosixFileSystem::make_dirs(std::string_view dir) {
  TRY(check_path(dir));
  for (size_t slash = dir.find('/'); slash != std::string_view::npos; slash = dir.find('/', slash + 1))
    TRY(make_one_dir(display_path(dir.substr(0, slash))));
  return dir.empty() ? Result<>() : make_one_dir(display_path(dir));
}

Result<> PosixFileSystem::sync_dir(std::string_view dir) {
  TRY(check_path(dir));
  return sync_directory(display_path(dir));
}

Result<bool> PosixFileSystem::exists(std::string_view path) {
  TRY(check_path(path));
  const std::string full = display_path(path);
  struct stat info;
  if (::stat(full.c_str(), &info) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return fail_errno("stat", full);
}

Result<uint64_t> PosixFileSystem::free_bytes(std::string_view dir) {
  TRY(check_path(dir));
  const std::string full = display_path(dir);
  struct statvfs info;
  if (retry_eintr([&] { return ::statvfs(full.c_str(), &info); }) != 0) return fail_errno("statvfs", full);
  return static_cast<uint64_t>(info.f_bavail) * info.f_frsize;
}

Result<std::unique_ptr<FileLock>> PosixFileSystem::lock(std::string_view path) {
  TRY(check_path(path));
  const std::string full = display_path(path);
  auto fd = TRY(open_descriptor(full, O_RDWR | O_CREAT, "open lock file"));
  PosixFile file(Descriptor(::dup(fd.get())), full);
  if (retry_eintr([&] { return ::flock(fd.get(), LOCK_EX | LOCK_NB); }) != 0) {
    if (errno != EWOULDBLOCK) return fail_errno("lock", full);
    std::array<char, 32> text{};
    const size_t n = file.read_at(0, text).value_or(0);
    std::string owner(text.data(), n);
    while (owner.ends_with('\n')) owner.pop_back();
    return fail(failed_precondition(display_path(parent_of(path)) + " is in use by process " +
                                    (owner.empty() ? "(unknown)" : owner) + " (lock file " + full +
                                    "); stop it or use another directory"));
  }
  TRY(file.truncate(0));
  TRY(static_cast<File&>(file).write_at(0, std::to_string(::getpid()) + "\n"));
  return std::make_unique<PosixLock>(std::move(fd));
}

}  // namespace tercet::io
