#pragma once

#include <cstddef>

#include "base/units.h"

namespace confab::auth {

// What a token and what it is made of may be at most. Beyond each the token is refused, when it is
// signed as when it is verified.
inline constexpr size_t kMaxTokenBytes = 8 * 1024;
inline constexpr size_t kMaxJsonDepth = 8;  // objects and arrays within each other
inline constexpr size_t kMaxKeyIdBytes = 128;
inline constexpr size_t kMaxRoomBytes = 64;
inline constexpr size_t kMaxTokenIdBytes = 128;
inline constexpr size_t kMaxIdentityBytes = 255;
inline constexpr size_t kMaxNameBytes = 1024;  // of a person, before it is cleaned
inline constexpr size_t kMaxScopes = 32;
inline constexpr size_t kMaxScopeBytes = 64;
// So long a token of confab's own may be valid from the moment at which it is looked at: a key need
// be kept no longer after its last signature, nor the id of a used token.
inline constexpr TimeDelta kMaxTokenLifetime = TimeDelta::Seconds(24 * 3600);

}  // namespace confab::auth
