// What a controlling agent says, and which messages it believes.
#include <gtest/gtest.h>

#include "rtc/ice/ice_controlling_fixture.h"
#include "rtc/ice/ice_lite.h"

namespace confab::rtc::controlling_test {
namespace {

TEST(IceControlling, SendsAnAuthenticCheckAtOnce) {
  ControllingFixture f;
  f.Check({kFirst});
  ASSERT_EQ(f.sent.size(), 1u);
  EXPECT_EQ(f.sent[0].path, kFirst);
  const StunMessage check = f.sent[0].message();
  EXPECT_EQ(check.message_class(), StunClass::kRequest);
  EXPECT_EQ(check.username(), "peer:localUfrag01");
  EXPECT_EQ(check.priority(), 0x6effffffu);
  EXPECT_TRUE(check.ice_controlling());
  EXPECT_FALSE(check.use_candidate());
  StunHmac key(kPeer.password);
  EXPECT_TRUE(check.VerifyIntegrity(key));
  EXPECT_TRUE(check.VerifyFingerprint());
  EXPECT_FALSE(f.agent.IsValidated(kFirst));
}

TEST(IceControlling, SelectsThePathThatAnswersAndNominatesIt) {
  ControllingFixture f;
  f.Check({kFirst});
  f.Answer(f.sent[0]);
  EXPECT_TRUE(f.output.Has(IceEvent::kConnected));
  EXPECT_TRUE(f.output.Has(IceEvent::kSelectedChanged));
  EXPECT_EQ(f.agent.selected(), kFirst);
  EXPECT_TRUE(f.agent.IsValidated(kFirst));
  EXPECT_FALSE(f.agent.is_nominated());
  ASSERT_EQ(f.sent.size(), 2u);
  EXPECT_TRUE(f.sent[1].message().use_candidate());
  f.Answer(f.sent[1]);
  EXPECT_TRUE(f.agent.is_nominated());
  EXPECT_FALSE(f.output.has_events());
}

TEST(IceControlling, IgnoresWhatDoesNotAnswerItsCheck) {
  ControllingFixture f;
  f.Check({kFirst, kSecond});
  const StunMessage check = f.sent[0].message();
  f.Receive(ResponseTo(check, "wrongPassword01234567890"), kFirst);
  EXPECT_EQ(f.agent.dropped(IceDropReason::kBadIntegrity), 1u);
  f.Receive(ResponseTo(check, kPeer.password), kSecond);
  EXPECT_EQ(f.agent.dropped(IceDropReason::kWrongSource), 1u);
  Path other = kFirst;
  other.local = LocalSocket(2);
  f.Receive(ResponseTo(check, kPeer.password), other);
  EXPECT_EQ(f.agent.dropped(IceDropReason::kWrongSource), 2u);
  auto unknown = f.sent[0].bytes;
  unknown[10] ^= 1;
  f.Receive(ResponseTo(*StunMessage::Parse(unknown), kPeer.password), kFirst);
  EXPECT_EQ(f.agent.dropped(IceDropReason::kUnexpectedResponse), 1u);
  f.Receive(f.sent[0].bytes, kFirst);  // our own check, reflected
  EXPECT_EQ(f.agent.dropped(IceDropReason::kUnknownUsername), 1u);
  EXPECT_FALSE(f.agent.selected());
  EXPECT_EQ(f.agent.state(), IceState::kNew);
  f.Answer(f.sent[0]);
  EXPECT_EQ(f.agent.selected(), kFirst) << "the check was still open";
  f.Answer(f.sent[0]);
  EXPECT_EQ(f.agent.dropped(IceDropReason::kUnexpectedResponse), 2u);
}

TEST(IceControlling, StaysControllingOnARoleConflictAndCountsErrors) {
  ControllingFixture f;
  f.Check({kFirst});
  const StunMessage check = f.sent[0].message();
  f.Receive(ResponseTo(check, kPeer.password, StunClass::kErrorResponse), kFirst);
  EXPECT_EQ(f.agent.dropped(IceDropReason::kRoleConflict), 1u);
  f.Receive(ResponseTo(check, kPeer.password, StunClass::kErrorResponse, StunError::kBadRequest),
            kFirst);
  EXPECT_EQ(f.agent.dropped(IceDropReason::kErrorResponse), 1u);
  f.RunUntil(kStart + TimeDelta::Millis(500));
  ASSERT_EQ(f.sent.size(), 2u);
  EXPECT_TRUE(f.sent[1].message().ice_controlling());
}

TEST(IceControlling, NeverBelievesATruncatedResponse) {
  ControllingFixture f;
  f.Check({kFirst});
  const auto good = ResponseTo(f.sent[0].message(), kPeer.password);
  constexpr size_t kFingerprintAttribute = 8;
  for (size_t size = 0; size < good.size(); ++size) {
    f.Receive(BytesView(good).first(size), kFirst);
    EXPECT_FALSE(f.agent.selected()) << size;
  }
  for (size_t at = 0; at < good.size() - kFingerprintAttribute; ++at) {
    auto bytes = good;
    bytes[at] ^= 0x10;
    f.Receive(bytes, kFirst);
    EXPECT_FALSE(f.agent.selected()) << at;
  }
  f.Receive(good, kFirst);
  EXPECT_EQ(f.agent.selected(), kFirst);
}

// With its header (RFC 8489 §14.7).
constexpr size_t kFingerprintAttribute = 8;

TEST(IceControlling, SurvivesRandomBytesAndLongCredentials) {
  ControllingFixture f;
  f.Check({kFirst}, {.ufrag = std::string(70'000, 'u'), .password = ""});
  EXPECT_TRUE(f.sent.empty());
  f.Check({kFirst});
  const auto good = ResponseTo(f.sent[0].message(), kPeer.password);
  for (int round = 0; round < 5'000; ++round) {
    auto bytes = good;
    // Not the first octet, it is STUN, and not FINGERPRINT, without which the rest is authentic.
    const size_t covered = bytes.size() - kFingerprintAttribute;
    bytes[1 + f.random.Below(covered - 1)] ^= static_cast<uint8_t>(1 + f.random.Below(255));
    f.Receive(bytes, kFirst);
  }
  EXPECT_FALSE(f.agent.selected());
}

TEST(IceControlling, AnswersTheChecksOfAFullPeerAndBelievesNoneOfThem) {
  ControllingFixture f;
  f.Check({kFirst});
  f.sent.clear();
  const auto request = [](const std::string& password, IceRole role) {
    std::vector<uint8_t> bytes(kMaxStunMessageSize);
    StunWriter writer(bytes, StunClass::kRequest, {1, 2, 3});
    writer.AddUsername("localUfrag01:peer");
    writer.AddPriority(1);
    if (role == IceRole::kControlled) writer.AddIceControlled(7);
    if (role == IceRole::kControlling) writer.AddIceControlling(7);
    StunHmac key(password);
    writer.AddIntegrity(key);
    writer.AddFingerprint();
    bytes.resize(writer.size());
    return bytes;
  };
  f.Receive(request(kLocal.password, IceRole::kControlled), kSecond);
  ASSERT_EQ(f.sent.size(), 1u);
  EXPECT_EQ(f.sent[0].message().message_class(), StunClass::kSuccessResponse);
  EXPECT_EQ(f.agent.answered(), 1u);
  f.Receive(request(kLocal.password, IceRole::kControlling), kSecond);
  EXPECT_EQ(f.sent[1].message().error_code(), 487);
  f.Receive(request("wrong", IceRole::kControlled), kSecond);
  EXPECT_EQ(f.sent[2].message().error_code(), 401);
  EXPECT_FALSE(f.agent.IsValidated(kSecond));
}

// The link between a controlling agent and a lite one, without delay.
TEST(IceControlling, ConnectsToALiteAgentAndFollowsItsRestart) {
  ControllingFixture f;
  IceLite lite(kStart, kPeer);
  DatagramSink lite_sink;
  IceOutput lite_output(lite_sink);
  const auto exchange = [&] {
    while (!f.sent.empty()) {
      const Sent sent = f.sent.front();
      f.sent.erase(f.sent.begin());
      lite.HandleStun(f.now, sent.path, sent.bytes, lite_output);
      for (const OutgoingDatagram& d : lite_sink.datagrams()) f.Receive(d.bytes, d.path);
      lite_sink.Clear();
    }
  };
  f.Check({kFirst});
  exchange();
  EXPECT_TRUE(f.agent.is_nominated());
  EXPECT_TRUE(lite.is_nominated());
  EXPECT_EQ(lite.selected(), kFirst);

  lite.Restart(kRestarted, lite_output);
  f.Check({kSecond}, kRestarted);
  exchange();
  EXPECT_EQ(f.agent.selected(), kSecond);
  EXPECT_EQ(lite.selected(), kSecond);
  EXPECT_TRUE(lite.is_nominated());
  EXPECT_EQ(lite.ufrags().size(), 1u);

  while (f.now < kStart + TimeDelta::Seconds(120)) {
    f.RunUntil(f.agent.NextTimeout());
    exchange();
  }
  lite.HandleTimeout(f.now, lite_output);
  EXPECT_EQ(lite.state(), IceState::kConnected);
  EXPECT_EQ(f.agent.state(), IceState::kConnected);
}

}  // namespace
}  // namespace confab::rtc::controlling_test
