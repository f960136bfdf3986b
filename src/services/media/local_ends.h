#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/socket_address.h"
#include "rtc/types.h"
#include "services/media/plain_sockets.h"
#include "services/media/tcp_connections.h"

namespace confab::media {

// A path of a transport as statistics and the log name it.
struct PathEnds {
  std::string_view protocol;           // "udp", "tcp"
  std::optional<SocketAddress> local;  // nullopt: the connection or socket has ended
  SocketAddress remote;
};

// For each listening address the one that clients were told of it (NAT): of the announced ones of
// its family the one with the same place among them, the last where there are fewer; without one of
// its family the first of all. Nothing announced: itself. The port is the listening one's.
std::vector<SocketAddress> AnnouncedFor(std::span<const SocketAddress> listening,
                                        std::span<const SocketAddress> announced);

// Knows which address of this worker a local socket of its core is. Lives on the worker's thread.
class LocalEnds {
 public:
  // `announced`: of each socket that is neither a connection's nor a plain transport's, in the
  // order of their numbers. The others are not owned and outlive this.
  LocalEnds(std::vector<SocketAddress> announced, const TcpConnections& tcp,
            const PlainSockets& plain)
      : announced_(std::move(announced)), tcp_(tcp), plain_(plain) {}

  // Of no path none.
  std::optional<PathEnds> Of(const std::optional<rtc::Path>& path) const;

 private:
  std::optional<SocketAddress> AddressOf(rtc::LocalSocket local) const;
  std::optional<SocketAddress> Announced(std::optional<size_t> socket) const;

  std::vector<SocketAddress> announced_;
  const TcpConnections& tcp_;
  const PlainSockets& plain_;
};

}  // namespace confab::media
