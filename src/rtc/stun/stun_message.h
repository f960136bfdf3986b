#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/socket_address.h"
#include "rtc/stun/stun_hmac.h"
#include "rtc/stun/stun_types.h"

namespace confab::rtc {

// Why bytes are not a STUN message.
enum class StunParseError : uint8_t {
  kNotStun,      // too short, first two bits set, or no magic cookie
  kBadLength,    // the header's length is not the datagram's, or no multiple of four
  kBadAttribute  // an attribute leaves the message, or has a wrong size or place
};

// A parsed STUN message (RFC 8489 §5, §14): a view on bytes that the caller owns and keeps.
// Every length is checked by Parse; nothing is authenticated. Attributes after MESSAGE-INTEGRITY
// other than FINGERPRINT are left out (§14.5); of repeated ones the first counts (§14).
class StunMessage {
 public:
  // Unknown comprehension-required types beyond these are not listed in a 420 answer.
  static constexpr size_t kMaxUnknownAttributes = 8;

  static std::expected<StunMessage, StunParseError> Parse(BytesView bytes);

  BytesView bytes() const { return bytes_; }
  StunClass message_class() const { return class_; }
  bool is_binding() const { return method_ == static_cast<uint16_t>(StunMethod::kBinding); }
  const StunTransactionId& transaction_id() const { return transaction_id_; }

  std::optional<std::string_view> username() const { return username_; }
  std::optional<uint32_t> priority() const { return priority_; }
  bool use_candidate() const { return use_candidate_; }
  // The tie-breakers of ICE-CONTROLLED and ICE-CONTROLLING.
  std::optional<uint64_t> ice_controlled() const { return ice_controlled_; }
  std::optional<uint64_t> ice_controlling() const { return ice_controlling_; }
  std::optional<SocketAddress> xor_mapped_address() const { return xor_mapped_address_; }
  // 300 to 699.
  std::optional<uint16_t> error_code() const { return error_code_; }
  std::string_view error_reason() const { return error_reason_; }
  // Types listed by a peer's UNKNOWN-ATTRIBUTES, two octets each.
  BytesView unknown_attributes_listed() const { return unknown_attributes_listed_; }
  // Comprehension-required types in this message that we do not know (§6.3.1: answer 420).
  std::span<const uint16_t> unknown_required() const {
    return std::span(unknown_required_).first(unknown_required_count_);
  }

  bool has_integrity() const { return integrity_offset_ != 0; }
  bool has_fingerprint() const { return fingerprint_offset_ != 0; }
  // True if MESSAGE-INTEGRITY is there and right for this key. Constant time in the digest.
  [[nodiscard]] bool VerifyIntegrity(StunHmac& key) const;
  // True if FINGERPRINT is there and right.
  [[nodiscard]] bool VerifyFingerprint() const;

 private:
  explicit StunMessage(BytesView bytes) : bytes_(bytes) {}
  bool ParseAttributes();
  bool ParseAttribute(uint16_t type, BytesView value, size_t offset);
  bool ParseKnown(StunAttribute type, BytesView value, size_t offset);
  bool ParseXorMappedAddress(BytesView value);
  bool ParseErrorCode(BytesView value);
  void NoteUnknown(uint16_t type);

  BytesView bytes_;
  StunClass class_ = StunClass::kRequest;
  uint16_t method_ = 0;
  StunTransactionId transaction_id_{};
  std::optional<std::string_view> username_;
  std::optional<uint32_t> priority_;
  bool use_candidate_ = false;
  std::optional<uint64_t> ice_controlled_;
  std::optional<uint64_t> ice_controlling_;
  std::optional<SocketAddress> xor_mapped_address_;
  std::optional<uint16_t> error_code_;
  std::string_view error_reason_;
  BytesView unknown_attributes_listed_;
  std::array<uint16_t, kMaxUnknownAttributes> unknown_required_{};
  size_t unknown_required_count_ = 0;
  // Of the attribute's header; 0: absent.
  size_t integrity_offset_ = 0;
  size_t fingerprint_offset_ = 0;
};

// The part of USERNAME before ':' (RFC 8445 §7.2.2: the receiver's ufrag) of what may be a Binding
// request, without a full parse: the I/O layer finds the session by it. A view into `datagram`.
// Promises nothing about the rest of the message.
std::optional<std::string_view> PeekLocalUfrag(BytesView datagram);

}  // namespace confab::rtc
