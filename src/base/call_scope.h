#pragma once

#include <string>

namespace confab {

// Whom something is done for: what a log line names, and what services tell each other with a call
// (rpc/call_scope_metadata.h). Parts that are not known are empty. A value.
struct CallScope {
  std::string room;
  std::string participant;
  std::string session;  // the connection of the participant's client to signaling
  std::string trace;    // of W3C trace context: 32 hexadecimal digits

  bool operator==(const CallScope&) const = default;
};

}  // namespace confab
