#pragma once

#include <cstddef>
#include <deque>
#include <utility>

#include "base/units.h"
#include "rtc/packet_pool.h"

namespace confab::sfu {

// Authenticated RTP that came before its Produce: media takes the short way, signaling the long
// one. One per transport; bounded in packets and age.
class EarlyBuffer {
 public:
  // A keyframe of 2 Mbit/s video and what follows it within 100 ms.
  static constexpr size_t kMaxPackets = 128;
  static constexpr TimeDelta kMaxAge = TimeDelta::Seconds(2);

  // How many older packets had to go: out of time, or the oldest of too many.
  [[nodiscard]] size_t Add(Timestamp now, rtc::PacketRef packet) {
    const size_t with_all = packets_.size() + 1;
    while (!packets_.empty() && now - packets_.front()->received_at > kMaxAge) {
      packets_.pop_front();
    }
    packets_.push_back(std::move(packet));
    if (packets_.size() > kMaxPackets) packets_.pop_front();
    return with_all - packets_.size();
  }
  // Everything, in the order of arrival: whoever is still unknown comes back through Add.
  std::deque<rtc::PacketRef> Take() { return std::exchange(packets_, {}); }

 private:
  std::deque<rtc::PacketRef> packets_;
};

}  // namespace confab::sfu
