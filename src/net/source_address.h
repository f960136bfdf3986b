#pragma once

#include <optional>

#include "base/socket_address.h"

namespace confab::net {

// The address of this machine that packets to `remote` would come from, port 0: the routing table
// is asked, nothing is sent. nullopt: there is no way there.
std::optional<SocketAddress> SourceAddressTowards(const SocketAddress& remote);

}  // namespace confab::net
