#include "socketio/disconnect_reason.h"

namespace confab::socketio {

std::string_view ToString(DisconnectReason reason) {
  switch (reason) {
    case DisconnectReason::kClientDisconnect: return "client namespace disconnect";
    case DisconnectReason::kServerDisconnect: return "server namespace disconnect";
    case DisconnectReason::kTransportClose: return "transport close";
    case DisconnectReason::kTransportError: return "transport error";
    case DisconnectReason::kPingTimeout: return "ping timeout";
    case DisconnectReason::kParseError: return "parse error";
    case DisconnectReason::kSlowReader: return "slow reader";
    case DisconnectReason::kShuttingDown: return "server shutting down";
  }
  return "";
}

}  // namespace confab::socketio
