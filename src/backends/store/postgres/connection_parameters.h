#pragma once

#include <map>
#include <string>
#include <vector>

#include "backends/store/fault.h"
#include "net/asio.h"

namespace confab::store {

// The keywords of a libpq connection: "host", "port", "dbname", … Never logged: "password".
using ConnectionParameters = std::map<std::string, std::string>;

// A connection URL (postgresql://…) taken apart by libpq, with what confab wants where the URL says
// nothing. Error kInvalidConfiguration; it does not show the URL.
Result<ConnectionParameters> ParseConnectionUrl(const std::string& url);

// With the addresses of the hosts' names ("hostaddr"), each host as often as it has addresses:
// libpq would look them up itself, and block the thread meanwhile. Folders of sockets stay as they
// are. How long that takes is up to the system's resolver. kUnavailable: none of the names has an
// address.
asio::awaitable<StoreResult<ConnectionParameters>> ResolveHosts(ConnectionParameters parameters);

}  // namespace confab::store
