#include "rtc/stun/stun_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "rtc/stun/stun_message.h"
#include "rtc/stun/stun_vectors_test.h"

namespace confab::rtc {
namespace {

constexpr StunTransactionId kId = {0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34,
                                   0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae};

TEST(StunWriter, WritesTheIpv6ResponseOfRfc5769) {
  std::array<uint8_t, 200> buffer;
  StunHmac key(kRfc5769Password);
  StunWriter writer(buffer, StunClass::kSuccessResponse, kId);
  // The vector pads "test vector" with a blank and ours with zero, so the digests differ.
  writer.AddSoftware("test vector");
  writer.AddXorMappedAddress(*SocketAddress::Parse("2001:db8:1234:5678:11:2233:4455:6677", 32853));
  const auto expected = FromHex(kRfc5769Ipv6Response);
  ASSERT_EQ(writer.size(), 60u);
  EXPECT_TRUE(std::equal(buffer.begin() + 36, buffer.begin() + 60, expected.begin() + 36));
  writer.AddIntegrity(key);
  writer.AddFingerprint();
  ASSERT_EQ(writer.size(), expected.size());
  const auto message = StunMessage::Parse(BytesView(buffer).first(writer.size()));
  ASSERT_TRUE(message.has_value());
  EXPECT_TRUE(message->VerifyIntegrity(key));
  EXPECT_TRUE(message->VerifyFingerprint());
}

TEST(StunWriter, RoundTripsACheck) {
  std::array<uint8_t, kMaxStunMessageSize> buffer;
  StunHmac key("a password of some length");
  StunWriter writer(buffer, StunClass::kRequest, kId);
  writer.AddUsername("local:remote");
  writer.AddPriority(0x6e7f00ff);
  writer.AddIceControlling(0x0123456789abcdef);
  writer.AddUseCandidate();
  writer.AddIntegrity(key);
  writer.AddFingerprint();
  const auto message = StunMessage::Parse(BytesView(buffer).first(writer.size()));
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->message_class(), StunClass::kRequest);
  EXPECT_TRUE(message->is_binding());
  EXPECT_EQ(message->transaction_id(), kId);
  EXPECT_EQ(message->username(), "local:remote");
  EXPECT_EQ(message->priority(), 0x6e7f00ffu);
  EXPECT_EQ(message->ice_controlling(), 0x0123456789abcdefu);
  EXPECT_TRUE(message->use_candidate());
  EXPECT_TRUE(message->VerifyIntegrity(key));
  EXPECT_TRUE(message->VerifyFingerprint());
  StunHmac other("another password");
  EXPECT_FALSE(message->VerifyIntegrity(other));
}

TEST(StunWriter, RoundTripsEveryClassAndAnError) {
  for (const StunClass c : {StunClass::kRequest, StunClass::kIndication,
                            StunClass::kSuccessResponse, StunClass::kErrorResponse}) {
    std::array<uint8_t, 100> buffer;
    StunWriter writer(buffer, c, kId);
    writer.AddErrorCode(StunError::kRoleConflict, "Role Conflict");
    const std::array<uint16_t, 3> unknown = {0x7001, 0x7002, 0x7003};
    writer.AddUnknownAttributes(unknown);
    const auto message = StunMessage::Parse(BytesView(buffer).first(writer.size()));
    ASSERT_TRUE(message.has_value());
    EXPECT_EQ(message->message_class(), c);
    EXPECT_TRUE(message->is_binding());
    EXPECT_EQ(message->error_code(), 487);
    EXPECT_EQ(message->error_reason(), "Role Conflict");
    ASSERT_EQ(message->unknown_attributes_listed().size(), 6u);
    EXPECT_EQ(LoadU16(&message->unknown_attributes_listed()[4]), 0x7003);
  }
}

TEST(StunWriter, RoundTripsAddressesOfBothFamilies) {
  for (const char* ip : {"192.0.2.1", "255.255.255.255", "2001:db8::1", "::"}) {
    std::array<uint8_t, 100> buffer;
    StunWriter writer(buffer, StunClass::kSuccessResponse, kId);
    writer.AddXorMappedAddress(*SocketAddress::Parse(ip, 443));
    const auto message = StunMessage::Parse(BytesView(buffer).first(writer.size()));
    ASSERT_TRUE(message.has_value());
    EXPECT_EQ(message->xor_mapped_address(), SocketAddress::Parse(ip, 443)) << ip;
  }
}

TEST(StunWriter, HasNoSizeInEveryBufferThatIsTooSmall) {
  StunHmac key("a password");
  const auto write = [&key](MutableBytes buffer) {
    StunWriter writer(buffer, StunClass::kSuccessResponse, kId);
    writer.AddXorMappedAddress(*SocketAddress::Parse("192.0.2.1", 443));
    writer.AddIntegrity(key);
    writer.AddFingerprint();
    return writer.size();
  };
  std::vector<uint8_t> large(100);
  const size_t needed = write(large);
  ASSERT_EQ(needed, 64u);
  for (size_t size = 0; size < needed; ++size) {
    std::vector<uint8_t> small(size);
    EXPECT_EQ(write(small), 0u) << size;
  }
}

}  // namespace
}  // namespace confab::rtc
