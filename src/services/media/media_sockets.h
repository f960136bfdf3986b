#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "base/socket_address.h"
#include "net/tcp_listener.h"
#include "net/udp_socket.h"

namespace confab::media {

// A worker's sockets: for each address one for UDP and one for TCP (ICE-TCP passive), all on one
// port number, so that a firewall needs one rule for both. Of equal length, at least one each. On
// the same addresses, in the same order, those that STUN and DTLS come to, so that strangers cannot
// fill the buffer that media waits in; none where the kernel cannot split an address.
struct MediaSockets {
  std::vector<net::UdpSocket> udp;
  std::vector<net::UdpSocket> handshakes;
  std::vector<net::TcpListener> tcp;

  uint16_t port() const { return udp.front().local().port(); }
  std::vector<SocketAddress> addresses() const;
};

SocketAddress WithPort(const SocketAddress& address, uint16_t port);

// Binds every address on `port`; where one of its sockets is taken, all of them on the next port,
// so many times as `attempts` says. Port 0: whichever is free. An address that this machine does
// not have (any more; or not yet: IPv6 is tentative for a second, RFC 4862 §5.4) is left out unless
// it is the last. Errors name the address.
Result<MediaSockets> BindMediaSockets(const std::vector<SocketAddress>& addresses, uint16_t port,
                                      uint16_t attempts);

}  // namespace confab::media
