#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace confab {

enum class AddressFamily : uint8_t { kNone, kIpv4, kIpv6 };

// An IP address and port. A value without any tie to the operating system, so that the pure core
// can name peers. IPv4 uses the first four bytes, the rest are zero. An IPv4-mapped IPv6 address is
// normalised to IPv4 by whoever makes a SocketAddress from the operating system's form.
class SocketAddress {
 public:
  SocketAddress() = default;
  static SocketAddress Ipv4(const std::array<uint8_t, 4>& bytes, uint16_t port);
  static SocketAddress Ipv6(const std::array<uint8_t, 16>& bytes, uint16_t port);
  // "192.0.2.1" or "2001:db8::1"; no brackets, no port.
  static std::optional<SocketAddress> Parse(std::string_view ip, uint16_t port);

  AddressFamily family() const { return family_; }
  uint16_t port() const { return port_; }
  // 4 or 16 bytes in network order; empty for kNone.
  BytesView ip() const;
  bool is_loopback() const;
  // RFC 1918, RFC 4193 (fc00::/7), link-local and carrier-grade NAT (100.64.0.0/10).
  bool is_private() const;

  std::string IpToString() const;
  // "192.0.2.1:4000" or "[2001:db8::1]:4000".
  std::string ToString() const;
  auto operator<=>(const SocketAddress&) const = default;

  size_t hash() const noexcept;

 private:
  std::array<uint8_t, 16> ip_{};
  uint16_t port_ = 0;
  AddressFamily family_ = AddressFamily::kNone;
};

}  // namespace confab

template <>
struct std::hash<confab::SocketAddress> {
  size_t operator()(const confab::SocketAddress& address) const noexcept { return address.hash(); }
};
