// The readers of parts and manifests against garbage.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "io/sim_file_system.h"
#include "store/block/manifest.h"
#include "store/block/part_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)tercet::store::Manifest::decode(bytes);
  tercet::io::SimFileSystem files;
  if (!files.make_dirs("s") || !tercet::io::atomic_write(files, "s/p", bytes)) return 0;
  if (auto reader = tercet::store::PartReader::open(files, "s/p")) {
    (void)reader->verify();
    for (const tercet::store::Blob& blob : reader->blobs()) (void)reader->bytes(blob).size();
  }
  return 0;
}
