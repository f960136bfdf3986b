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
// How many STUN checks the page has sent in all directions.
int64_t ChecksSent(const ClientReport& report);
// Whether one of its transports is connected.
bool IsConnected(const ClientReport& report);

}  // namespace confab::logs
