#include "backends/discovery/feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backends/discovery/testing/instances.h"

namespace confab::discovery {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FeedTest : public testing::Test {
 protected:
  // Each list that a follower was told, as its ids.
  using Told = std::vector<std::vector<std::string>>;

  std::unique_ptr<Discovery::Following> Follow(Told& told) {
    return feed_.Add([&told](const std::vector<Instance>& instances) {
      std::vector<std::string> ids;
      for (const Instance& each : instances) ids.push_back(each.id);
      told.push_back(ids);
    });
  }
  void Publish(std::initializer_list<const char*> ids) {
    std::vector<Instance> instances;
    for (const char* id : ids) instances.push_back(SignalingInstance(id));
    feed_.Publish(std::move(instances));
  }
  void Run() {
    io_.restart();
    io_.run();
  }

  asio::io_context io_;
  Feed feed_{io_};
};

TEST_F(FeedTest, SaysNothingUntilSomethingIsKnown) {
  Told told;
  const auto following = Follow(told);
  Run();
  EXPECT_THAT(told, IsEmpty());
  Publish({});
  Run();
  EXPECT_THAT(told, ElementsAre(IsEmpty()));
}

TEST_F(FeedTest, TellsANewcomerWhatIsKnownButNotFromWithinAdd) {
  Publish({"a"});
  Run();
  Told told;
  const auto following = Follow(told);
  EXPECT_THAT(told, IsEmpty());
  Run();
  EXPECT_THAT(told, ElementsAre(ElementsAre("a")));
}

TEST_F(FeedTest, SortsById) {
  Told told;
  const auto following = Follow(told);
  Publish({"b", "c", "a"});
  Run();
  EXPECT_THAT(told, ElementsAre(ElementsAre("a", "b", "c")));
}

TEST_F(FeedTest, TellsChangesOnly) {
  Told told;
  const auto following = Follow(told);
  Publish({"a"});
  Run();
  Publish({"a"});
  Run();
  Publish({"a", "b"});
  Run();
  EXPECT_THAT(told, ElementsAre(ElementsAre("a"), ElementsAre("a", "b")));
}

TEST_F(FeedTest, TellsChangesThatComeTogetherAsOne) {
  Told told;
  const auto following = Follow(told);
  Publish({"a"});
  Publish({"b"});
  Run();
  EXPECT_THAT(told, ElementsAre(ElementsAre("b")));
}

TEST_F(FeedTest, DoesNotCallWhoFollowsNoMore) {
  Told first, second;
  auto one = Follow(first);
  const auto other = Follow(second);
  Publish({"a"});
  one.reset();
  Run();
  EXPECT_THAT(first, IsEmpty());
  EXPECT_THAT(second, ElementsAre(ElementsAre("a")));
}

TEST_F(FeedTest, LetsAFollowerEndItselfWhileItIsCalled) {
  int calls = 0;
  std::unique_ptr<Discovery::Following> following;
  following = feed_.Add([&](const auto&) {
    ++calls;
    following.reset();
  });
  Publish({"a"});
  Run();
  Publish({"b"});
  Run();
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace confab::discovery
