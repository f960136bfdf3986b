#include "rtc/stun/stun_writer.h"

#include <algorithm>
#include <array>

#include "rtc/stun/stun_fingerprint.h"

namespace confab::rtc {
namespace {

constexpr size_t kFingerprintValueSize = 4;

// RFC 8489 §5, Figure 3: class and method bits interleaved.
uint16_t TypeOf(StunClass message_class, StunMethod method) {
  const auto c = static_cast<unsigned>(message_class);
  const auto m = static_cast<unsigned>(method);
  return static_cast<uint16_t>((m & 0xf80) << 2 | (c & 0b10) << 7 | (m & 0x070) << 1 |
                               (c & 0b01) << 4 | (m & 0x00f));
}

}  // namespace

StunWriter::StunWriter(MutableBytes buffer, StunClass message_class, const StunTransactionId& id)
    : writer_(buffer), id_(id) {
  writer_.U16(TypeOf(message_class, StunMethod::kBinding));
  writer_.U16(0);
  writer_.U32(kStunMagicCookie);
  writer_.Bytes(id);
}

void StunWriter::AddRaw(uint16_t type, BytesView value) {
  writer_.U16(type);
  writer_.U16(static_cast<uint16_t>(value.size()));
  writer_.Bytes(value);
  AddPadding(value.size());
}

// Every attribute ends here, so the length in the header is right after each of them.
void StunWriter::AddPadding(size_t size) {
  writer_.Zeros((4 - size % 4) % 4);
  StoreLength(writer_.size());
}

void StunWriter::StoreLength(size_t message_size) {
  if (!writer_.ok()) return;
  StoreU16(&writer_.written()[2], static_cast<uint16_t>(message_size - kStunHeaderSize));
}

void StunWriter::AddHeader(StunAttribute type, size_t size) {
  writer_.U16(static_cast<uint16_t>(type));
  writer_.U16(static_cast<uint16_t>(size));
}

void StunWriter::AddU64(StunAttribute type, uint64_t value) {
  AddHeader(type, 8);
  writer_.U64(value);
  AddPadding(8);
}

void StunWriter::AddUsername(std::string_view username) {
  AddRaw(static_cast<uint16_t>(StunAttribute::kUsername), AsBytes(username));
}

void StunWriter::AddSoftware(std::string_view name) {
  AddRaw(static_cast<uint16_t>(StunAttribute::kSoftware), AsBytes(name));
}

void StunWriter::AddPriority(uint32_t priority) {
  AddHeader(StunAttribute::kPriority, 4);
  writer_.U32(priority);
  AddPadding(4);
}

void StunWriter::AddUseCandidate() {
  AddHeader(StunAttribute::kUseCandidate, 0);
  AddPadding(0);
}

void StunWriter::AddIceControlled(uint64_t tie_breaker) {
  AddU64(StunAttribute::kIceControlled, tie_breaker);
}

void StunWriter::AddIceControlling(uint64_t tie_breaker) {
  AddU64(StunAttribute::kIceControlling, tie_breaker);
}

// RFC 8489 §14.2.
void StunWriter::AddXorMappedAddress(const SocketAddress& address) {
  const BytesView ip = address.ip();
  std::array<uint8_t, 16> mask;
  StoreU32(mask.data(), kStunMagicCookie);
  std::copy(id_.begin(), id_.end(), mask.begin() + 4);

  AddHeader(StunAttribute::kXorMappedAddress, 4 + ip.size());
  writer_.U8(0);
  writer_.U8(address.family() == AddressFamily::kIpv6 ? 0x02 : 0x01);
  writer_.U16(static_cast<uint16_t>(address.port() ^ (kStunMagicCookie >> 16)));
  for (size_t i = 0; i < ip.size(); ++i) writer_.U8(ip[i] ^ mask[i]);
  AddPadding(ip.size());
}

// RFC 8489 §14.8.
void StunWriter::AddErrorCode(StunError code, std::string_view reason) {
  const auto number = static_cast<uint16_t>(code);
  AddHeader(StunAttribute::kErrorCode, 4 + reason.size());
  writer_.U16(0);
  writer_.U8(static_cast<uint8_t>(number / 100));
  writer_.U8(static_cast<uint8_t>(number % 100));
  writer_.Bytes(AsBytes(reason));
  AddPadding(reason.size());
}

void StunWriter::AddUnknownAttributes(std::span<const uint16_t> types) {
  AddHeader(StunAttribute::kUnknownAttributes, types.size() * 2);
  for (const uint16_t type : types) writer_.U16(type);
  AddPadding(types.size() * 2);
}

void StunWriter::AddIntegrity(StunHmac& key) {
  if (!writer_.ok()) return;
  const StunDigest digest = key.Digest(writer_.written());
  AddRaw(static_cast<uint16_t>(StunAttribute::kMessageIntegrity), digest);
}

// RFC 8489 §14.7: the CRC covers a length field that counts FINGERPRINT already.
void StunWriter::AddFingerprint() {
  StoreLength(writer_.size() + kStunAttributeHeaderSize + kFingerprintValueSize);
  const uint32_t crc = writer_.ok() ? StunFingerprint(writer_.written()) : 0;
  AddHeader(StunAttribute::kFingerprint, kFingerprintValueSize);
  writer_.U32(crc);
  AddPadding(kFingerprintValueSize);
}

}  // namespace confab::rtc
