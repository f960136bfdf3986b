#include "sim/invariant/nothing_stays.h"

#include <fmt/format.h>

namespace confab::sim {

void NothingStays::AtEnd(Timestamp) {
  const sfu::Worker& worker = world_.worker;
  const std::pair<std::string_view, size_t> left[] = {
      {"routers", worker.routers().size()},
      {"paths", worker.paths_in_use()},
      {"ufrags", worker.ufrags_in_use()},
      {"packets", worker.packets_in_use()},
  };
  for (const auto& [what, count] : left) {
    if (count > 0) Break(fmt::format("everyone has left, but {} {} stayed", count, what));
  }
}

}  // namespace confab::sim
