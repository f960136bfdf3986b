#include "rtc/stun/stun_message.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "rtc/stun/stun_fingerprint.h"

namespace confab::rtc {
namespace {

// RFC 8489 §14.1.
constexpr uint8_t kFamilyIpv4 = 0x01;
constexpr uint8_t kFamilyIpv6 = 0x02;
constexpr uint16_t kFirstOptionalAttribute = 0x8000;

constexpr size_t Padded(size_t size) {
  return (size + 3) & ~size_t{3};
}

// RFC 8489 §5, Figure 3: M11..M7 C1 M6..M4 C0 M3..M0.
StunClass ClassOf(uint16_t type) {
  return static_cast<StunClass>((type >> 7 & 0b10) | (type >> 4 & 0b01));
}
uint16_t MethodOf(uint16_t type) {
  return static_cast<uint16_t>((type & 0x3e00) >> 2 | (type & 0x00e0) >> 1 | (type & 0x000f));
}

// The fixed fields of the header (RFC 8489 §5, Figure 2).
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |0 0|     STUN Message Type     |         Message Length        |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                         Magic Cookie                          |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |                     Transaction ID (96 bits)                  |
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
std::optional<StunParseError> CheckHeader(BytesView bytes) {
  if (bytes.size() < kStunHeaderSize || (bytes[0] & 0xc0) != 0) return StunParseError::kNotStun;
  if (LoadU32(&bytes[4]) != kStunMagicCookie) return StunParseError::kNotStun;
  const size_t length = LoadU16(&bytes[2]);
  if (length % 4 != 0 || length + kStunHeaderSize != bytes.size()) {
    return StunParseError::kBadLength;
  }
  return std::nullopt;
}

}  // namespace

std::expected<StunMessage, StunParseError> StunMessage::Parse(BytesView bytes) {
  if (const auto error = CheckHeader(bytes)) return std::unexpected(*error);
  StunMessage message(bytes);
  const uint16_t type = LoadU16(bytes.data());
  message.class_ = ClassOf(type);
  message.method_ = MethodOf(type);
  std::ranges::copy(bytes.subspan(8, message.transaction_id_.size()),
                    message.transaction_id_.begin());
  if (!message.ParseAttributes()) return std::unexpected(StunParseError::kBadAttribute);
  return message;
}

bool StunMessage::ParseAttributes() {
  ByteReader reader(bytes_);
  reader.Skip(kStunHeaderSize);
  while (reader.remaining() > 0) {
    // §14.7: "The FINGERPRINT attribute MUST be the last attribute in the message".
    if (has_fingerprint()) return false;
    const size_t offset = reader.offset();
    const uint16_t type = reader.U16();
    const size_t size = reader.U16();
    const BytesView value = reader.Bytes(size);
    reader.Skip(Padded(size) - size);
    if (!reader.ok() || !ParseAttribute(type, value, offset)) return false;
  }
  return true;
}

bool StunMessage::ParseAttribute(uint16_t type, BytesView value, size_t offset) {
  // §14.5: after MESSAGE-INTEGRITY only FINGERPRINT counts (MESSAGE-INTEGRITY-SHA256 is not
  // understood here): the rest is not authenticated.
  const auto known = static_cast<StunAttribute>(type);
  if (has_integrity() && known != StunAttribute::kFingerprint) return true;
  return ParseKnown(known, value, offset);
}

bool StunMessage::ParseKnown(StunAttribute type, BytesView value, size_t offset) {
  switch (type) {
    case StunAttribute::kUsername:
      if (!username_) username_ = AsText(value);
      return true;
    case StunAttribute::kMessageIntegrity:
      integrity_offset_ = offset;
      return value.size() == kStunIntegritySize;
    case StunAttribute::kFingerprint: fingerprint_offset_ = offset; return value.size() == 4;
    case StunAttribute::kPriority:
      if (value.size() != 4) return false;
      if (!priority_) priority_ = LoadU32(value.data());
      return true;
    case StunAttribute::kUseCandidate: use_candidate_ = true; return value.empty();
    case StunAttribute::kIceControlled:
    case StunAttribute::kIceControlling: {
      if (value.size() != 8) return false;
      auto& tie_breaker =
          type == StunAttribute::kIceControlled ? ice_controlled_ : ice_controlling_;
      if (!tie_breaker) tie_breaker = LoadU64(value.data());
      return true;
    }
    case StunAttribute::kXorMappedAddress:
      return xor_mapped_address_.has_value() || ParseXorMappedAddress(value);
    case StunAttribute::kErrorCode: return error_code_.has_value() || ParseErrorCode(value);
    case StunAttribute::kUnknownAttributes:
      unknown_attributes_listed_ = value;
      return value.size() % 2 == 0;
    case StunAttribute::kMappedAddress:
    case StunAttribute::kRealm:
    case StunAttribute::kNonce:
    case StunAttribute::kSoftware: return true;
  }
  NoteUnknown(static_cast<uint16_t>(type));
  return true;
}

// RFC 8489 §14.2: port and address are XORed with the magic cookie, IPv6 also with the
// transaction id, so that no middlebox rewrites them.
bool StunMessage::ParseXorMappedAddress(BytesView value) {
  ByteReader reader(value);
  reader.Skip(1);
  const uint8_t family = reader.U8();
  const auto port = static_cast<uint16_t>(reader.U16() ^ (kStunMagicCookie >> 16));
  const BytesView mask = bytes_.subspan(4, 16);
  if (family == kFamilyIpv4 && reader.remaining() == 4) {
    std::array<uint8_t, 4> ip;
    for (size_t i = 0; i < ip.size(); ++i) ip[i] = value[4 + i] ^ mask[i];
    xor_mapped_address_ = SocketAddress::Ipv4(ip, port);
  } else if (family == kFamilyIpv6 && reader.remaining() == 16) {
    std::array<uint8_t, 16> ip;
    for (size_t i = 0; i < ip.size(); ++i) ip[i] = value[4 + i] ^ mask[i];
    xor_mapped_address_ = SocketAddress::Ipv6(ip, port);
  }
  return xor_mapped_address_.has_value();
}

// RFC 8489 §14.8: 21 reserved bits, 3 of class (hundreds), 8 of number, then the reason.
bool StunMessage::ParseErrorCode(BytesView value) {
  ByteReader reader(value);
  const uint32_t word = reader.U32();
  const uint32_t hundreds = word >> 8 & 0x7;
  const uint32_t number = word & 0xff;
  if (!reader.ok() || hundreds < 3 || hundreds > 6 || number > 99) return false;
  error_code_ = static_cast<uint16_t>(hundreds * 100 + number);
  error_reason_ = AsText(reader.Bytes(reader.remaining()));
  return true;
}

void StunMessage::NoteUnknown(uint16_t type) {
  const auto listed = unknown_required();
  if (type >= kFirstOptionalAttribute || unknown_required_count_ == kMaxUnknownAttributes) return;
  if (std::ranges::find(listed, type) != listed.end()) return;
  unknown_required_[unknown_required_count_++] = type;
}

bool StunMessage::VerifyIntegrity(StunHmac& key) const {
  if (!has_integrity()) return false;
  const StunDigest expected = key.Digest(bytes_.first(integrity_offset_));
  const BytesView given =
      bytes_.subspan(integrity_offset_ + kStunAttributeHeaderSize, kStunIntegritySize);
  return CRYPTO_memcmp(expected.data(), given.data(), expected.size()) == 0;
}

bool StunMessage::VerifyFingerprint() const {
  if (!has_fingerprint()) return false;
  return LoadU32(&bytes_[fingerprint_offset_ + kStunAttributeHeaderSize]) ==
         StunFingerprint(bytes_.first(fingerprint_offset_));
}

std::optional<std::string_view> PeekLocalUfrag(BytesView datagram) {
  if (CheckHeader(datagram)) return std::nullopt;
  ByteReader reader(datagram);
  reader.Skip(kStunHeaderSize);
  while (reader.remaining() > 0) {
    const uint16_t type = reader.U16();
    const size_t size = reader.U16();
    const std::string_view value = AsText(reader.Bytes(size));
    reader.Skip(Padded(size) - size);
    if (!reader.ok()) return std::nullopt;
    if (static_cast<StunAttribute>(type) != StunAttribute::kUsername) continue;
    const size_t colon = value.find(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    return value.substr(0, colon);
  }
  return std::nullopt;
}

}  // namespace confab::rtc
