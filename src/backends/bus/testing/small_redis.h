#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "backends/bus/redis/redis_options.h"

namespace confab::bus {

// A real redis-server of a test's own: on a free port, in a temporary folder, without persistence.
// Ended, whatever state it is in, with this.
class SmallRedis {
 public:
  // nullptr with `why_not` where there is no redis-server. More arguments go to it.
  static std::unique_ptr<SmallRedis> Start(std::string& why_not,
                                           std::vector<std::string> arguments = {});
  ~SmallRedis();
  // On the loopback; nobody promises that it stays so.
  static uint16_t FreePort();
  SmallRedis(const SmallRedis&) = delete;
  SmallRedis& operator=(const SmallRedis&) = delete;

  RedisOptions options() const;
  const std::filesystem::path& folder() const { return folder_; }

  void Suspend();  // SIGSTOP: connections stay, nothing answers
  void Resume();
  void Kill();   // SIGKILL; what it held is lost, but for what it saved
  bool Begin();  // again, on the same port; false: it does not answer
  // One command, on a connection of its own; the raw answer.
  std::string Command(const std::vector<std::string>& words) const;

 private:
  SmallRedis(std::filesystem::path folder, uint16_t port, std::vector<std::string> arguments);

  std::filesystem::path folder_;
  uint16_t port_;
  std::vector<std::string> arguments_;
  pid_t process_ = -1;
};

}  // namespace confab::bus
