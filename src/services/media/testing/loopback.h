#pragma once

#include "base/socket_address.h"

namespace confab::media::testing {

// Any free port of this machine, for nobody else.
inline const SocketAddress kLoopback = SocketAddress::Ipv4({127, 0, 0, 1}, 0);

}  // namespace confab::media::testing
