// A defect that a fuzzer must find: tools/fuzz fails when this one does not crash. It proves that coverage steers the
// inputs (three bytes to guess one after the other) and that AddressSanitizer watches.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 4 || data[0] != 't' || data[1] != 'r' || data[2] != 'i') return 0;
  const auto copy = std::make_unique<uint8_t[]>(size);
  std::memcpy(copy.get(), data, size);
  // One past the end.
  const volatile uint8_t beyond = copy.get()[size];
  return beyond == 0 ? 0 : 0;
}
