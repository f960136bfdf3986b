#include "fuzz/fuzz_target.h"

namespace confab::fuzz {

std::vector<Target>& Targets() {
  static std::vector<Target> targets;
  return targets;
}

}  // namespace confab::fuzz
