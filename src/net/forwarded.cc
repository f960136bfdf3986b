#include "net/forwarded.h"

#include <algorithm>
#include <string_view>

#include "net/http_text.h"

namespace confab::net {
namespace {

bool IsOneOf(std::span<const IpNetwork> networks, const SocketAddress& address) {
  return std::ranges::any_of(
      networks, [&address](const IpNetwork& network) { return network.Contains(address); });
}

// Takes the last element off a comma-separated list.
std::string_view TakeLast(std::string_view& list) {
  const size_t comma = list.rfind(',');
  const std::string_view last = comma == list.npos ? list : list.substr(comma + 1);
  list = comma == list.npos ? std::string_view() : list.substr(0, comma);
  return Trim(last);
}

}  // namespace

void ResolveForwarded(HttpRequest& request, std::span<const IpNetwork> trusted) {
  request.client = request.peer;
  request.is_https = request.is_tls;
  if (!IsOneOf(trusted, request.peer)) return;
  const std::string_view scheme = Trim(request.headers.FindLast("X-Forwarded-Proto").value_or(""));
  if (scheme == "http" || scheme == "https") request.is_https = scheme == "https";
  std::string_view list = request.headers.FindLast("X-Forwarded-For").value_or("");
  for (size_t i = 0; i < kMaxForwardedAddresses && !list.empty(); ++i) {
    const auto address = SocketAddress::Parse(TakeLast(list), 0);
    if (!address) return;
    request.client = *address;
    if (!IsOneOf(trusted, *address)) return;
  }
}

}  // namespace confab::net
