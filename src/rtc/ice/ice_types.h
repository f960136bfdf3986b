#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace confab::rtc {

// RFC 8445 §6.1.1: who nominates. A lite agent is always controlled.
enum class IceRole : uint8_t { kControlled, kControlling };

enum class IceState : uint8_t {
  kNew,           // no authenticated check yet
  kConnected,     // there is a validated path
  kDisconnected,  // 30 s without an authenticated check, or no path answers; one that does,
                  // connects
};

constexpr std::string_view ToString(IceState state) {
  switch (state) {
    case IceState::kNew: return "new";
    case IceState::kConnected: return "connected";
    case IceState::kDisconnected: return "disconnected";
  }
  return "unknown";
}

// Why a STUN message had no success response, or was none to a check of ours. Counted, never logged
// one by one.
enum class IceDropReason : uint8_t {
  kMalformed,           // not a STUN message; no answer
  kBadFingerprint,      // no answer
  kIndication,          // keep-alives (RFC 8445 §11): no answer, and not a sign of life
  kUnexpectedResponse,  // to no check that waits for one; a lite agent sends none
  kUnknownMethod,       // no answer
  kMissingCredentials,  // no USERNAME or no MESSAGE-INTEGRITY: 400
  kUnknownUsername,     // 401
  kBadIntegrity,        // a request: 401; a response: ignored
  kUnknownAttributes,   // a request: 420; a response: ignored
  kMissingPriority,     // 400
  kRoleConflict,        // 487, sent or received
  kSinkFull,            // the answer or the check found no room
  kWrongSource,         // a response from elsewhere than where the check went
  kErrorResponse,       // other than 487
  kReplayed,            // a check that has come before, over a path that is not proven: no answer
};
inline constexpr size_t kIceDropReasonCount = 15;

}  // namespace confab::rtc
