#pragma once

#include <span>

#include "base/ip_network.h"
#include "net/http_message.h"

namespace confab::net {

// Sets who asks and how, `client` and `is_https`, from `peer` and `is_tls`, which are of the
// connection, and, only where the peer is one of `trusted`, from what that proxy says:
// X-Forwarded-For, read from its end over further trusted proxies to the first address that is none
// of them, and X-Forwarded-Proto. What does not parse counts as not said; at most
// kMaxForwardedAddresses are read.
void ResolveForwarded(HttpRequest& request, std::span<const IpNetwork> trusted);

inline constexpr size_t kMaxForwardedAddresses = 16;

}  // namespace confab::net
