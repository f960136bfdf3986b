#pragma once

#include <map>
#include <string>
#include <vector>

#include "backends/store/fault.h"
#include "base/units.h"
#include "net/asio.h"

namespace confab::store {

// The keywords of a libpq connection: "host", "port", "dbname", … Never logged: "password".
using ConnectionParameters = std::map<std::string, std::string>;

// A connection URL (postgresql://…) taken apart by libpq, with what confab wants where the URL says
// nothing. Error kInvalidConfiguration; it does not show the URL.
Result<ConnectionParameters> ParseConnectionUrl(const std::string& url);

// The servers that the parameters name, in the order in which they are to be tried, each with one
// address: asked for several at once, libpq stays at one that swallows packets, and it would look
// up names itself and block the thread meanwhile. A name is there as often as it has addresses,
// together at most 16; folders of sockets stay as they are. One alone cannot tell whether to prefer
// it: with "prefer-standby" all are there as standbys first, then once more as any. What is not
// found after `limit` is left out. kUnavailable: there is no address at all.
asio::awaitable<StoreResult<std::vector<ConnectionParameters>>> FindServers(
    ConnectionParameters parameters, TimeDelta limit);

}  // namespace confab::store
