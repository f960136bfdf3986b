#include "sim/network/link.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace confab::sim {
namespace {

constexpr Timestamp kStart = Timestamp::Millis(1000);

struct Tally {
  int delivered = 0;
  int longest_loss = 0;
};

// `count` datagrams of 1000 octets, one a millisecond.
Tally SendMany(Link& link, int count) {
  Tally tally;
  int run = 0;
  for (int i = 0; i < count; ++i) {
    const Deliveries deliveries = link.Send(kStart + TimeDelta::Millis(i), 1000);
    tally.delivered += static_cast<int>(deliveries.count);
    run = deliveries.count == 0 ? run + 1 : 0;
    tally.longest_loss = std::max(tally.longest_loss, run);
  }
  return tally;
}

TEST(Link, TakesItsDelayAndLosesNothingByDefault) {
  LinkOptions options;
  options.delay = TimeDelta::Millis(25);
  Link link(options, Prng(1));
  const Deliveries deliveries = link.Send(kStart, 1200);
  ASSERT_EQ(deliveries.count, 1u);
  EXPECT_EQ(deliveries.at[0], kStart + TimeDelta::Millis(25));
  EXPECT_EQ(SendMany(link, 1000).delivered, 1000);
}

TEST(Link, SpacesDatagramsByItsRate) {
  LinkOptions options;
  options.rate = DataRate::KilobitsPerSecond(8'000);  // an octet a microsecond
  Link link(options, Prng(1));
  EXPECT_EQ(link.Send(kStart, 1000).at[0], kStart + TimeDelta::Millis(1));
  EXPECT_EQ(link.Send(kStart, 500).at[0], kStart + TimeDelta::Micros(1500));
  EXPECT_EQ(link.Send(kStart + TimeDelta::Millis(9), 1000).at[0], kStart + TimeDelta::Millis(10));
}

TEST(Link, LosesWhatItsQueueCannotHold) {
  LinkOptions options;
  options.rate = DataRate::KilobitsPerSecond(8);
  options.queue_bytes = 2500;
  Link link(options, Prng(1));
  EXPECT_EQ(link.Send(kStart, 1000).count, 1u);
  EXPECT_EQ(link.Send(kStart, 1000).count, 1u);
  EXPECT_EQ(link.Send(kStart, 1000).count, 0u);
  EXPECT_EQ(link.counters().queue_full, 1u);
  // A second later 1000 octets have left.
  EXPECT_EQ(link.Send(kStart + TimeDelta::Seconds(1), 1500).count, 1u);
}

TEST(Link, LosesItsShareByChance) {
  LinkOptions options;
  options.loss = 0.05;
  Link link(options, Prng(7));
  const int delivered = SendMany(link, 100'000).delivered;
  EXPECT_NEAR(delivered, 95'000, 500);
  EXPECT_EQ(link.counters().lost, 100'000u - static_cast<uint64_t>(delivered));
}

TEST(Link, LosesInBurstsWhileItIsBad) {
  LinkOptions options;
  options.burst = {.enter = 0.01, .leave = 0.1, .lost = 1};
  Link link(options, Prng(3));
  const Tally tally = SendMany(link, 100'000);
  // It is bad for enter ÷ (enter + leave) of the time, ten datagrams at once on average.
  EXPECT_NEAR(tally.delivered, 90'900, 1'500);
  EXPECT_GT(tally.longest_loss, 25);
}

TEST(Link, KeepsTheOrderUnderJitter) {
  LinkOptions options;
  options.jitter = TimeDelta::Millis(30);
  Link link(options, Prng(5));
  Timestamp last = Timestamp::Past();
  for (int i = 0; i < 1000; ++i) {
    const Timestamp at = link.Send(kStart + TimeDelta::Millis(i), 100).at[0];
    EXPECT_GE(at, last);
    EXPECT_LE(at, kStart + TimeDelta::Millis(i + 30));
    last = at;
  }
}

TEST(Link, LetsSomeBeOvertakenAndDoublesSome) {
  LinkOptions options;
  options.reorder = 0.1;
  options.reorder_delay = TimeDelta::Millis(10);
  options.duplicate = 0.02;
  Link link(options, Prng(9));
  int overtaken = 0;
  Timestamp last = Timestamp::Past();
  for (int i = 0; i < 10'000; ++i) {
    const Deliveries deliveries = link.Send(kStart + TimeDelta::Millis(i), 100);
    if (deliveries.at[0] < last) ++overtaken;
    last = deliveries.at[0];
  }
  EXPECT_NEAR(overtaken, 900, 150);
  EXPECT_NEAR(static_cast<double>(link.counters().duplicated), 200, 60);
}

TEST(Link, CarriesNothingInAnOutage) {
  LinkOptions options;
  options.outages = {{kStart + TimeDelta::Millis(10), kStart + TimeDelta::Millis(20)}};
  Link link(options, Prng(1));
  EXPECT_EQ(SendMany(link, 30).delivered, 20);
  EXPECT_EQ(link.counters().outage, 10u);
}

TEST(Link, DoesTheSameWithTheSameSeed) {
  LinkOptions options;
  options.loss = 0.1;
  options.jitter = TimeDelta::Millis(20);
  options.reorder = 0.1;
  Link first(options, Prng(11)), second(options, Prng(11));
  for (int i = 0; i < 1000; ++i) {
    const Timestamp at = kStart + TimeDelta::Millis(i);
    const Deliveries a = first.Send(at, 500), b = second.Send(at, 500);
    ASSERT_EQ(a.count, b.count);
    ASSERT_EQ(a.at[0], b.at[0]);
  }
}

}  // namespace
}  // namespace confab::sim
