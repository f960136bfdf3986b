#pragma once

#include <cstdint>
#include <functional>

#include "base/error.h"
#include "base/units.h"

namespace confab::client {

// Who they seem to come from.
enum class ReplaySource : uint8_t {
  kSender,    // the address that they were sent from: as somebody on the path can
  kStranger,  // an address of our own
};

// What becomes of them on the way.
enum class ReplayShape : uint8_t {
  kWhole,
  kForged,     // one octet is another, and RTP has a number that has not been seen
  kTruncated,  // of some of each kind every length
  kOversized,  // with so much behind them that no packet is as long
};

struct ReplayOptions {
  uint16_t port = 0;  // of the server, on this machine's loopback device
  TimeDelta listen = TimeDelta::Seconds(1);
  // And on, at most as long, until STUN, DTLS, RTP and RTCP have all come: a busy machine takes its
  // time.
  TimeDelta patience;
  std::function<void()> on_listening = [] {};  // nothing that is sent from now on is missed
  uint32_t max_packets = 2000;
  uint32_t times = 1;
  ReplaySource source = ReplaySource::kSender;
  ReplayShape shape = ReplayShape::kWhole;
};

struct ReplayResult {
  uint64_t captured_stun = 0;
  uint64_t captured_dtls = 0;
  uint64_t captured_rtp = 0;
  uint64_t captured_rtcp = 0;
  uint64_t sent = 0;

  bool has_every_kind() const {
    return captured_stun > 0 && captured_dtls > 0 && captured_rtp > 0 && captured_rtcp > 0;
  }
};

// Listens on the loopback device to what goes to the server, then sends it again.
// Blocks. Needs the rights for raw sockets: error kForbidden where they are missing.
Result<ReplayResult> Replay(const ReplayOptions& options);

}  // namespace confab::client
