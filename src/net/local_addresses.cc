#include "net/local_addresses.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

namespace confab::net {
namespace {

std::optional<SocketAddress> FromSystem(const sockaddr* address) {
  if (address == nullptr) return std::nullopt;
  if (address->sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, address, sizeof(v4));
    std::array<uint8_t, 4> bytes;
    std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
    return SocketAddress::Ipv4(bytes, 0);
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, address, sizeof(v6));
    std::array<uint8_t, 16> bytes;
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return SocketAddress::Ipv6(bytes, 0);
  }
  return std::nullopt;
}

// fe80::/10 needs a zone to be reached, which neither a URL nor a candidate carries.
bool IsLinkLocalIpv6(const SocketAddress& address) {
  if (address.family() != AddressFamily::kIpv6) return false;
  return address.ip()[0] == 0xfe && (address.ip()[1] & 0xc0) == 0x80;
}

int Rank(const SocketAddress& address) {
  if (address.is_loopback()) return address.family() == AddressFamily::kIpv4 ? 2 : 3;
  return address.family() == AddressFamily::kIpv4 ? 0 : 1;
}

}  // namespace

std::vector<SocketAddress> LocalAddresses() {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, freeifaddrs);
  std::vector<SocketAddress> addresses;
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if ((entry->ifa_flags & IFF_UP) == 0) continue;
    const auto address = FromSystem(entry->ifa_addr);
    if (!address || IsLinkLocalIpv6(*address)) continue;
    if (std::ranges::find(addresses, *address) == addresses.end()) addresses.push_back(*address);
  }
  std::ranges::stable_sort(addresses, {}, Rank);
  return addresses;
}

}  // namespace confab::net
