#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace confab::app {

// `confab sim`: rooms in virtual time.
struct SimRuns {
  static constexpr uint32_t kMaxSeconds = 24 * 3600;
  static constexpr uint32_t kMaxSeeds = 10'000'000;

  std::string scenario = "random";
  uint64_t seed = 1;
  uint32_t seeds = 1;               // this and the following ones, 1…kMaxSeeds
  std::optional<uint32_t> seconds;  // 1…kMaxSeconds; without: the scenario's own
  std::string engine = "null";      // or "gcm"
  std::string json;                 // a file for the reports, one line each; empty: none
};

// Runs them and prints the report, or with many seeds the progress and the sums. The process's
// status: 1 when an invariant was broken, with the command that repeats it, or when no frame was
// complete in all runs, so that they show nothing; 2 when the file cannot be written.
int SimCommand(const SimRuns& runs);

}  // namespace confab::app
