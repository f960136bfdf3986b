#pragma once

#include "net/asio.h"
#include "services/gateway/turn/turn_server.h"

namespace confab::gateway {

// Whether something at that address answers a STUN binding request (RFC 8489 §6), over UDP or TCP,
// within the time. Of TLS only the TCP connection is tried: its certificate is the client's affair.
asio::awaitable<bool> AnswersStun(TurnUrl url, TimeDelta limit);

}  // namespace confab::gateway
