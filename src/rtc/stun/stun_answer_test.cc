#include "rtc/stun/stun_answer.h"

#include <gtest/gtest.h>

#include "rtc/stun/stun_message.h"
#include "rtc/stun/stun_writer.h"

namespace confab::rtc {
namespace {

const Path kPath{LocalSocket(0), SocketAddress::Ipv4({203, 0, 113, 5}, 6789)};

std::vector<uint8_t> Request(bool fingerprint) {
  std::vector<uint8_t> buffer(kMaxStunMessageSize);
  StunWriter writer(buffer, StunClass::kRequest, {1, 2, 3});
  if (fingerprint) writer.AddFingerprint();
  buffer.resize(writer.size());
  return buffer;
}

TEST(AnswerPlainBinding, TellsTheAddressTheRequestCameFrom) {
  DatagramSink sink;
  const auto request = Request(true);
  ASSERT_TRUE(AnswerPlainBinding(kPath, request, sink));
  ASSERT_EQ(sink.datagrams().size(), 1u);
  const auto answer = StunMessage::Parse(sink.datagrams()[0].bytes);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->xor_mapped_address(), kPath.remote);
  EXPECT_LE(sink.datagrams()[0].bytes.size(), request.size() + 4) << "no amplifier";
}

TEST(AnswerPlainBinding, IsSilentWithoutAFingerprintAndToOtherBytes) {
  DatagramSink sink;
  EXPECT_FALSE(AnswerPlainBinding(kPath, Request(false), sink));
  EXPECT_FALSE(AnswerPlainBinding(kPath, std::vector<uint8_t>(28), sink));
  auto broken = Request(true);
  broken.back() ^= 1;
  EXPECT_FALSE(AnswerPlainBinding(kPath, broken, sink));
  EXPECT_TRUE(sink.empty());
}

}  // namespace
}  // namespace confab::rtc
