// The real file system, below one root directory.
#pragma once

#include <memory>
#include <string>

#include "io/file_system.h"

namespace tercet::io {

/// Thread-safe. `root` is any path the process can use; it must exist ("/" for files named by absolute paths, without
/// their leading slash). Symbolic links are followed.
class PosixFileSystem final : public FileSystem {
 public:
  explicit PosixFileSystem(std::string root);
  /// Makes `root` first, with its parents, durably.
  static Result<std::unique_ptr<PosixFileSystem>> create_root(std::string root);

  Result<std::unique_ptr<File>> create(std::string_view path) override;
  Result<std::unique_ptr<File>> open_read(std::string_view path) override;
  Result<std::unique_ptr<File>> open_rw(std::string_view path) override;
  Result<std::unique_ptr<File>> open_append(std::string_view path) override;
  Result<std::unique_ptr<MappedFile>> map_read(std::string_view path) override;
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
  std::string root_;
};

}  // namespace tercet::io
