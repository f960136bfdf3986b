#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace confab::bench {

// One way to make the media service create a transport and close it again. Used from one thread.
class Operation {
 public:
  virtual ~Operation() = default;
  virtual std::string name() const = 0;
  // One call each. False where the service refused. `id` names the transport.
  virtual bool Create(const std::string& id) = 0;
  virtual bool Close(const std::string& id) = 0;
};

// What many of them took.
struct Times {
  std::vector<int64_t> nanos;  // of each creation
  int64_t cpu_nanos = 0;       // of the process, all threads, for all creations and closings
};

}  // namespace confab::bench
