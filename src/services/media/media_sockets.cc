#include "services/media/media_sockets.h"

#include <utility>

namespace confab::media {
namespace {

Result<MediaSockets> BindAll(const std::vector<SocketAddress>& addresses, uint16_t port) {
  MediaSockets sockets;
  Result<MediaSockets> none;
  for (const SocketAddress& address : addresses) {
    // Port 0: the first socket's choice goes for all.
    auto udp = net::UdpSocket::Bind(WithPort(address, sockets.udp.empty() ? port : sockets.port()));
    if (!udp && udp.error().code == ErrorCode::kUnavailable) {
      none = std::unexpected(udp.error());
      continue;
    }
    if (!udp) return std::unexpected(udp.error());
    auto tcp = net::TcpListener::Bind(udp->local());
    if (!tcp) return std::unexpected(tcp.error());
    sockets.udp.push_back(std::move(*udp));
    sockets.tcp.push_back(std::move(*tcp));
  }
  return sockets.udp.empty() ? std::move(none) : std::move(sockets);
}

void SplitOffHandshakes(MediaSockets& sockets) {
  for (net::UdpSocket& socket : sockets.udp) {
    auto handshakes = socket.SplitOffHandshakes();
    if (!handshakes) return sockets.handshakes.clear();
    sockets.handshakes.push_back(std::move(*handshakes));
  }
}

}  // namespace

std::vector<SocketAddress> MediaSockets::addresses() const {
  std::vector<SocketAddress> all;
  for (const net::UdpSocket& socket : udp) all.push_back(socket.local());
  return all;
}

SocketAddress WithPort(const SocketAddress& address, uint16_t port) {
  return *SocketAddress::Parse(address.IpToString(), port);
}

Result<MediaSockets> BindMediaSockets(const std::vector<SocketAddress>& addresses, uint16_t port,
                                      uint16_t attempts) {
  if (addresses.empty()) {
    return Fail(ErrorCode::kInvalidConfiguration, "media has no address to listen on");
  }
  Result<MediaSockets> sockets;
  for (uint32_t i = 0; i <= attempts; ++i) {
    const uint32_t next = port == 0 ? 0 : uint32_t{port} + i;
    if (next > 65'535) break;
    sockets = BindAll(addresses, static_cast<uint16_t>(next));
    if (sockets || sockets.error().code == ErrorCode::kUnavailable) break;
  }
  if (sockets) SplitOffHandshakes(*sockets);
  return sockets;
}

}  // namespace confab::media
