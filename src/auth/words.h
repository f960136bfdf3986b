#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace confab::auth {

// The small languages inside of tokens and key files. Bytes, not characters, are counted.

// 1 to kMaxRoomBytes of A-Z, a-z, 0-9, '_' and '-'.
bool IsRoomName(std::string_view text);
// 1 to kMaxTokenIdBytes of printable ASCII without spaces.
bool IsTokenId(std::string_view text);
// 1 to kMaxIdentityBytes without control characters.
bool IsIdentity(std::string_view text);
// 1 to kMaxScopeBytes of a-z, 0-9, ':', '.', '_' and '-': "rooms:read".
bool IsScope(std::string_view text);
bool IsRole(std::string_view text);  // "guest", "member", "moderator"

// Scopes parted by single spaces, at most kMaxScopes (RFC 6749 §3.3); "" is none.
std::optional<std::vector<std::string>> ParseScopes(std::string_view text);
std::string JoinScopes(const std::vector<std::string>& scopes);

}  // namespace confab::auth
