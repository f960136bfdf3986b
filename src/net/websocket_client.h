#pragma once

#include <memory>
#include <string>

#include "net/asio.h"
#include "net/websocket.h"

namespace confab::net {

// Opens a WebSocket as a client (RFC 6455 §4.1): resolves the name, connects and does the
// handshake, all of it within `limit`. `url` is ws://host[:port][/path][?query]; wss:// is not
// spoken yet. Error: kInvalidMessage (url), kUnavailable (with what failed: name, connection,
// refusal, time-out).
asio::awaitable<Result<std::unique_ptr<WebSocket>>> ConnectWebSocket(std::string url,
                                                                     size_t max_message_bytes,
                                                                     TimeDelta limit);

}  // namespace confab::net
