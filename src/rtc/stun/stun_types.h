#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace confab::rtc {

// RFC 8489 §5: two bits of class, spread over the message type.
enum class StunClass : uint8_t {
  kRequest = 0b00,
  kIndication = 0b01,
  kSuccessResponse = 0b10,
  kErrorResponse = 0b11,
};

// RFC 8489 §18.2: 12 bits. Others may arrive; Binding is the only one that ICE uses.
enum class StunMethod : uint16_t { kBinding = 0x001 };

// RFC 8489 §18.3 and RFC 8445 §16.1. Types below 0x8000 are comprehension-required.
enum class StunAttribute : uint16_t {
  kMappedAddress = 0x0001,
  kUsername = 0x0006,
  kMessageIntegrity = 0x0008,
  kErrorCode = 0x0009,
  kUnknownAttributes = 0x000a,
  kRealm = 0x0014,
  kNonce = 0x0015,
  kXorMappedAddress = 0x0020,
  kPriority = 0x0024,
  kUseCandidate = 0x0025,
  kSoftware = 0x8022,
  kFingerprint = 0x8028,
  kIceControlled = 0x8029,
  kIceControlling = 0x802a,
};

// RFC 8489 §14.8 and RFC 8445 §7.3.1.1.
enum class StunError : uint16_t {
  kBadRequest = 400,
  kUnauthenticated = 401,
  kUnknownAttribute = 420,
  kRoleConflict = 487,
};

constexpr std::string_view ReasonPhrase(StunError error) {
  switch (error) {
    case StunError::kBadRequest: return "Bad Request";
    case StunError::kUnauthenticated: return "Unauthenticated";
    case StunError::kUnknownAttribute: return "Unknown Attribute";
    case StunError::kRoleConflict: return "Role Conflict";
  }
  return "";
}

using StunTransactionId = std::array<uint8_t, 12>;

inline constexpr size_t kStunHeaderSize = 20;
inline constexpr size_t kStunAttributeHeaderSize = 4;
inline constexpr uint32_t kStunMagicCookie = 0x2112a442;
// HMAC-SHA1 (RFC 8489 §14.5).
inline constexpr size_t kStunIntegritySize = 20;
// RFC 8489 §14.7: the CRC-32 is XORed with this, so that it differs from another protocol's CRC.
inline constexpr uint32_t kStunFingerprintXor = 0x5354554e;
// No STUN message of ours is longer: no answer can be fragmented on the way (RFC 8489 §6.1).
inline constexpr size_t kMaxStunMessageSize = 548;

}  // namespace confab::rtc
