#include "fuzz/seeds/seed_writer.h"
#include "rtc/stun/stun_vectors_test.h"
#include "rtc/stun/stun_writer.h"

namespace confab::fuzz {
namespace {

constexpr rtc::StunTransactionId kId = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

template <typename Add>
void SaveWritten(const std::string& name, rtc::StunClass message_class, Add add) {
  std::array<uint8_t, rtc::kMaxStunMessageSize> buffer;
  rtc::StunWriter writer(buffer, message_class, kId);
  add(writer);
  writer.AddFingerprint();
  CHECK(writer.size() > 0);
  Seed().Bytes(BytesView(buffer).first(writer.size())).Save("stun", name);
}

// A TCP stream: how it is cut, a STUN message, media, and what is passed over.
void SaveFraming() {
  constexpr size_t kMedia = 12, kTooLong = 70;
  std::array<uint8_t, rtc::kMaxStunMessageSize> buffer;
  rtc::StunWriter binding(buffer, rtc::StunClass::kRequest, kId);
  const std::vector<uint8_t> media(kMedia, 0x80), too_long(kTooLong, 0x80);
  Seed seed;
  seed.U8(4).U8(1).U8(1).U8(9).U8(30);
  seed.Piece(BytesView(buffer).first(binding.size())).Piece(media).Piece({}).Piece(too_long);
  seed.Piece(media).Save("framing", "stun_media_nothing_too_long");
}

}  // namespace

void WriteStunSeeds() {
  SaveFraming();
  Seed().Bytes(rtc::FromHex(rtc::kRfc5769Request)).Save("stun", "rfc5769_request");
  Seed().Bytes(rtc::FromHex(rtc::kRfc5769Ipv4Response)).Save("stun", "rfc5769_ipv4_response");
  Seed().Bytes(rtc::FromHex(rtc::kRfc5769Ipv6Response)).Save("stun", "rfc5769_ipv6_response");
  Seed().Bytes(rtc::FromHex(rtc::kRfc5769LongTermRequest)).Save("stun", "rfc5769_long_term");
  SaveWritten("plain_binding", rtc::StunClass::kRequest, [](rtc::StunWriter&) {});
  SaveWritten("nominating_check", rtc::StunClass::kRequest, [](rtc::StunWriter& writer) {
    rtc::StunHmac key(rtc::kRfc5769Password);
    writer.AddUsername("local:peer");
    writer.AddPriority(0x6e7f00ff);
    writer.AddUseCandidate();
    writer.AddIceControlling(7);
    writer.AddIntegrity(key);
  });
  SaveWritten("role_conflict", rtc::StunClass::kErrorResponse, [](rtc::StunWriter& writer) {
    writer.AddErrorCode(rtc::StunError::kRoleConflict, "Role Conflict");
  });
  SaveWritten("unknown_attributes", rtc::StunClass::kErrorResponse, [](rtc::StunWriter& writer) {
    constexpr std::array<uint16_t, 2> kTypes = {0x7000, 0x7001};
    writer.AddErrorCode(rtc::StunError::kUnknownAttribute, "Unknown Attribute");
    writer.AddUnknownAttributes(kTypes);
    writer.AddRaw(0x7000, {});
  });
}

}  // namespace confab::fuzz
