#pragma once

#include "base/error.h"
#include "net/http_message.h"

namespace confab::net {

enum class HttpVersion : uint8_t { k10, k11 };

// Settles for which host a request is, so that nobody behind reads another one out of it (RFC 9112
// §3.2): afterwards there is one Host of the form name[:port] or [address][:port], at most
// kMaxHostBytes long, or none at all in HTTP/1.0, and the target begins with '/' (or is the "*" of
// OPTIONS). A target with a host in it (absolute-form, §3.2.2) has set Host and lost it.
// Error: kInvalidMessage, with a sentence for the client; it is answered 400.
Result<void> SettleHost(HttpRequest& request, HttpVersion version);

// The target, and path and query from it.
void SetTarget(HttpRequest& request, std::string target);

// A name of 253 characters (RFC 1035 §2.3.4), ':' and a port.
inline constexpr size_t kMaxHostBytes = 259;

}  // namespace confab::net
