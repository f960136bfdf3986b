#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace confab::net {

// Where a URL leads, and what to ask for there.
struct UrlTarget {
  bool is_tls = false;
  std::string host;       // a name or an address, without brackets
  uint16_t port = 0;      // the scheme's where the URL has none
  std::string authority;  // host and port as written: the Host field
  std::string path;       // with the query; "/" at least
};

enum class UrlScheme : uint8_t {
  kHttp,       // http:// or https://
  kWebSocket,  // ws:// or wss:// (RFC 6455 §3)
};

// Error kInvalidMessage: no URL, another scheme, no host, or no usable port.
Result<UrlTarget> ParseUrlTarget(const std::string& url, UrlScheme scheme);

}  // namespace confab::net
