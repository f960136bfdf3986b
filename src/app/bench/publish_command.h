#pragma once

#include <cstdint>
#include <string>

namespace confab::app {

// `confab bench publish`: people without browsers who send into one room.
struct PublishBench {
  static constexpr uint32_t kMaxPublishers = 100;
  static constexpr uint32_t kMaxSeconds = 24 * 3600;

  std::string url;
  std::string room;
  std::string clip;         // an IVF file with VP8
  uint32_t publishers = 1;  // 1…kMaxPublishers
  uint32_t seconds = 0;     // 0: until SIGINT or SIGTERM
};

// Says on stdout when all of them send, and in the end, as one line of JSON, what they sent. The
// process's status: 1 with a sentence on stderr when someone could not join or was cut off.
int PublishCommand(const PublishBench& bench);

}  // namespace confab::app
