#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/socket_address.h"

namespace confab::rtc {

enum class IceProtocol : uint8_t { kUdp, kTcp };

// A host candidate as signaling announces it. The type is always "host"; TCP ones are always
// passive (RFC 6544 §4.1): the client connects.
struct IceCandidate {
  std::string foundation;
  uint32_t priority = 0;
  std::string ip;
  uint16_t port = 0;
  IceProtocol protocol = IceProtocol::kUdp;

  bool operator==(const IceCandidate&) const = default;
};

// What more announced addresses than this would add to the join reply nobody needs.
inline constexpr size_t kMaxHostCandidates = 32;

// RFC 8445 §5.1.2.1 for component 1 of type host: 2^24 * 126 + 2^8 * local preference + 255. The
// local preference falls with `index`; that of TCP follows RFC 6544 §4.2 (direction preference 4,
// passive) and so is below every UDP one.
uint32_t HostCandidatePriority(IceProtocol protocol, size_t index);

// Candidates for the addresses a worker listens on, most wanted first: every UDP one is preferred
// to every TCP one, an earlier address to a later. At most kMaxHostCandidates, UDP first.
std::vector<IceCandidate> HostCandidates(std::span<const SocketAddress> udp,
                                         std::span<const SocketAddress> tcp);

}  // namespace confab::rtc
