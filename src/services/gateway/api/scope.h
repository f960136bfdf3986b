#pragma once

#include <cstdint>
#include <string_view>

namespace confab::gateway {

// What a caller must be allowed to use a route. docs/security.md has the whole table.
enum class Scope : uint8_t {
  kOpen,      // everyone: what it tells is public
  kGuest,     // everyone who knows a room's name, where guests are allowed; from our own pages only
  kJoined,    // who may enter a room, or is in it: a join token or a resume token
  kSignedIn,  // a person, by a token of the OpenID Connect issuer
  kRoomsRead,
  kRoomsWrite,
  kTokensWrite,
  kModerate,
  kStateRead,
  kLogs,         // what was logged, and what it explains
  kMetricsRead,  // the door of /metrics takes the same: MetricsDoor
};

// As it stands in API tokens ("rooms:read"); for the first four what the documents call them.
constexpr std::string_view ToString(Scope scope) {
  switch (scope) {
    case Scope::kOpen: return "open";
    case Scope::kGuest: return "guest";
    case Scope::kJoined: return "joined";
    case Scope::kSignedIn: return "signed-in";
    case Scope::kRoomsRead: return "rooms:read";
    case Scope::kRoomsWrite: return "rooms:write";
    case Scope::kTokensWrite: return "tokens:write";
    case Scope::kModerate: return "participants:moderate";
    case Scope::kStateRead: return "state:read";
    case Scope::kLogs: return "logs";
    case Scope::kMetricsRead: return "metrics:read";
  }
  return "";
}

}  // namespace confab::gateway
