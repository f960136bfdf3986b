#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/socket_address.h"

namespace confab {

// A block of IP addresses (CIDR, RFC 4632 §3.1; RFC 4291 §2.3). A value.
class IpNetwork {
 public:
  // "192.0.2.0/24", "2001:db8::/32", or one address without a length. nullopt: anything else, bits
  // beyond the length included: "10.1.2.3/8" may mean 10.0.0.0/8 or one machine.
  static std::optional<IpNetwork> Parse(std::string_view text);

  // Of the same family only; ports do not matter.
  bool Contains(const SocketAddress& address) const;
  // The lowest address, with port 0.
  const SocketAddress& base() const { return base_; }
  std::string ToString() const;
  bool operator==(const IpNetwork&) const = default;

 private:
  IpNetwork(const SocketAddress& base, size_t length) : base_(base), length_(length) {}

  SocketAddress base_;
  size_t length_;  // in bits
};

}  // namespace confab
