#include <gtest/gtest.h>

#include "rtc/ice/ice_test_peer.h"

namespace confab::rtc {
namespace {

const Path kFirst = IceFixture::PathOf(1);
const Path kSecond = IceFixture::PathOf(2);

IceCredentials Fresh(const std::string& name) {
  return {.ufrag = name, .password = name + "Password012345678901"};
}

TestCheck CheckWith(const IceCredentials& credentials) {
  return {.username = credentials.ufrag + ":peer", .password = credentials.password};
}

TEST(IceRestart, KeepsTheOldCredentialsUntilANominationWithTheNew) {
  IceFixture f;
  f.Receive(f.Nominating(), kFirst);
  f.output.Clear();
  f.agent.Restart(Fresh("second"), f.output);
  EXPECT_TRUE(f.output.Has(IceEvent::kCredentialsChanged));
  EXPECT_EQ(f.agent.local_credentials(), Fresh("second"));
  EXPECT_EQ(f.agent.ufrags(), (std::vector<std::string_view>{"second", f.credentials.ufrag}));

  f.Receive(f.Good(), kFirst);
  EXPECT_EQ(f.Answer()->message_class(), StunClass::kSuccessResponse);
  TestCheck check = CheckWith(Fresh("second"));
  f.Receive(check, kSecond);
  EXPECT_EQ(f.Answer()->message_class(), StunClass::kSuccessResponse);
  StunHmac key(Fresh("second").password);
  EXPECT_TRUE(f.Answer()->VerifyIntegrity(key));
  EXPECT_EQ(f.agent.selected(), kFirst);
  EXPECT_EQ(f.agent.ufrags().size(), 2u);

  check.use_candidate = true;
  f.Receive(check, kSecond);
  EXPECT_TRUE(f.output.Has(IceEvent::kCredentialsChanged));
  EXPECT_TRUE(f.output.Has(IceEvent::kSelectedChanged));
  EXPECT_EQ(f.agent.selected(), kSecond);
  EXPECT_EQ(f.agent.ufrags(), (std::vector<std::string_view>{"second"}));
  f.Receive(f.Good(), kFirst);
  EXPECT_EQ(f.Answer()->error_code(), 401);
}

TEST(IceRestart, LetsTheFirstNewNominationWinOverAHigherOldOne) {
  IceFixture f;
  f.Receive(f.Nominating(2000), kFirst);
  f.agent.Restart(Fresh("second"), f.output);
  TestCheck check = CheckWith(Fresh("second"));
  check.priority = 1000;
  check.use_candidate = true;
  f.Receive(check, kSecond);
  EXPECT_EQ(f.agent.selected(), kSecond);
}

TEST(IceRestart, KeepsTheCredentialsInUseOverSeveralUnansweredOnes) {
  IceFixture f;
  f.Receive(f.Nominating(), kFirst);
  f.agent.Restart(Fresh("second"), f.output);
  f.agent.Restart(Fresh("third"), f.output);
  EXPECT_EQ(f.agent.ufrags(), (std::vector<std::string_view>{"third", f.credentials.ufrag}));
  f.Receive(CheckWith(Fresh("second")), kFirst);
  EXPECT_EQ(f.Answer()->error_code(), 401);
  f.Receive(f.Good(), kFirst);
  EXPECT_EQ(f.Answer()->message_class(), StunClass::kSuccessResponse);
}

TEST(IceRestart, DoesNotMixPasswordsOfTheTwoGenerations) {
  IceFixture f;
  f.agent.Restart(Fresh("second"), f.output);
  TestCheck check = CheckWith(Fresh("second"));
  check.password = f.credentials.password;
  f.Receive(check, kFirst);
  EXPECT_EQ(f.Answer()->error_code(), 401);
}

}  // namespace
}  // namespace confab::rtc
