#include "io/file_system.h"

#include <algorithm>

namespace tercet::io {

Result<> check_path(std::string_view path) {
  if (path.empty()) return {};
  size_t start = 0;
  while (start <= path.size()) {
    const size_t end = std::min(path.find('/', start), path.size());
    const std::string_view part = path.substr(start, end - start);
    if (part.empty() || part == "." || part == ".." || part.contains('\0'))
      return fail(
          invalid_argument("path " + std::string(path) + " must be relative, without empty, . or .. components"));
    start = end + 1;
  }
  return {};
}

std::string_view parent_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string join(std::string_view dir, std::string_view name) {
  if (dir.empty()) return std::string(name);
  std::string path;
  path.reserve(dir.size() + 1 + name.size());
  path.append(dir).append(1, '/').append(name);
  return path;
}

Result<std::string> read_file(FileSystem& fs, std::string_view path, uint64_t max_bytes) {
  auto file = TRY(fs.open_read(path));
  const uint64_t size = TRY(file->size());
  if (size > max_bytes) {
    return fail(out_of_range(fs.display_path(path) + " has " + std::to_string(size) + " bytes, at most " +
                             std::to_string(max_bytes) + " are read"));
  }
  std::string bytes(size, '\0');
  bytes.resize(TRY(file->read_at(0, bytes)));
  return bytes;
}

Result<> atomic_write(FileSystem& fs, std::string_view path, std::string_view bytes) {
  const std::string temporary = std::string(path) + ".tmp";
  // A leftover of a crash: nobody reads it.
  if (TRY(fs.exists(temporary))) TRY(fs.remove(temporary));
  auto written = [&]() -> Result<> {
    auto file = TRY(fs.create(temporary));
    TRY(file->write_at(0, bytes));
    return file->sync_data();
  }();
  if (written) written = fs.rename(temporary, path);
  if (!written) {
    (void)fs.remove(temporary);
    return fail(std::move(written.error()).context("replace " + fs.display_path(path)));
  }
  return fs.sync_dir(parent_of(path));
}

}  // namespace tercet::io
