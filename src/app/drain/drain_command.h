#pragma once

#include <cstdint>
#include <string>

#include "app/config/config.h"

namespace confab::app {

// `confab drain`: a media instance takes no new rooms, and the rooms that it has end by themselves
// or go elsewhere at the deadline.
struct DrainRun {
  static constexpr uint32_t kMaxDeadlineSeconds = 7 * 24 * 3600;

  std::string address;       // HOST:PORT of its gRPC
  uint32_t deadline_s = 0;   // 1…kMaxDeadlineSeconds; 0: none
  bool is_undo = false;      // it takes rooms again
  bool is_watching = false;  // until no room is left
};

// Prints how far it is. Status 0: done; 1: it does not answer, or refuses; 2: the configuration or
// the address cannot be used.
int DrainCommand(const DrainRun& run, const Config& config);

}  // namespace confab::app
