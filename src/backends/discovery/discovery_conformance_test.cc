// What every Discovery does, whatever it is made of (discovery.h).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "backends/discovery/testing/backends_under_test.h"
#include "backends/discovery/testing/followed.h"
#include "backends/discovery/testing/instances.h"
#include "net/testing/run_until.h"

namespace confab::discovery {
namespace {

struct Case {
  const char* name;
  std::unique_ptr<BackendUnderTest> (*make)(asio::io_context&, std::string&);
};

class DiscoveryConformance : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    std::string why_not;
    backend_ = GetParam().make(io_, why_not);
    if (!backend_) GTEST_SKIP() << why_not;
  }
  void TearDown() override {
    discovery_.reset();
    backend_.reset();
  }

  Instance Signaling(const std::string& id) { return SignalingInstance(id + backend_->suffix()); }
  Instance Media(const std::string& id) { return MediaInstance(id + backend_->suffix()); }
  void Make(const std::vector<Instance>& others) { discovery_ = backend_->Make(others); }
  bool Until(const std::function<bool()>& condition) { return net::RunUntil(io_, condition); }
  bool Withdraw(Discovery& discovery) {
    bool done = false;
    asio::co_spawn(io_, discovery.Withdraw(TimeDelta::Seconds(5)),
                   [&done](std::exception_ptr) { done = true; });
    return Until([&] { return done; });
  }

  asio::io_context io_;
  std::unique_ptr<BackendUnderTest> backend_;
  std::unique_ptr<Discovery> discovery_;
};

TEST_P(DiscoveryConformance, TellsAFollowerEveryPartOfAnInstance) {
  Make({Signaling("a")});
  Followed followed(*discovery_, ServiceKind::kSignaling);
  EXPECT_TRUE(Until([&] { return followed.Knows(Signaling("a")); }));
}

TEST_P(DiscoveryConformance, SortsById) {
  Make({Signaling("b"), Signaling("a"), Signaling("c")});
  Followed followed(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(Until([&] {
    return followed.Knows(Signaling("a")) && followed.Knows(Signaling("b")) &&
           followed.Knows(Signaling("c"));
  }));
  EXPECT_TRUE(std::ranges::is_sorted(followed.known, {}, &Instance::id));
}

TEST_P(DiscoveryConformance, KeepsServicesApart) {
  Make({Signaling("a"), Media("m")});
  Followed signaling(*discovery_, ServiceKind::kSignaling);
  Followed media(*discovery_, ServiceKind::kMedia);
  ASSERT_TRUE(Until([&] { return signaling.Knows(Signaling("a")) && media.Knows(Media("m")); }));
  EXPECT_FALSE(signaling.KnowsId(Media("m").id));
  EXPECT_FALSE(media.KnowsId(Signaling("a").id));
}

TEST_P(DiscoveryConformance, TellsThatThereIsNobody) {
  Make({});
  Followed followed(*discovery_, ServiceKind::kGateway);
  EXPECT_TRUE(Until([&] { return followed.calls > 0; }));
}

TEST_P(DiscoveryConformance, NeverCallsFromWithinFollow) {
  Make({Signaling("a")});
  Followed first(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(Until([&] { return first.Knows(Signaling("a")); }));
  Followed second(*discovery_, ServiceKind::kSignaling);
  EXPECT_EQ(second.calls, 0);
  EXPECT_TRUE(Until([&] { return second.Knows(Signaling("a")); }));
}

TEST_P(DiscoveryConformance, DoesNotCallWhoFollowsNoMore) {
  Make({Signaling("a")});
  Followed ended(*discovery_, ServiceKind::kSignaling);
  Followed other(*discovery_, ServiceKind::kSignaling);
  ended.End();
  ASSERT_TRUE(Until([&] { return other.Knows(Signaling("a")); }));
  EXPECT_EQ(ended.calls, 0);
}

TEST_P(DiscoveryConformance, IsUpWhenItHasAnswered) {
  Make({});
  Followed followed(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(Until([&] { return followed.calls > 0; }));
  EXPECT_TRUE(discovery_->status().is_up);
  EXPECT_EQ(discovery_->status().reason, "");
}

TEST_P(DiscoveryConformance, WithdrawsWithoutAnAnnouncement) {
  Make({});
  EXPECT_TRUE(Withdraw(*discovery_));
}

TEST_P(DiscoveryConformance, WithdrawsAtOnceAfterAnnouncing) {
  Make({});
  discovery_->Announce(Signaling("brief"));
  EXPECT_TRUE(Withdraw(*discovery_));
}

TEST_P(DiscoveryConformance, MayEndAtAnyMoment) {
  Make({Signaling("a")});
  {
    Followed followed(*discovery_, ServiceKind::kSignaling);
    discovery_->Announce(Signaling("b"));
  }
  discovery_.reset();
  io_.restart();
  io_.poll();
}

TEST_P(DiscoveryConformance, FindsAnInstanceThatStartsLaterAndLosesOneThatWithdraws) {
  if (!backend_->is_shared()) GTEST_SKIP() << "its list is fixed";
  Make({});
  Followed followed(*discovery_, ServiceKind::kSignaling);
  ASSERT_TRUE(Until([&] { return followed.calls > 0; }));
  const auto late = backend_->Make({});
  late->Announce(Signaling("late"));
  ASSERT_TRUE(Until([&] { return followed.Knows(Signaling("late")); }));
  ASSERT_TRUE(Withdraw(*late));
  EXPECT_TRUE(Until([&] { return !followed.KnowsId(Signaling("late").id); }));
}

INSTANTIATE_TEST_SUITE_P(All, DiscoveryConformance,
                         testing::Values(Case{"Static", MakeStaticUnderTest},
                                         Case{"SmallConsul", MakeSmallConsulUnderTest},
                                         Case{"NamedConsul", MakeNamedConsulUnderTest}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace confab::discovery
