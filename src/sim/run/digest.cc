#include "sim/run/digest.h"

#include <fmt/format.h>

namespace confab::sim {

std::string Digest::ToString() const {
  return fmt::format("{:016x}{:016x}", lanes_[0], lanes_[1]);
}

}  // namespace confab::sim
