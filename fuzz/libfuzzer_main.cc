// What libFuzzer calls, in the program of one target.

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const confab::fuzz::TargetFunction run = [] {
    CHECK(confab::fuzz::Targets().size() == 1);
    return confab::fuzz::Targets().front().run;
  }();
  run({data, size});
  return 0;
}
