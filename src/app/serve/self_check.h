#pragma once

#include <string>

#include "base/error.h"
#include "base/socket_address.h"
#include "net/asio.h"

namespace confab::app {

// The start-up checks that confab makes as its own client, so that "reachable" is a fact.

// Fetches a page of ours. Error kUnavailable with a sentence that says what to do.
asio::awaitable<Result<void>> CheckPage(std::string url);

// Sends a STUN Binding request to the media port, up to three times, and waits for an answer, an
// error answer included: the port is there and speaks STUN. Error kUnavailable as above.
asio::awaitable<Result<void>> CheckMediaPort(SocketAddress address);

}  // namespace confab::app
