#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/units.h"

namespace confab::socketio {

// Of Engine.IO, the connection below Socket.IO.
struct EngineOptions {
  // Begins every session id, followed by '.', so that a gateway can find this server by the id
  // alone: letters, digits, '-' and '_'.
  std::string instance_id = "local";
  TimeDelta ping_interval = TimeDelta::Seconds(25);
  TimeDelta ping_timeout = TimeDelta::Seconds(20);
  TimeDelta upgrade_timeout = TimeDelta::Seconds(10);  // probe to upgrade
  size_t max_payload = 1'000'000;             // bytes of one message, or of one polling request
  size_t max_sessions = 20'000;               // beyond: refused with 503
  size_t max_queued_bytes = 4 * 1024 * 1024;  // waiting for one client; beyond: "slow reader"
  // Origins that may use this server from other sites: "*" or "https://a.example". Empty: no CORS
  // fields. Where the list names origins, a WebSocket from another one (and not from Host) is
  // refused too, as browsers do not do that.
  std::vector<std::string> cors_origins;
};

struct ServerOptions {
  EngineOptions engine;
  // A connection that joins no namespace within it is closed. Stock clients ask at once; until then
  // the connection takes a place of max_sessions from those who show a token.
  TimeDelta connect_timeout = TimeDelta::Seconds(10);
};

struct ServerCounters {
  uint64_t sessions = 0;  // now
  uint64_t sessions_opened = 0;
  uint64_t refused = 0;   // handshakes answered with an error
  uint64_t upgrades = 0;  // polling to WebSocket
  uint64_t packets_in = 0;
  uint64_t packets_out = 0;  // one per receiver
  uint64_t parse_errors = 0;
  uint64_t slow_readers = 0;
  uint64_t ping_timeouts = 0;
  uint64_t handler_exceptions = 0;
  uint64_t dropped_events = 0;  // for a namespace that was left
};

}  // namespace confab::socketio
