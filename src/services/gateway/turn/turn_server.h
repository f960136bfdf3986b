#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace confab::gateway {

// Where a TURN server is reached: a URI as RFC 7065 has it. A value.
struct TurnUrl {
  enum class Transport : uint8_t { kUdp, kTcp, kTls };

  std::string text;  // as browsers take it: "turn:turn.example.org:3478?transport=udp"
  std::string host;  // name or address, without brackets
  uint16_t port = 0;
  Transport transport = Transport::kUdp;

  // Error kInvalidConfiguration with the reason.
  static Result<TurnUrl> Parse(std::string_view text);
  bool operator==(const TurnUrl&) const = default;
};

// A TURN server that clients are offered, by one or more URLs, and where it stands.
struct TurnServer {
  std::vector<TurnUrl> urls;
  std::string region;

  // "REGION=URL", "URL URL" or both, as in the configuration: the URLs of one server parted by
  // spaces, in front of them its region. Error kInvalidConfiguration.
  static Result<TurnServer> Parse(std::string_view text);
  bool operator==(const TurnServer&) const = default;
};

}  // namespace confab::gateway
