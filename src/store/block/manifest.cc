#include "store/block/manifest.h"

#include <charconv>

#include "codec/crc32c.h"

namespace tercet::store {

namespace {

constexpr std::string_view kFirstLine = "tercet-manifest 1";
constexpr std::string_view kName = "MANIFEST";

std::string_view take_word(std::string_view& line) {
  const size_t end = line.find(' ');
  const std::string_view word = line.substr(0, end);
  line = end == std::string_view::npos ? std::string_view{} : line.substr(end + 1);
  return word;
}

template <typename T>
bool take_number(std::string_view& line, T& value, int base = 10) {
  const std::string_view word = take_word(line);
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
  return !word.empty() && error == std::errc() && end == word.data() + word.size();
}

bool is_part_name(std::string_view name) {
  if (name.empty() || name.front() == '.') return false;
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-')) return false;
  }
  return true;
}

bool take_part(std::string_view& line, PartEntry& part) {
  part.file = take_word(line);
  return is_part_name(part.file) && take_number(line, part.rows) && take_number(line, part.bytes) &&
         take_number(line, part.created_ns);
}

}  // namespace

std::string Manifest::encode() const {
  std::string out(kFirstLine);
  out += "\napplied " + std::to_string(applied) + "\nnext-part " + std::to_string(next_part) + "\n";
  for (const PartEntry& part : parts) {
    out += "part " + part.file + " " + std::to_string(part.rows) + " " + std::to_string(part.bytes) + " " +
           std::to_string(part.created_ns) + "\n";
  }
  char hex[9] = {};
  std::to_chars(hex, hex + 8, codec::crc32c(out), 16);
  return out + "crc32c " + hex + "\n";
}

Result<Manifest> Manifest::decode(std::string_view text) {
  Manifest manifest;
  size_t at = 0;
  for (int number = 1; at < text.size(); ++number) {
    const size_t end = text.find('\n', at);
    if (end == std::string_view::npos) break;
    std::string_view line = text.substr(at, end - at);
    const auto broken = [&] { return fail(data_loss("MANIFEST line " + std::to_string(number) + " cannot be read")); };
    if (number == 1) {
      if (line != kFirstLine) return broken();
      at = end + 1;
      continue;
    }
    const std::string_view word = take_word(line);
    bool ok = false;
    if (word == "applied") {
      ok = take_number(line, manifest.applied);
    } else if (word == "next-part") {
      ok = take_number(line, manifest.next_part);
    } else if (word == "part") {
      ok = take_part(line, manifest.parts.emplace_back());
    } else if (word == "crc32c") {
      uint32_t crc = 0;
      if (!take_number(line, crc, 16) || crc != codec::crc32c(text.substr(0, at)) || end + 1 != text.size())
        return fail(data_loss("MANIFEST: checksum mismatch"));
      return manifest;
    }
    if (!ok || !line.empty()) return broken();
    at = end + 1;
  }
  return fail(data_loss("MANIFEST ends before its checksum"));
}

Result<Manifest> Manifest::load(io::FileSystem& files, const std::string& folder) {
  const std::string path = io::join(folder, kName);
  if (!TRY(files.exists(path))) return Manifest{};
  const std::string text = TRY(io::read_file(files, path));
  return TRY_CTX(decode(text), files.display_path(folder));
}

Result<> Manifest::save(io::FileSystem& files, const std::string& folder) const {
  return io::atomic_write(files, io::join(folder, kName), encode());
}

}  // namespace tercet::store
