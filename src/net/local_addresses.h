#pragma once

#include <vector>

#include "base/socket_address.h"

namespace confab::net {

// The addresses of this machine's interfaces that are up, port 0, without duplicates: IPv4 before
// IPv6, loopback last, link-local IPv6 left out, bridges of containers included. Empty when the
// system does not tell.
std::vector<SocketAddress> LocalAddresses();

}  // namespace confab::net
