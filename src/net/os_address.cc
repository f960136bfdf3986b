#include "net/os_address.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace confab::net {
namespace {

// RFC 4291 §2.5.5.2: ::ffff:0:0/96.
constexpr std::array<uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

OsAddress ToOs(const SocketAddress& address) {
  OsAddress os;
  if (address.family() == AddressFamily::kIpv4) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(address.port());
    std::memcpy(&v4.sin_addr, address.ip().data(), 4);
    std::memcpy(&os.storage, &v4, sizeof(v4));
    os.size = sizeof(v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port());
    std::memcpy(&v6.sin6_addr, address.ip().data(), 16);
    std::memcpy(&os.storage, &v6, sizeof(v6));
    os.size = sizeof(v6);
  }
  return os;
}

SocketAddress FromOs(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &storage, sizeof(v4));
    std::array<uint8_t, 4> ip;
    std::memcpy(ip.data(), &v4.sin_addr, ip.size());
    return SocketAddress::Ipv4(ip, ntohs(v4.sin_port));
  }
  sockaddr_in6 v6;
  std::memcpy(&v6, &storage, sizeof(v6));
  std::array<uint8_t, 16> ip;
  std::memcpy(ip.data(), &v6.sin6_addr, ip.size());
  if (std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), ip.begin())) {
    return SocketAddress::Ipv4({ip[12], ip[13], ip[14], ip[15]}, ntohs(v6.sin6_port));
  }
  return SocketAddress::Ipv6(ip, ntohs(v6.sin6_port));
}

SocketAddress LocalAddressOf(int fd) {
  sockaddr_storage bound{};
  socklen_t size = sizeof(bound);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return {};
  return FromOs(bound);
}

}  // namespace confab::net
