#include "services/media/lease_table.h"

#include <gtest/gtest.h>

namespace confab::media {
namespace {

constexpr Timestamp kStart = Timestamp::Millis(1'000'000);
constexpr TimeDelta kAlmost = LeaseTable::kLease - TimeDelta::Millis(1);

ErrorCode CodeOf(const Result<void>& result) {
  return result ? ErrorCode::kInternal : result.error().code;
}

TEST(LeaseTable, TakesCommandsWithoutAnEpochAsLongAsNoLeaseIsKnown) {
  LeaseTable leases;
  EXPECT_TRUE(leases.Admit(kStart, "room", 0));
  ASSERT_TRUE(leases.Take(kStart, "room", 1));
  EXPECT_EQ(CodeOf(leases.Admit(kStart, "room", 0)), ErrorCode::kStaleEpoch);
  EXPECT_TRUE(leases.Admit(kStart, "other", 0));
  leases.End("room");
  EXPECT_EQ(CodeOf(leases.Admit(kStart, "room", 0)), ErrorCode::kStaleEpoch)
      << "known, even if it has ended";
}

TEST(LeaseTable, AdmitsTheEpochThatIsLeasedAndNoOther) {
  LeaseTable leases;
  ASSERT_TRUE(leases.Take(kStart, "room", 7));
  EXPECT_TRUE(leases.Admit(kStart + kAlmost, "room", 7));
  EXPECT_EQ(CodeOf(leases.Admit(kStart, "room", 6)), ErrorCode::kStaleEpoch);
  EXPECT_EQ(CodeOf(leases.Admit(kStart, "room", 8)), ErrorCode::kInvalidState);
  EXPECT_EQ(CodeOf(leases.Admit(kStart, "never", 7)), ErrorCode::kInvalidState);
}

TEST(LeaseTable, RefusesAnOlderEpochOnceANewerOneIsLeased) {
  LeaseTable leases;
  ASSERT_TRUE(leases.Take(kStart, "room", 2));
  ASSERT_TRUE(leases.Take(kStart, "room", 3));
  EXPECT_EQ(CodeOf(leases.Admit(kStart, "room", 2)), ErrorCode::kStaleEpoch);
  EXPECT_EQ(CodeOf(leases.Take(kStart, "room", 2)), ErrorCode::kStaleEpoch);
  EXPECT_TRUE(leases.Admit(kStart, "room", 3));
  EXPECT_EQ(leases.KnownEpoch("room"), 3);
  EXPECT_EQ(leases.HeldEpoch(kStart, "room"), 3);
  EXPECT_EQ(leases.HeldEpoch(kStart + LeaseTable::kLease, "room"), 0);
  EXPECT_EQ(leases.size(), 1U);
}

TEST(LeaseTable, EndsALeaseThatIsNotRenewedAndNamesItOnce) {
  LeaseTable leases;
  ASSERT_TRUE(leases.Take(kStart, "kept", 1));
  ASSERT_TRUE(leases.Take(kStart, "left", 4));
  ASSERT_TRUE(leases.Renew(kStart + kAlmost, "kept", 1));
  EXPECT_TRUE(leases.Expire(kStart + kAlmost).empty());
  const auto ended = leases.Expire(kStart + LeaseTable::kLease);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].router_id, "left");
  EXPECT_EQ(ended[0].epoch, 4);
  EXPECT_TRUE(leases.Expire(kStart + LeaseTable::kLease).empty());
  EXPECT_TRUE(leases.Admit(kStart + LeaseTable::kLease, "kept", 1));
}

TEST(LeaseTable, AdmitsNothingFromTheEndOnEvenIfNobodyHasLookedYet) {
  LeaseTable leases;
  ASSERT_TRUE(leases.Take(kStart, "room", 1));
  const Timestamp end = kStart + LeaseTable::kLease;
  EXPECT_EQ(CodeOf(leases.Admit(end, "room", 1)), ErrorCode::kStaleEpoch);
  EXPECT_EQ(CodeOf(leases.Take(end, "room", 1)), ErrorCode::kStaleEpoch);
}

TEST(LeaseTable, ForgetsAnEndedEpochBeforeTheStoreDoes) {
  LeaseTable leases;
  ASSERT_TRUE(leases.Take(kStart, "room", 9));
  (void)leases.Expire(kStart + LeaseTable::kLease);
  const Timestamp later = kStart + LeaseTable::kLease + LeaseTable::kMemory;
  (void)leases.Expire(later - TimeDelta::Millis(1));
  EXPECT_EQ(leases.KnownEpoch("room"), 9);
  (void)leases.Expire(later);
  EXPECT_EQ(leases.KnownEpoch("room"), 0);
  EXPECT_TRUE(leases.Take(later, "room", 1));
}

TEST(LeaseTable, GrantsNoEpochThatItHasRefused) {
  LeaseTable leases;
  leases.Refuse(kStart, "room", 3);
  EXPECT_EQ(CodeOf(leases.Take(kStart, "room", 3)), ErrorCode::kStaleEpoch);
  EXPECT_EQ(leases.KnownEpoch("room"), 3);
  EXPECT_EQ(leases.HeldEpoch(kStart, "room"), 0);
  EXPECT_TRUE(leases.Take(kStart, "room", 4));
  leases.Refuse(kStart, "room", 5);
  EXPECT_EQ(leases.HeldEpoch(kStart, "room"), 4) << "a lease that is alive goes on";
}

TEST(LeaseTable, GrantsNoEpochAgainThatHasEnded) {
  LeaseTable leases;
  ASSERT_TRUE(leases.Take(kStart, "room", 1));
  (void)leases.Expire(kStart + LeaseTable::kLease);
  const Timestamp later = kStart + TimeDelta::Seconds(1800);
  EXPECT_EQ(CodeOf(leases.Take(later, "room", 1)), ErrorCode::kStaleEpoch);
  EXPECT_TRUE(leases.Take(later, "room", 2));
  EXPECT_TRUE(leases.Admit(later, "room", 2));
}

TEST(LeaseTable, RenewsOnlyWhatIsLeased) {
  LeaseTable leases;
  EXPECT_EQ(CodeOf(leases.Renew(kStart, "room", 1)), ErrorCode::kInvalidState);
  EXPECT_EQ(leases.KnownEpoch("room"), 0);
  ASSERT_TRUE(leases.Take(kStart, "room", 2));
  EXPECT_EQ(CodeOf(leases.Renew(kStart, "room", 1)), ErrorCode::kStaleEpoch);
  EXPECT_EQ(CodeOf(leases.Renew(kStart, "room", 3)), ErrorCode::kInvalidState);
  EXPECT_TRUE(leases.Renew(kStart + kAlmost, "room", 2));
  EXPECT_TRUE(leases.Take(kStart + kAlmost, "room", 2)) << "a repetition";
  EXPECT_EQ(CodeOf(leases.Renew(kStart, "room", 0)), ErrorCode::kInvalidMessage);
}

TEST(LeaseTable, EndsALeaseWithItsRouter) {
  LeaseTable leases;
  ASSERT_TRUE(leases.Take(kStart, "room", 5));
  EXPECT_EQ(leases.End("room"), 5);
  EXPECT_EQ(leases.End("room"), 0);
  EXPECT_EQ(leases.End("never"), 0);
  EXPECT_EQ(CodeOf(leases.Take(kStart, "room", 5)), ErrorCode::kStaleEpoch);
  EXPECT_TRUE(leases.Expire(kStart + LeaseTable::kLease).empty());
}

TEST(LeaseTable, RefusesAnEpochThatIsNone) {
  LeaseTable leases;
  EXPECT_EQ(CodeOf(leases.Take(kStart, "room", 0)), ErrorCode::kInvalidMessage);
  EXPECT_EQ(CodeOf(leases.Take(kStart, "room", -1)), ErrorCode::kInvalidMessage);
}

TEST(LeaseTable, KeepsToItsLimits) {
  LeaseTable leases;
  for (size_t i = 0; i < LeaseTable::kMaxLeases; ++i) {
    ASSERT_TRUE(leases.Take(kStart, std::to_string(i), 1));
  }
  EXPECT_EQ(CodeOf(leases.Take(kStart, "one more", 1)), ErrorCode::kLimitExceeded);
  EXPECT_TRUE(leases.Renew(kStart, "0", 1)) << "one that is there can be renewed";
  EXPECT_TRUE(leases.Take(kStart, "0", 2)) << "and taken anew";
  EXPECT_EQ(leases.Expire(kStart + LeaseTable::kLease).size(), LeaseTable::kMaxLeases);
  ASSERT_TRUE(leases.Take(kStart + LeaseTable::kLease, "one more", 1));
  EXPECT_EQ(leases.End("one more"), 1);
  EXPECT_EQ(leases.KnownEpoch("1"), 0) << "the first that ended is forgotten";
  EXPECT_EQ(leases.KnownEpoch("2"), 1);
}

}  // namespace
}  // namespace confab::media
