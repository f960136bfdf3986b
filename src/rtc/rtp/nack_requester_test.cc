#include "rtc/rtp/nack_requester.h"

#include <gmock/gmock.h>

namespace confab::rtc {
namespace {

using Arrival = NackRequester::Arrival;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NackRequesterTest : public ::testing::Test {
 protected:
  Arrival Packet(int64_t sequence) { return requester_.OnPacket(now_, sequence); }
  std::vector<uint16_t> Due() {
    std::vector<uint16_t> due{7};  // what is in the list does not stay
    requester_.TakeDue(now_, due);
    return due;
  }
  void Wait(TimeDelta time) { now_ = now_ + time; }

  Timestamp now_ = Timestamp::Millis(1000);
  NackRequester requester_;
};

TEST_F(NackRequesterTest, AsksForNothingWhileNothingIsMissing) {
  for (int64_t sequence = 100; sequence < 200; ++sequence) {
    EXPECT_EQ(Packet(sequence), Arrival::kNext);
  }
  EXPECT_TRUE(requester_.NextTimeout().is_never());
  EXPECT_THAT(Due(), IsEmpty());
}

TEST_F(NackRequesterTest, AsksForAGapAtOnceAndOnce) {
  Packet(65534);
  Packet(65538);
  EXPECT_EQ(requester_.NextTimeout(), now_);
  EXPECT_THAT(Due(), ElementsAre(65535, 0, 1));
  EXPECT_GT(requester_.NextTimeout(), now_);
  EXPECT_THAT(Due(), IsEmpty());
}

TEST_F(NackRequesterTest, AsksAgainAfterARoundTrip) {
  Packet(1);
  Packet(3);
  EXPECT_THAT(Due(), ElementsAre(2));
  Wait(NackRequester::kInitialRoundTrip - TimeDelta::Millis(1));
  EXPECT_THAT(Due(), IsEmpty());
  Wait(TimeDelta::Millis(1));
  EXPECT_THAT(Due(), ElementsAre(2));
}

TEST_F(NackRequesterTest, DoesNotAskForWhatCame) {
  Packet(1);
  Packet(4);
  EXPECT_EQ(Packet(2), Arrival::kMissing);
  EXPECT_THAT(Due(), ElementsAre(3));
  EXPECT_EQ(Packet(3), Arrival::kMissing);
  Wait(TimeDelta::Seconds(1));
  EXPECT_THAT(Due(), IsEmpty());
  EXPECT_TRUE(requester_.NextTimeout().is_never());
  EXPECT_EQ(requester_.recovered(), 1u) << "the other was late, not asked for";
}

TEST_F(NackRequesterTest, KnowsWhatCameBefore) {
  Packet(10);
  Packet(12);
  EXPECT_EQ(Packet(12), Arrival::kKnown);
  EXPECT_EQ(Packet(10), Arrival::kKnown);
  EXPECT_EQ(Packet(11), Arrival::kMissing);
  EXPECT_EQ(Packet(11), Arrival::kKnown);
  EXPECT_EQ(Packet(9), Arrival::kEarlier);
}

TEST_F(NackRequesterTest, TakesOnlyWhatIsMissingFromARetransmission) {
  EXPECT_FALSE(requester_.OnRepeated(now_, 5)) << "before anything was missing";
  Packet(10);
  Packet(12);
  EXPECT_FALSE(requester_.OnRepeated(now_, 20'000));
  EXPECT_FALSE(requester_.OnRepeated(now_, 12));
  EXPECT_TRUE(requester_.OnRepeated(now_, 11));
  EXPECT_FALSE(requester_.OnRepeated(now_, 11));
  EXPECT_EQ(Packet(13), Arrival::kNext) << "a number that nobody asked for is no news";
}

TEST_F(NackRequesterTest, FollowsTheRoundTripOfItsAnswers) {
  for (int64_t sequence = 0; sequence < 100; sequence += 2) {
    Packet(sequence);
    Due();
    Wait(TimeDelta::Millis(40));
    Packet(sequence - 1);
  }
  EXPECT_EQ(requester_.round_trip(), TimeDelta::Millis(40));
  Packet(200);
  Due();
  Wait(TimeDelta::Millis(45));
  EXPECT_FALSE(Due().empty());
}

TEST_F(NackRequesterTest, GivesUpAfterSoManyAttempts) {
  Packet(1);
  Packet(3);
  size_t asked = 0;
  for (int i = 0; i < 100; ++i) {
    asked += Due().size();
    Wait(TimeDelta::Millis(110));
  }
  EXPECT_EQ(asked, static_cast<size_t>(NackRequester::kMaxAttempts));
  EXPECT_TRUE(requester_.TakeGaveUp());
  EXPECT_FALSE(requester_.TakeGaveUp());
  EXPECT_EQ(requester_.missing(), 0u);
  EXPECT_TRUE(requester_.NextTimeout().is_never());
  EXPECT_EQ(Packet(2), Arrival::kKnown);
}

TEST_F(NackRequesterTest, GivesUpWhatItsSenderHasForgotten) {
  Packet(1);
  Packet(3);
  Due();
  Wait(NackRequester::kMaxAge + TimeDelta::Millis(1));
  EXPECT_THAT(Due(), IsEmpty());
  EXPECT_TRUE(requester_.TakeGaveUp());
}

TEST_F(NackRequesterTest, KeepsTheNewestOfAGapThatIsTooWide) {
  Packet(0);
  Packet(30'000);
  const auto due = Due();
  ASSERT_EQ(due.size(), NackRequester::kMaxMissing);
  EXPECT_EQ(due.back(), 29'999);
  EXPECT_TRUE(requester_.TakeGaveUp());
}

TEST_F(NackRequesterTest, StaysBoundedWhateverIsMissing) {
  Packet(0);
  for (int64_t sequence = 300; sequence < 30'000; sequence += 300) Packet(sequence);
  EXPECT_EQ(requester_.missing(), NackRequester::kMaxMissing);
  const auto due = Due();
  EXPECT_EQ(due.back(), 29'699);
  EXPECT_TRUE(requester_.TakeGaveUp());
}

}  // namespace
}  // namespace confab::rtc
