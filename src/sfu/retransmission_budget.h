#pragma once

#include <algorithm>
#include <cstdint>

namespace confab::sfu {

// How much of a stream may be repeated: half of what it sends, with a store for bursts of loss, so
// that a receiver who loses everything, or says so, costs the others no more than that. A value,
// one per consumer.
class RetransmissionBudget {
 public:
  static constexpr uint64_t kCapacity = 128 * 1024;  // octets: half a second of 2 Mbit/s
  static constexpr uint64_t kInitial = 32 * 1024;    // a keyframe, before much was sent

  // False: `octets` are not to be had. `sent`: octets of payload that the stream has sent so far.
  bool Take(uint64_t sent, uint64_t octets) {
    credit_ = std::min(kCapacity, credit_ + (sent - seen_) / 2);
    seen_ = sent;
    if (octets > credit_) return false;
    credit_ -= octets;
    return true;
  }

 private:
  uint64_t credit_ = kInitial;
  uint64_t seen_ = 0;
};

}  // namespace confab::sfu
