// Files as Tercet uses them: positioned reads and writes, explicit syncs, atomic replacement. PosixFileSystem is the
// real one, SimFileSystem its twin in memory that loses power and fails on demand.
//
// Paths are relative to the file system's root, '/'-separated, without "." and ".." components; "" is the root itself.
// Others are refused with kInvalidArgument. Nothing is durable before sync_data() (contents and size) and sync_dir()
// (names) have returned. After a failed sync the kernel has marked the pages clean: never sync again and believe it.
//
// Error codes: kNotFound, kAlreadyExists, kPermissionDenied, kInvalidArgument (bad path), kResourceExhausted (no space,
// no descriptors; the message says what to do), kInternal (the device failed), kFailedPrecondition (locked).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tercet::io {

/// An open file. Reads and writes at disjoint ranges may come from several threads; closed by the destructor
/// (unsynced).
class File {
 public:
  virtual ~File() = default;
  /// All of `pieces`, one after the other, from `offset`: complete, or an error and an unknown part of it written.
  virtual Result<> write_at(uint64_t offset, std::span<const std::string_view> pieces) = 0;
  Result<> write_at(uint64_t offset, std::string_view bytes) { return write_at(offset, std::span(&bytes, 1)); }
  /// Writes at the end of the file. One appender at a time.
  virtual Result<> append(std::string_view bytes) = 0;
  /// Fills `out` from `offset`; fewer bytes only at the end of the file. Returns how many.
  virtual Result<size_t> read_at(uint64_t offset, std::span<char> out) = 0;
  /// fdatasync: contents and size are durable when it returns.
  virtual Result<> sync_data() = 0;
  virtual Result<uint64_t> size() = 0;
  /// Shrinks, or grows with zeros (sparse).
  virtual Result<> truncate(uint64_t size) = 0;
  /// Grows to `size` with zeros whose space is reserved, so that later writes below it do not meet a full disk (on file
  /// systems that overwrite in place). Never shrinks.
  virtual Result<> preallocate(uint64_t size) = 0;
};

/// A file's contents in the address space, read-only. The file must not shrink while the map lives (parts never do).
class MappedFile {
 public:
  virtual ~MappedFile() = default;
  virtual std::string_view bytes() const = 0;
};

/// Held until destroyed, or until the process dies.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

struct DirEntry {
  std::string name;
  bool is_dir = false;
  uint64_t size = 0;  // of a file
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// A new empty file; kAlreadyExists when the name is taken.
  virtual Result<std::unique_ptr<File>> create(std::string_view path) = 0;
  /// An existing file.
  virtual Result<std::unique_ptr<File>> open_read(std::string_view path) = 0;
  virtual Result<std::unique_ptr<File>> open_rw(std::string_view path) = 0;
  /// For append(); made when it does not exist.
  virtual Result<std::unique_ptr<File>> open_append(std::string_view path) = 0;
  virtual Result<std::unique_ptr<MappedFile>> map_read(std::string_view path) = 0;

  /// Replaces `to`. Durable after sync_dir() of both directories.
  virtual Result<> rename(std::string_view from, std::string_view to) = 0;
  /// A file or an empty directory.
  virtual Result<> remove(std::string_view path) = 0;
  /// Sorted by name.
  virtual Result<std::vector<DirEntry>> list(std::string_view dir) = 0;
  /// Makes `dir` and its parents as needed; those made are durable when it returns.
  virtual Result<> make_dirs(std::string_view dir) = 0;
  virtual Result<> sync_dir(std::string_view dir) = 0;
  virtual Result<bool> exists(std::string_view path) = 0;
  /// What an unprivileged process may still write below `dir`.
  virtual Result<uint64_t> free_bytes(std::string_view dir) = 0;
  /// Takes the lock file `path` (made when missing) for this process; kFailedPrecondition names the process that has
  /// it.
  virtual Result<std::unique_ptr<FileLock>> lock(std::string_view path) = 0;
  /// The path as a person would find it, for messages.
  virtual std::string display_path(std::string_view path) const = 0;
};

/// Relative, no empty, "." or ".." component, no NUL. "" (the root) passes.
Result<> check_path(std::string_view path);
/// "a/b/c" → "a/b", "c" → "".
std::string_view parent_of(std::string_view path);
/// "a" + "b" → "a/b", "" + "b" → "b".
std::string join(std::string_view dir, std::string_view name);

/// Whole contents; kOutOfRange when the file is larger than `max_bytes`.
Result<std::string> read_file(FileSystem& fs, std::string_view path, uint64_t max_bytes = uint64_t{256} << 20);
/// The old contents or the new, never a mixture, also after power loss; durable when it returns. Writes `path`.tmp,
/// syncs, renames, syncs the directory. On an error the old contents stand (or, if the last sync failed, either).
Result<> atomic_write(FileSystem& fs, std::string_view path, std::string_view bytes);

}  // namespace tercet::io
