#pragma once

#include <array>
#include <string>
#include <string_view>

#include "services/logs/story/story.h"

namespace confab::logs {

// The path of one direction, as a page says it.
struct ClientPath {
  std::string state, protocol, relay_protocol, local_type;

  bool is_connected() const { return state == "connected" || state == "completed"; }
  // Packets go by UDP as far as this client sees: to the server itself, or to a relay.
  bool is_udp() const {
    return protocol == "udp" && (relay_protocol.empty() || relay_protocol == "udp");
  }
};

inline constexpr std::array<std::string_view, 2> kDirections{"send", "recv"};

ClientPath PathOf(const ClientReport& report, std::string_view direction);
// Whether the page has sent STUN checks in any direction, or says that it is about to.
bool HasTried(const ClientReport& report);
// Whether one of its transports is connected.
bool IsConnected(const ClientReport& report);

}  // namespace confab::logs
