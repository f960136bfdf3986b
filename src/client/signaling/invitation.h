#pragma once

#include <string>

#include "base/error.h"
#include "net/asio.h"

namespace confab::client {

// A guest's join token for a room, from the server's gateway: good for one join within ten minutes.
// Where the server says that it is asked too often, asks again when it said, until `limit` is over.
// Error: kUnavailable, kForbidden (it takes no guests), or what else the server says.
asio::awaitable<Result<std::string>> FetchInvitation(std::string url, std::string room,
                                                     TimeDelta limit);

}  // namespace confab::client
