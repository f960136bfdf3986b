#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/error.h"
#include "forward/traffic.h"
#include "rtc/srtp/srtp_engine.h"

namespace confab::bench {

struct SceneOptions {
  const Traffic* traffic = nullptr;
  rtc::SrtpProfile profile = rtc::SrtpProfile::kAeadAes128Gcm;
  size_t receivers = 10;
  int rounds = 5;  // of each forwarder, in turn
  TimeDelta round_time = TimeDelta::Seconds(2);
  int forwarder_processor = 0;  // the peers are on the other one
  int peer_processor = 1;
};

// What one forwarder took, median of the rounds.
struct ForwarderResult {
  std::string name;
  double nanos_per_packet = 0;  // processor time of its thread for one packet to one receiver
  double ratio_to_probe = 0;    // median of the rounds' ratios
  uint64_t packets = 0;         // to receivers, in all rounds
  uint64_t lost = 0;            // did not reach one
};

struct SceneResult {
  std::vector<ForwarderResult> forwarders;
  int64_t connect_nanos = 0;            // confab's processor time for one peer's ICE and DTLS
  std::array<int64_t, 3> transit_us{};  // confab's: median, 99 %, largest
  uint64_t samples = 0;                 // opened by receivers
  uint64_t bad_samples = 0;             // that did not open: 0, or the figures are worth nothing
};

// With more the machine cannot carry the scene.
inline constexpr double kMostLostPercent = 5;
// Why the figures are worth nothing; empty: they are worth something.
std::string ProblemOf(const SceneResult& result);

// Measures confab's worker and both yardsticks in the same scene, round by round in turn.
Result<SceneResult> Measure(const SceneOptions& options);

}  // namespace confab::bench
