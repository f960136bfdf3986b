// When a controlling agent checks, repeats, asks for consent and gives up.
#include <gtest/gtest.h>

#include <algorithm>

#include "rtc/ice/ice_controlling_fixture.h"

namespace confab::rtc::controlling_test {
namespace {

TEST(IceControlling, RepeatsACheckWithDoublingWaitsAndGivesUp) {
  ControllingFixture f;
  f.Check({kFirst});
  f.RunUntil(kStart + TimeDelta::Millis(23'499));
  EXPECT_EQ(f.SentAfterMs(kFirst), (std::vector<int64_t>{0, 500, 1500, 3500, 7500, 15'500}));
  for (const Sent& s : f.sent) EXPECT_EQ(s.bytes, f.sent[0].bytes);
  EXPECT_EQ(f.agent.state(), IceState::kNew);
  f.RunUntil(kStart + TimeDelta::Millis(23'500));
  EXPECT_TRUE(f.output.Has(IceEvent::kDisconnected));
  EXPECT_TRUE(f.agent.NextTimeout().is_never());
  f.Check({kFirst});
  EXPECT_EQ(f.sent.size(), 7u) << "the same again tries what failed";
}

TEST(IceControlling, TakesTheAnswerToARepetitionAndRepeatsItsNomination) {
  ControllingFixture f;
  f.Check({kFirst});
  f.RunUntil(kStart + TimeDelta::Millis(600));
  f.Answer(f.sent[1]);
  EXPECT_EQ(f.agent.selected(), kFirst);
  f.RunUntil(f.now + TimeDelta::Millis(500));
  ASSERT_EQ(f.sent.size(), 4u);
  EXPECT_EQ(f.sent[3].bytes, f.sent[2].bytes);
  f.Answer(f.sent[3]);
  EXPECT_TRUE(f.agent.is_nominated());
}

TEST(IceControlling, ChecksOneMorePairEveryFiftyMilliseconds) {
  ControllingFixture f;
  f.Check({kFirst, kSecond, PathOf(3)});
  f.RunUntil(kStart + TimeDelta::Millis(200));
  EXPECT_EQ(f.SentAfterMs(kFirst), std::vector<int64_t>{0});
  EXPECT_EQ(f.SentAfterMs(kSecond), std::vector<int64_t>{50});
  EXPECT_EQ(f.SentAfterMs(PathOf(3)), std::vector<int64_t>{100});
  EXPECT_GT(f.sent[0].message().priority(), f.sent[1].message().priority());
}

TEST(IceControlling, UsesTheSecondCandidateWhereTheFirstIsDead) {
  ControllingFixture f;
  f.Check({kFirst, kSecond});
  f.RunUntil(kStart + TimeDelta::Millis(60));
  f.Answer(f.sent[1]);
  EXPECT_EQ(f.agent.selected(), kSecond);
  EXPECT_FALSE(f.agent.IsValidated(kFirst));
  f.Answer(f.sent[2]);
  f.sent.clear();
  f.RunUntil(kStart + TimeDelta::Seconds(20));
  EXPECT_TRUE(f.SentAfterMs(kFirst).empty()) << "the others' checks end";
}

TEST(IceControlling, ChecksNoMoreThanSixteenCandidates) {
  ControllingFixture f;
  std::vector<Path> many;
  for (uint16_t port = 1; port <= 40; ++port) many.push_back(PathOf(port));
  f.Check(many);
  f.RunUntil(kStart + TimeDelta::Millis(790));
  EXPECT_EQ(f.sent.size(), IceCheckList::kMaxPairs);
}

TEST(IceControlling, AsksForConsentEveryFourToSixSecondsWithANewId) {
  ControllingFixture f;
  f.Connect();
  std::optional<StunTransactionId> last;
  for (int i = 0; i < 50; ++i) {
    const TimeDelta wait = f.agent.NextTimeout() - f.now;
    EXPECT_GE(wait, IceConsent::kMinInterval);
    EXPECT_LE(wait, IceConsent::kMaxInterval);
    f.RunUntil(f.agent.NextTimeout());
    ASSERT_EQ(f.sent.size(), 1u);
    EXPECT_FALSE(f.sent[0].message().use_candidate());
    EXPECT_NE(f.sent[0].message().transaction_id(), last);
    last = f.sent[0].message().transaction_id();
    f.Answer(f.sent[0]);
    f.Answer(f.sent[0]);
    EXPECT_EQ(f.agent.dropped(IceDropReason::kUnexpectedResponse), static_cast<uint64_t>(i + 1));
    f.sent.clear();
  }
  EXPECT_EQ(f.agent.state(), IceState::kConnected);
}

TEST(IceControlling, LosesThePathThirtySecondsAfterTheLastAnswer) {
  ControllingFixture f;
  f.Connect();
  f.RunUntil(kStart + TimeDelta::Millis(12'500));
  ASSERT_GE(f.sent.size(), 2u);
  f.Answer(f.sent[0]);  // an answer to an earlier check counts
  f.RunUntil(kStart + TimeDelta::Millis(42'499));
  EXPECT_EQ(f.agent.selected(), kFirst);
  f.RunUntil(kStart + TimeDelta::Millis(42'500));
  EXPECT_TRUE(f.output.Has(IceEvent::kDisconnected));
  EXPECT_TRUE(f.output.Has(IceEvent::kSelectedChanged));
  EXPECT_EQ(f.agent.state(), IceState::kDisconnected);
  EXPECT_FALSE(f.agent.selected());
  EXPECT_FALSE(f.agent.IsValidated(kFirst));
  EXPECT_FALSE(f.agent.is_nominated());
  EXPECT_TRUE(f.agent.NextTimeout().is_never());
  f.Answer(f.sent.back());
  EXPECT_FALSE(f.agent.selected()) << "too late";
}

TEST(IceControlling, GivesUpWhereThereIsNothingToCheck) {
  ControllingFixture f;
  EXPECT_EQ(f.agent.NextTimeout(), kStart + TimeDelta::Seconds(30));
  f.now = kStart + TimeDelta::Seconds(10);
  f.Check({});
  f.RunUntil(kStart + TimeDelta::Seconds(40));
  EXPECT_TRUE(f.output.Has(IceEvent::kDisconnected));
}

TEST(IceControlling, KeepsThePathThroughARestartUntilTheNewOneIsValid) {
  ControllingFixture f;
  f.Connect();
  f.Check({kSecond}, kRestarted);
  EXPECT_EQ(f.agent.selected(), kFirst);
  EXPECT_TRUE(f.agent.IsValidated(kFirst));
  ASSERT_EQ(f.sent.size(), 1u);
  EXPECT_EQ(f.sent[0].message().username(), "next:localUfrag01");
  const Sent check = f.sent[0];
  f.RunUntil(kStart + TimeDelta::Seconds(7));
  const auto consent = std::ranges::find(f.sent, kFirst, &Sent::path);
  ASSERT_NE(consent, f.sent.end());
  EXPECT_EQ(consent->message().username(), "peer:localUfrag01") << "consent of the path in use";
  f.Answer(check);
  EXPECT_EQ(f.agent.selected(), std::optional(kFirst)) << "the old password is not enough";
  f.Answer(check, kRestarted);
  EXPECT_TRUE(f.output.Has(IceEvent::kSelectedChanged));
  EXPECT_EQ(f.agent.selected(), kSecond);
  EXPECT_FALSE(f.agent.is_nominated());
  f.Answer(f.sent.back(), kRestarted);
  EXPECT_TRUE(f.agent.is_nominated());
}

}  // namespace
}  // namespace confab::rtc::controlling_test
