#include "rtc/ice/ice_candidate.h"

#include <algorithm>

namespace confab::rtc {
namespace {

// RFC 8445 §5.1.2.2.
constexpr uint32_t kHostTypePreference = 126;
constexpr uint32_t kComponent = 1;
// RFC 6544 §4.2: local preference = 2^13 * direction preference + other preference.
constexpr uint32_t kPassiveDirectionPreference = 4;
constexpr uint32_t kMaxOtherPreference = 8191;
constexpr uint32_t kMaxLocalPreference = 65535;

void Append(std::vector<IceCandidate>& candidates, IceProtocol protocol,
            std::span<const SocketAddress> addresses) {
  for (size_t i = 0; i < addresses.size() && candidates.size() < kMaxHostCandidates; ++i) {
    // RFC 8445 §5.1.1.3: equal for equal type, base address and protocol; so one for each here.
    std::string foundation = std::to_string(candidates.size() + 1);
    candidates.push_back({.foundation = std::move(foundation),
                          .priority = HostCandidatePriority(protocol, i),
                          .ip = addresses[i].IpToString(),
                          .port = addresses[i].port(),
                          .protocol = protocol});
  }
}

}  // namespace

uint32_t HostCandidatePriority(IceProtocol protocol, size_t index) {
  const auto rank = static_cast<uint32_t>(std::min<size_t>(index, kMaxOtherPreference));
  const uint32_t local_preference =
      protocol == IceProtocol::kUdp
          ? kMaxLocalPreference - rank
          : (kPassiveDirectionPreference << 13) + kMaxOtherPreference - rank;
  return kHostTypePreference << 24 | local_preference << 8 | (256 - kComponent);
}

std::vector<IceCandidate> HostCandidates(std::span<const SocketAddress> udp,
                                         std::span<const SocketAddress> tcp) {
  std::vector<IceCandidate> candidates;
  Append(candidates, IceProtocol::kUdp, udp);
  Append(candidates, IceProtocol::kTcp, tcp);
  return candidates;
}

}  // namespace confab::rtc
