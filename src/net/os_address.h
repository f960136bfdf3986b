#pragma once

#include <sys/socket.h>

#include "base/socket_address.h"

namespace confab::net {

// A SocketAddress as the operating system takes it.
struct OsAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

OsAddress ToOs(const SocketAddress& address);
// `storage` is filled by the system and of AF_INET or AF_INET6. An IPv4-mapped IPv6 address becomes
// IPv4.
SocketAddress FromOs(const sockaddr_storage& storage);
// The address a socket is bound to; family kNone if the system does not tell.
SocketAddress LocalAddressOf(int fd);

}  // namespace confab::net
