#pragma once

#include <cstdint>
#include <string_view>

#include "base/units.h"
#include "rtc/types.h"

namespace confab::bench {

// What one sender sends: every `interval` as many packets of `payload_size` octets as its rate has
// room for. A value.
struct Traffic {
  std::string_view name;
  rtc::MediaKind kind;
  size_t payload_size;
  DataRate rate;  // of payload
  TimeDelta interval;
};

inline constexpr Traffic kVideo{.name = "video 1200 B",
                                .kind = rtc::MediaKind::kVideo,
                                .payload_size = 1200,
                                .rate = DataRate::KilobitsPerSecond(2000),
                                .interval = TimeDelta::Millis(5)};
inline constexpr Traffic kAudio{.name = "audio 160 B",
                                .kind = rtc::MediaKind::kAudio,
                                .payload_size = 160,
                                .rate = DataRate::KilobitsPerSecond(64),
                                .interval = TimeDelta::Millis(20)};

// Turns a rate into packets: how many are due at each interval.
class Pace {
 public:
  explicit Pace(const Traffic& traffic) : traffic_(&traffic) {}
  int Next() {
    credit_bits_ += traffic_->rate.bps() * traffic_->interval.us() / 1'000'000;
    const auto packet_bits = static_cast<int64_t>(traffic_->payload_size) * 8;
    const auto packets = static_cast<int>(credit_bits_ / packet_bits);
    credit_bits_ -= packets * packet_bits;
    return packets;
  }

 private:
  const Traffic* traffic_;
  int64_t credit_bits_ = 0;
};

}  // namespace confab::bench
