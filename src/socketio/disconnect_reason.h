#pragma once

#include <cstdint>
#include <string_view>

namespace confab::socketio {

// Why a socket is gone.
enum class DisconnectReason : uint8_t {
  kClientDisconnect,  // the client left the namespace
  kServerDisconnect,  // Socket::Disconnect
  kTransportClose,    // the connection ended
  kTransportError,    // the connection broke, or the client broke Engine.IO's rules
  kPingTimeout,       // no pong in time
  kParseError,        // a packet that is no Socket.IO
  kSlowReader,        // more than max_queued_bytes wait for a client that does not read
  kShuttingDown,      // Server::Stop
};

// As the reference server spells it, for example "transport close".
std::string_view ToString(DisconnectReason reason);

}  // namespace confab::socketio
