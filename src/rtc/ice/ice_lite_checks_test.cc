// How IceLite answers what may arrive: success, every refusal, silence.
#include <gtest/gtest.h>

#include "base/random.h"
#include "rtc/ice/ice_test_peer.h"

namespace confab::rtc {
namespace {

const Path kPath = IceFixture::PathOf(4000);

// Nothing but counters may have changed.
void ExpectNoState(const IceFixture& f) {
  EXPECT_EQ(f.agent.state(), IceState::kNew);
  EXPECT_FALSE(f.agent.selected().has_value());
  EXPECT_FALSE(f.agent.IsValidated(kPath));
  EXPECT_FALSE(f.output.has_events());
}

TEST(IceLite, AnswersAGoodCheckOverItsPathWithItsAddress) {
  IceFixture f;
  f.Receive(f.Good(), kPath);
  const auto answer = f.Answer();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(f.sink.datagrams()[0].path, kPath);
  EXPECT_EQ(answer->message_class(), StunClass::kSuccessResponse);
  EXPECT_EQ(answer->transaction_id()[11], 12);
  EXPECT_EQ(answer->xor_mapped_address(), kPath.remote);
  StunHmac key(f.credentials.password);
  EXPECT_TRUE(answer->VerifyIntegrity(key));
  EXPECT_TRUE(answer->VerifyFingerprint());
  EXPECT_EQ(f.agent.answered(), 1u);
}

TEST(IceLite, ConnectsAndSelectsTheFirstValidatedPath) {
  IceFixture f;
  f.Receive(f.Good(), kPath);
  EXPECT_TRUE(f.output.Has(IceEvent::kConnected));
  EXPECT_TRUE(f.output.Has(IceEvent::kSelectedChanged));
  EXPECT_EQ(f.agent.state(), IceState::kConnected);
  EXPECT_TRUE(f.agent.IsValidated(kPath));
  EXPECT_EQ(f.agent.selected(), kPath);
  EXPECT_FALSE(f.agent.is_nominated());
  f.Receive(f.Good(), kPath);
  EXPECT_FALSE(f.output.has_events());
}

TEST(IceLite, AnswersFewOfManyForgedRequestsAndEveryGoodOne) {
  IceFixture f;
  TestCheck forged = f.Good();
  forged.password = "localPassword0123456789b";
  size_t answers = 0;
  const auto receive = [&](const TestCheck& check) {
    f.Receive(check, kPath);
    answers += f.sink.datagrams().size();
  };
  for (int i = 0; i < 1000; ++i) receive(forged);
  EXPECT_EQ(answers, IceCheckServer::kMaxRefusalsPerSecond);
  EXPECT_EQ(f.agent.dropped(), 1000u);
  f.Receive(f.Good(), kPath);
  EXPECT_EQ(f.agent.answered(), 1u);
  f.now = f.now + TimeDelta::Seconds(1);
  f.Receive(forged, kPath);
  EXPECT_TRUE(f.Answer().has_value());
}

TEST(IceLite, CountsWhoKnewThePassword) {
  IceFixture f;
  TestCheck forged = f.Good();
  forged.password = "localPassword0123456789b";
  f.Receive(forged, kPath);
  EXPECT_EQ(f.agent.authenticated(), 0u);
  f.Receive(f.Good(), kPath);
  TestCheck conflicting = f.Good();
  conflicting.controlled = true;
  f.Receive(conflicting, kPath);
  EXPECT_EQ(f.agent.authenticated(), 2u) << "the refused one has arrived, too";
  EXPECT_EQ(f.agent.answered(), 1u);
}

struct Refusal {
  const char* name;
  TestCheck check;
  IceDropReason reason;
  uint16_t code;
  bool authenticated;  // the answer carries MESSAGE-INTEGRITY
};

TEST(IceLite, RefusesBadRequestsWithoutState) {
  const IceFixture g;
  const TestCheck good = g.Good();
  std::vector<Refusal> cases;
  const auto add = [&](const char* name, IceDropReason reason, uint16_t code, bool authenticated,
                       auto change) {
    TestCheck check = good;
    change(check);
    cases.push_back({name, check, reason, code, authenticated});
  };
  add("no username", IceDropReason::kMissingCredentials, 400, false,
      [](TestCheck& c) { c.username = ""; });
  add("no integrity", IceDropReason::kMissingCredentials, 400, false,
      [](TestCheck& c) { c.integrity = false; });
  add("another ufrag", IceDropReason::kUnknownUsername, 401, false,
      [](TestCheck& c) { c.username = "someoneElse1:peer"; });
  add("a longer ufrag", IceDropReason::kUnknownUsername, 401, false,
      [](TestCheck& c) { c.username = "localUfrag011:peer"; });
  add("no colon", IceDropReason::kUnknownUsername, 401, false,
      [](TestCheck& c) { c.username = "localUfrag01"; });
  add("wrong password", IceDropReason::kBadIntegrity, 401, false,
      [](TestCheck& c) { c.password = "localPassword0123456789b"; });
  add("no priority", IceDropReason::kMissingPriority, 400, true,
      [](TestCheck& c) { c.priority.reset(); });
  add("controlled", IceDropReason::kRoleConflict, 487, true,
      [](TestCheck& c) { c.controlled = true; });
  add("unknown attribute", IceDropReason::kUnknownAttributes, 420, true,
      [](TestCheck& c) { c.unknown = {0x7123, 0xc123}; });
  for (const Refusal& refusal : cases) {
    SCOPED_TRACE(refusal.name);
    IceFixture f;
    f.Receive(refusal.check, kPath);
    ExpectNoState(f);
    EXPECT_EQ(f.agent.dropped(refusal.reason), 1u);
    EXPECT_EQ(f.agent.answered(), 0u);
    const auto answer = f.Answer();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->message_class(), StunClass::kErrorResponse);
    EXPECT_EQ(answer->error_code(), refusal.code);
    StunHmac key(f.credentials.password);
    EXPECT_EQ(answer->VerifyIntegrity(key), refusal.authenticated);
    EXPECT_TRUE(answer->VerifyFingerprint());
  }
}

TEST(IceLite, ListsTheUnknownAttributesItRefuses) {
  IceFixture f;
  TestCheck check = f.Good();
  check.unknown = {0x7123, 0x7124};
  f.Receive(check, kPath);
  const auto answer = f.Answer();
  ASSERT_TRUE(answer.has_value());
  ASSERT_EQ(answer->unknown_attributes_listed().size(), 4u);
  EXPECT_EQ(LoadU16(answer->unknown_attributes_listed().data()), 0x7123);
  EXPECT_EQ(LoadU16(answer->unknown_attributes_listed().data() + 2), 0x7124);
}

TEST(IceLite, NeverAnswersUnauthenticatedRequestsWithMoreThanCame) {
  IceFixture f;
  TestCheck check = f.Good();
  check.integrity = false;
  f.Receive(check, kPath);
  ASSERT_EQ(f.sink.datagrams().size(), 1u);
  EXPECT_LE(f.sink.datagrams()[0].bytes.size(), check.Bytes().size());

  std::vector<uint8_t> bare(kStunHeaderSize);
  StunWriter writer(bare, StunClass::kRequest, {});
  f.ReceiveBytes(bare, kPath);
  EXPECT_TRUE(f.sink.empty());
  EXPECT_EQ(f.agent.dropped(IceDropReason::kMissingCredentials), 2u);
}

TEST(IceLite, IgnoresIndicationsAndResponses) {
  const std::pair<StunClass, IceDropReason> cases[] = {
      {StunClass::kIndication, IceDropReason::kIndication},
      {StunClass::kSuccessResponse, IceDropReason::kUnexpectedResponse},
      {StunClass::kErrorResponse, IceDropReason::kUnexpectedResponse},
  };
  for (const auto& [message_class, reason] : cases) {
    IceFixture f;
    TestCheck check = f.Good();
    check.message_class = message_class;
    f.Receive(check, kPath);
    ExpectNoState(f);
    EXPECT_TRUE(f.sink.empty());
    EXPECT_GE(f.agent.dropped(reason), 1u);
  }
}

TEST(IceLite, IgnoresOtherMethodsAndWrongFingerprints) {
  IceFixture f;
  auto bytes = f.Good().Bytes();
  bytes[1] = 0x03;  // Allocate
  f.ReceiveBytes(bytes, kPath);
  EXPECT_EQ(f.agent.dropped(IceDropReason::kBadFingerprint), 1u);
  StunWriter writer(bytes, StunClass::kRequest, {});
  bytes.resize(kStunHeaderSize);
  bytes[1] = 0x03;
  f.ReceiveBytes(bytes, kPath);
  EXPECT_EQ(f.agent.dropped(IceDropReason::kUnknownMethod), 1u);
  EXPECT_TRUE(f.sink.empty());
  ExpectNoState(f);
}

TEST(IceLite, NeverAuthenticatesATruncatedOrChangedCheck) {
  IceFixture f;
  const auto good = f.Nominating().Bytes();
  for (size_t size = 0; size < good.size(); ++size) {
    f.ReceiveBytes(BytesView(good).first(size), kPath);
    ExpectNoState(f);
  }
  constexpr size_t kFingerprintAttribute = 8;  // its type may change: it is optional
  for (size_t at = 0; at < good.size() - kFingerprintAttribute; ++at) {
    auto bytes = good;
    bytes[at] ^= 0x10;
    f.ReceiveBytes(bytes, kPath);
    ExpectNoState(f);
  }
  f.ReceiveBytes(good, kPath);
  EXPECT_TRUE(f.agent.is_nominated());
}

TEST(IceLite, CountsAnswersThatFindNoRoom) {
  DatagramSink tiny(10, 1);
  IceOutput output(tiny);
  IceFixture f;
  f.agent.HandleStun(f.now, kPath, f.Good().Bytes(), output);
  EXPECT_TRUE(tiny.empty());
  EXPECT_EQ(f.agent.dropped(IceDropReason::kSinkFull), 1u);
  EXPECT_TRUE(f.agent.IsValidated(kPath));
}

TEST(IceLite, SurvivesRandomBytes) {
  IceFixture f;
  Prng random(8445);
  const auto good = f.Good().Bytes();
  for (int round = 0; round < 5'000; ++round) {
    auto bytes = good;
    for (int change = 0; change < 3; ++change) {
      bytes[random.Below(bytes.size())] = static_cast<uint8_t>(random.Next());
    }
    f.ReceiveBytes(bytes, kPath);
  }
  EXPECT_LE(f.agent.answered(), 5u);  // changes that wrote what was there
}

}  // namespace
}  // namespace confab::rtc
