#include "services/media/local_ends.h"

#include <algorithm>

#include "services/media/media_sockets.h"

namespace confab::media {
namespace {

// `place`: among those of this family.
const SocketAddress& Choose(std::span<const SocketAddress> announced, AddressFamily family,
                            size_t place) {
  const SocketAddress* chosen = &announced.front();
  size_t seen = 0;
  for (const SocketAddress& each : announced) {
    if (each.family() != family || seen > place) continue;
    chosen = &each;
    ++seen;
  }
  return *chosen;
}

}  // namespace

std::vector<SocketAddress> AnnouncedFor(std::span<const SocketAddress> listening,
                                        std::span<const SocketAddress> announced) {
  std::vector<SocketAddress> all;
  for (size_t i = 0; i < listening.size(); ++i) {
    const SocketAddress& address = listening[i];
    const auto place = static_cast<size_t>(
        std::ranges::count(listening.first(i), address.family(), &SocketAddress::family));
    all.push_back(announced.empty()
                      ? address
                      : WithPort(Choose(announced, address.family(), place), address.port()));
  }
  return all;
}

std::optional<PathEnds> LocalEnds::Of(const std::optional<rtc::Path>& path) const {
  if (!path) return std::nullopt;
  return PathEnds{.protocol = TcpConnections::IsConnection(path->local) ? "tcp" : "udp",
                  .local = AddressOf(path->local),
                  .remote = path->remote};
}

std::optional<SocketAddress> LocalEnds::AddressOf(rtc::LocalSocket local) const {
  if (TcpConnections::IsConnection(local)) return Announced(tcp_.ListenerOf(local));
  if (PlainSockets::IsPlain(local)) return plain_.AddressOf(local);
  return Announced(local.value());
}

std::optional<SocketAddress> LocalEnds::Announced(std::optional<size_t> socket) const {
  if (!socket || *socket >= announced_.size()) return std::nullopt;
  return announced_[*socket];
}

}  // namespace confab::media
