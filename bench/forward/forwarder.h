#pragma once

#include <cstdint>
#include <string_view>

namespace confab::bench {

// Something that takes one sender's packets and gives each to every receiver, on a thread of its
// own. Lives longer than the rounds that it is measured in; the peers outlive it.
class Forwarder {
 public:
  virtual ~Forwarder() = default;
  virtual std::string_view name() const = 0;
  // Sends `packets` packets from the scene's sender to the forwarder. On the caller's thread.
  virtual void Feed(int packets) = 0;
  // Processor time of the forwarding thread since it began, in nanoseconds.
  virtual int64_t CpuNanos() = 0;
  // Whether receivers have the keys of what they get.
  virtual bool receivers_have_keys() const = 0;
};

}  // namespace confab::bench
