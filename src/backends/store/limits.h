#pragma once

#include <cstddef>
#include <cstdint>

#include "base/units.h"

namespace confab::store {

// What one value may be at most; beyond it the call is refused (kRefused). Octets of UTF-8.
inline constexpr size_t kMaxRoomBytes = 64;
inline constexpr size_t kMaxIdBytes = 128;  // of sessions, messages, keys, entries
inline constexpr size_t kMaxTokenIdBytes = 2 * kMaxIdBytes + 1;   // a key's, "/" and its own
inline constexpr size_t kMaxIdentityBytes = 255;                  // who somebody is
inline constexpr size_t kMaxActorBytes = 16 + kMaxIdentityBytes;  // whoever sends, acts or is told
inline constexpr size_t kMaxNameBytes = 1024;
inline constexpr size_t kMaxInstanceBytes = 64;
inline constexpr size_t kMaxRegionBytes = 63;
inline constexpr size_t kMaxWordBytes = 64;  // an action, a reason
inline constexpr size_t kMaxSettingsBytes = 16 * 1024;
inline constexpr size_t kMaxMessageBytes = 16 * 1024;
inline constexpr size_t kMaxDetailBytes = 4 * 1024;
inline constexpr size_t kMaxSecretBytes = 1024;
inline constexpr size_t kMaxScopesBytes = 32 * 65;

// A page that asks for more rows gets so many.
inline constexpr int64_t kMaxPageRows = 200;
// One more is refused; as auth::kMaxApiKeys.
inline constexpr int64_t kMaxApiKeys = 256;
// Leases renewed in one call; more are refused.
inline constexpr size_t kMaxRenewals = 100;

// Of one call of the Database: beyond, it is refused (kRefused) before anything is done.
inline constexpr size_t kMaxStatements = 128;
inline constexpr size_t kMaxParameters = 16;
// An answer of more rows is an error (kBroken): every query has a limit of its own.
inline constexpr int64_t kMaxAnswerRows = 10'000;
// Calls that wait for their turn; beyond, kBusy.
inline constexpr size_t kMaxWaitingCalls = 1024;
// How long a call waits for its turn; then kBusy or kUnavailable.
inline constexpr TimeDelta kMaxWait = TimeDelta::Seconds(5);
// Prepared statements that a connection keeps; there are fewer in the program. Beyond, they are
// made anew.
inline constexpr size_t kMaxPrepared = 256;

}  // namespace confab::store
