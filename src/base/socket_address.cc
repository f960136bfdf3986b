#include "base/socket_address.h"

#include <arpa/inet.h>

#include <algorithm>

namespace confab {

SocketAddress SocketAddress::Ipv4(const std::array<uint8_t, 4>& bytes, uint16_t port) {
  SocketAddress address;
  address.family_ = AddressFamily::kIpv4;
  std::ranges::copy(bytes, address.ip_.begin());
  address.port_ = port;
  return address;
}

SocketAddress SocketAddress::Ipv6(const std::array<uint8_t, 16>& bytes, uint16_t port) {
  SocketAddress address;
  address.family_ = AddressFamily::kIpv6;
  address.ip_ = bytes;
  address.port_ = port;
  return address;
}

std::optional<SocketAddress> SocketAddress::Parse(std::string_view ip, uint16_t port) {
  const std::string text(ip);
  // inet_pton(3) would stop there, and the rest be taken for a part of the address.
  if (text.find('\0') != std::string::npos) return std::nullopt;
  std::array<uint8_t, 4> v4;
  if (inet_pton(AF_INET, text.c_str(), v4.data()) == 1) return Ipv4(v4, port);
  std::array<uint8_t, 16> v6;
  if (inet_pton(AF_INET6, text.c_str(), v6.data()) == 1) return Ipv6(v6, port);
  return std::nullopt;
}

BytesView SocketAddress::ip() const {
  switch (family_) {
    case AddressFamily::kNone: return {};
    case AddressFamily::kIpv4: return BytesView(ip_).first(4);
    case AddressFamily::kIpv6: return BytesView(ip_);
  }
  return {};
}

bool SocketAddress::is_loopback() const {
  if (family_ == AddressFamily::kIpv4) return ip_[0] == 127;
  if (family_ != AddressFamily::kIpv6) return false;
  return std::all_of(ip_.begin(), ip_.end() - 1, [](uint8_t b) { return b == 0; }) && ip_[15] == 1;
}

bool SocketAddress::is_private() const {
  const uint8_t a = ip_[0];
  const uint8_t b = ip_[1];
  if (family_ == AddressFamily::kIpv4) {
    return a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168) ||
           (a == 169 && b == 254) || (a == 100 && b >= 64 && b < 128);
  }
  return family_ == AddressFamily::kIpv6 &&
         ((a & 0xfe) == 0xfc || (a == 0xfe && (b & 0xc0) == 0x80));
}

std::string SocketAddress::IpToString() const {
  if (family_ == AddressFamily::kNone) return "none";
  char text[INET6_ADDRSTRLEN];
  inet_ntop(family_ == AddressFamily::kIpv4 ? AF_INET : AF_INET6, ip_.data(), text, sizeof(text));
  return text;
}

std::string SocketAddress::ToString() const {
  const std::string port = std::to_string(port_);
  return family_ == AddressFamily::kIpv6 ? "[" + IpToString() + "]:" + port
                                         : IpToString() + ":" + port;
}

size_t SocketAddress::hash() const noexcept {
  // FNV-1a in 64-bit words: spread is what counts, peers may choose ports but not collisions that
  // cost more than a probe in a bounded table.
  uint64_t h = 0xcbf29ce484222325;
  const auto mix = [&h](uint64_t word) { h = (h ^ word) * 0x100000001b3; };
  mix(LoadU64(ip_.data()));
  mix(LoadU64(ip_.data() + 8));
  mix(static_cast<uint64_t>(port_) << 8 | static_cast<uint64_t>(family_));
  return static_cast<size_t>(h ^ (h >> 29));
}

}  // namespace confab
