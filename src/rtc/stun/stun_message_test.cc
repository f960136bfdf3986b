#include "rtc/stun/stun_message.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <string>

#include "base/random.h"
#include "rtc/stun/stun_fingerprint.h"
#include "rtc/stun/stun_vectors_test.h"

namespace confab::rtc {
namespace {

// Takes a message to pieces that no check of ours guards: crashes and sanitizers are the test.
void ReadEverything(const StunMessage& message) {
  StunHmac key(kRfc5769Password);
  (void)message.VerifyIntegrity(key);
  (void)message.VerifyFingerprint();
  (void)std::string(message.username().value_or(""));
  (void)std::string(message.error_reason());
}

TEST(StunMessage, ReadsTheRequestOfRfc5769) {
  const auto bytes = FromHex(kRfc5769Request);
  const auto message = StunMessage::Parse(bytes);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->message_class(), StunClass::kRequest);
  EXPECT_TRUE(message->is_binding());
  EXPECT_EQ(message->username(), "evtj:h6vY");
  EXPECT_EQ(message->priority(), 0x6e0001ffu);
  EXPECT_EQ(message->ice_controlled(), 0x932ff9b151263b36u);
  EXPECT_FALSE(message->ice_controlling().has_value());
  EXPECT_FALSE(message->use_candidate());
  EXPECT_TRUE(message->unknown_required().empty());
  StunHmac key(kRfc5769Password);
  EXPECT_TRUE(message->VerifyIntegrity(key));
  EXPECT_TRUE(message->VerifyFingerprint());
}

TEST(StunMessage, ReadsTheResponsesOfRfc5769) {
  StunHmac key(kRfc5769Password);
  const std::pair<std::string_view, SocketAddress> cases[] = {
      {kRfc5769Ipv4Response, *SocketAddress::Parse("192.0.2.1", 32853)},
      {kRfc5769Ipv6Response, *SocketAddress::Parse("2001:db8:1234:5678:11:2233:4455:6677", 32853)},
  };
  for (const auto& [hex, address] : cases) {
    const auto bytes = FromHex(hex);
    const auto message = StunMessage::Parse(bytes);
    ASSERT_TRUE(message.has_value());
    EXPECT_EQ(message->message_class(), StunClass::kSuccessResponse);
    EXPECT_EQ(message->xor_mapped_address(), address);
    EXPECT_TRUE(message->VerifyIntegrity(key));
    EXPECT_TRUE(message->VerifyFingerprint());
  }
}

TEST(StunMessage, VerifiesTheLongTermRequestOfRfc5769) {
  const auto bytes = FromHex(kRfc5769LongTermRequest);
  const auto message = StunMessage::Parse(bytes);
  ASSERT_TRUE(message.has_value());
  EXPECT_FALSE(message->has_fingerprint());
  // RFC 8489 §9.2.2: key = MD5(username ":" realm ":" password).
  const std::string text = std::string(*message->username()) + ":example.org:TheMatrIX";
  std::string secret(16, '\0');
  ASSERT_EQ(EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(secret.data()),
                       nullptr, EVP_md5(), nullptr),
            1);
  StunHmac key(secret);
  EXPECT_TRUE(message->VerifyIntegrity(key));
}

TEST(StunMessage, RefusesEveryTruncation) {
  const auto bytes = FromHex(kRfc5769Request);
  for (size_t size = 0; size < bytes.size(); ++size) {
    // A copy of its own: the sanitizer sees a read past the end.
    const std::vector<uint8_t> cut(bytes.begin(), bytes.begin() + static_cast<long>(size));
    EXPECT_FALSE(StunMessage::Parse(cut).has_value()) << size;
    EXPECT_NO_FATAL_FAILURE((void)PeekLocalUfrag(cut));
  }
}

TEST(StunMessage, SurvivesEveryTruncationWhoseLengthFieldFits) {
  const auto bytes = FromHex(kRfc5769Request);
  size_t parsed = 0;
  for (size_t size = kStunHeaderSize; size < bytes.size(); size += 4) {
    std::vector<uint8_t> cut(bytes.begin(), bytes.begin() + static_cast<long>(size));
    StoreU16(&cut[2], static_cast<uint16_t>(size - kStunHeaderSize));
    const auto message = StunMessage::Parse(cut);
    if (!message) continue;
    ++parsed;
    ReadEverything(*message);
    EXPECT_FALSE(message->VerifyFingerprint());
  }
  EXPECT_EQ(parsed, 6u);  // a bare header, and after each attribute but the last
}

TEST(StunMessage, SurvivesEverySingleOctetChange) {
  const auto original = FromHex(kRfc5769Request);
  StunHmac key(kRfc5769Password);
  for (size_t at = 0; at < original.size(); ++at) {
    for (const int flip : {0x01, 0x04, 0x80, 0xff}) {
      auto bytes = original;
      bytes[at] = static_cast<uint8_t>(bytes[at] ^ flip);
      const auto message = StunMessage::Parse(bytes);
      if (!message) continue;
      ReadEverything(*message);
      EXPECT_FALSE(message->VerifyIntegrity(key) && message->VerifyFingerprint()) << at;
    }
  }
}

TEST(StunMessage, SurvivesRandomBytesBehindAValidHeader) {
  Prng random(5769);
  for (int round = 0; round < 20'000; ++round) {
    std::vector<uint8_t> bytes(kStunHeaderSize + 4 * random.Below(16));
    random.Fill(bytes);
    bytes[0] &= 0x3f;
    StoreU16(&bytes[2], static_cast<uint16_t>(bytes.size() - kStunHeaderSize));
    StoreU32(&bytes[4], kStunMagicCookie);
    // Small lengths, so that several attributes fit.
    for (size_t at = kStunHeaderSize; at + 4 <= bytes.size(); at += 8) {
      bytes[at] &= 0x80;
      bytes[at + 1] &= 0x2f;
      bytes[at + 2] = 0;
      bytes[at + 3] &= 0x0f;
    }
    (void)PeekLocalUfrag(bytes);
    if (const auto message = StunMessage::Parse(bytes)) ReadEverything(*message);
  }
}

struct BadCase {
  const char* name;
  std::string_view hex;
  StunParseError error;
};

TEST(StunMessage, NamesWhatIsWrong) {
  const BadCase cases[] = {
      {"first bits set", "40010000 2112a442 000000000000000000000000", StunParseError::kNotStun},
      {"no cookie", "00010000 2112a443 000000000000000000000000", StunParseError::kNotStun},
      {"length of another message", "00010004 2112a442 000000000000000000000000",
       StunParseError::kBadLength},
      {"length no multiple of four", "00010002 2112a442 000000000000000000000000 0000",
       StunParseError::kBadLength},
      {"attribute leaves the message",
       "00010008 2112a442 000000000000000000000000 00060005 61626364",
       StunParseError::kBadAttribute},
      {"short priority", "00010008 2112a442 000000000000000000000000 00240003 61626300",
       StunParseError::kBadAttribute},
      {"long use-candidate", "00010008 2112a442 000000000000000000000000 00250004 61626364",
       StunParseError::kBadAttribute},
      {"short integrity", "00010008 2112a442 000000000000000000000000 00080004 61626364",
       StunParseError::kBadAttribute},
      {"unknown family", "0101000c 2112a442 000000000000000000000000 00200008 0003a147e112a643",
       StunParseError::kBadAttribute},
      {"error class 7", "01110008 2112a442 000000000000000000000000 00090004 00000700",
       StunParseError::kBadAttribute},
      {"fingerprint not last",
       "00010010 2112a442 000000000000000000000000 80280004 00000000 80220004 61626364",
       StunParseError::kBadAttribute},
  };
  for (const BadCase& bad : cases) {
    const auto bytes = FromHex(bad.hex);
    const auto message = StunMessage::Parse(bytes);
    ASSERT_FALSE(message.has_value()) << bad.name;
    EXPECT_EQ(message.error(), bad.error) << bad.name;
  }
}

TEST(StunMessage, ListsUnknownRequiredAttributesOnceAndBounded) {
  std::vector<uint8_t> bytes = FromHex("00010000 2112a442 000000000000000000000000");
  const auto add = [&bytes](uint16_t type) {
    bytes.insert(bytes.end(), {static_cast<uint8_t>(type >> 8), static_cast<uint8_t>(type), 0, 0});
    StoreU16(&bytes[2], static_cast<uint16_t>(bytes.size() - kStunHeaderSize));
  };
  add(0x7001);
  add(0x7001);
  add(0xc057);  // comprehension-optional
  {
    const auto message = StunMessage::Parse(bytes);
    ASSERT_TRUE(message.has_value());
    ASSERT_EQ(message->unknown_required().size(), 1u);
    EXPECT_EQ(message->unknown_required()[0], 0x7001);
  }
  for (uint16_t type = 0x7002; type < 0x7020; ++type) add(type);
  const auto message = StunMessage::Parse(bytes);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->unknown_required().size(), StunMessage::kMaxUnknownAttributes);
}

TEST(StunMessage, LeavesOutWhatIntegrityDoesNotCover) {
  // USE-CANDIDATE and PRIORITY put behind MESSAGE-INTEGRITY by someone on the way.
  auto bytes = FromHex(
      "00010028 2112a442 000000000000000000000000"
      "00080014 0000000000000000000000000000000000000000"
      "00250000 00240004 7fffffff 70010000");
  StoreU16(&bytes[2], static_cast<uint16_t>(bytes.size() - kStunHeaderSize));
  const auto message = StunMessage::Parse(bytes);
  ASSERT_TRUE(message.has_value());
  EXPECT_FALSE(message->use_candidate());
  EXPECT_FALSE(message->priority().has_value());
  EXPECT_TRUE(message->unknown_required().empty());
}

TEST(StunMessage, TakesTheFirstOfRepeatedAttributes) {
  const auto bytes = FromHex(
      "00010018 2112a442 000000000000000000000000"
      "00240004 00000001 00240004 00000002 00060001 61202020");
  const auto message = StunMessage::Parse(bytes);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->priority(), 1u);
}

TEST(PeekLocalUfrag, FindsThePartBeforeTheColon) {
  const auto bytes = FromHex(kRfc5769Request);
  EXPECT_EQ(PeekLocalUfrag(bytes), "evtj");
}

TEST(PeekLocalUfrag, IsEmptyWithoutAUsableUsername) {
  EXPECT_FALSE(PeekLocalUfrag(FromHex(kRfc5769Ipv4Response)).has_value());
  EXPECT_FALSE(PeekLocalUfrag(FromHex(kRfc5769LongTermRequest)).has_value());  // no colon
  EXPECT_FALSE(PeekLocalUfrag({}).has_value());
  EXPECT_FALSE(
      PeekLocalUfrag(FromHex("00010008 2112a442 000000000000000000000000 00060002 3a610000"))
          .has_value());
}

TEST(StunFingerprint, IsTheCrcOfItuV42) {
  EXPECT_EQ(Crc32(AsBytes("123456789")), 0xcbf43926u);
}

}  // namespace
}  // namespace confab::rtc
