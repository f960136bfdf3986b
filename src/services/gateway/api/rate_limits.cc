#include "services/gateway/api/rate_limits.h"

#include <algorithm>
#include <array>

#include "net/os_address.h"

namespace confab::gateway {

std::string NameOfAddress(const SocketAddress& client) {
  constexpr size_t kNetworkBytes = 8;
  if (client.family() != AddressFamily::kIpv6) return client.IpToString();
  // A proxy may have written one of IPv4 in the mapped form, as the system does.
  const SocketAddress plain = net::FromOs(net::ToOs(client).storage);
  if (plain.family() != AddressFamily::kIpv6) return plain.IpToString();
  std::array<uint8_t, 16> network{};
  std::ranges::copy(plain.ip().first(kNetworkBytes), network.begin());
  return SocketAddress::Ipv6(network, 0).IpToString();
}

std::optional<TimeDelta> RateLimits::Take(std::string_view name, Timestamp now) {
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) {
    order_.splice(order_.begin(), order_, found->second);
    return order_.front().bucket.Take(now);
  }
  if (order_.size() >= options_.max_names) {
    by_name_.erase(order_.back().name);
    order_.pop_back();
  }
  order_.push_front({std::string(name), TokenBucket(options_.per_second, options_.burst)});
  by_name_.emplace(order_.front().name, order_.begin());
  return order_.front().bucket.Take(now);
}

}  // namespace confab::gateway
