#include "base/rendezvous.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace confab {
namespace {

using Nodes = std::vector<std::string>;

std::string Best(const std::string& key, const Nodes& nodes) {
  return nodes[RendezvousOrder(key, nodes).front()];
}
std::string Room(int number) {
  return "room-" + std::to_string(number);
}

TEST(Rendezvous, WeighsAsEveryOtherReleaseDoes) {
  EXPECT_EQ(RendezvousWeight("", ""), 0x4f2db50f124040cdu);
  EXPECT_EQ(RendezvousWeight("room", "s1"), 0x9d09df9285c661e0u);
}

TEST(Rendezvous, DoesNotCareAboutTheOrderOfTheNodes) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(Best(Room(i), {"a", "b", "c"}), Best(Room(i), {"c", "a", "b"}));
  }
}

TEST(Rendezvous, PartsKeyAndNode) {
  EXPECT_NE(RendezvousWeight("ab", "c"), RendezvousWeight("a", "bc"));
}

TEST(Rendezvous, GivesEachNodeItsShare) {
  std::map<std::string, int> rooms;
  for (int i = 0; i < 3000; ++i) ++rooms[Best(Room(i), {"m1", "m2", "m3"})];
  for (const auto& [node, count] : rooms) {
    EXPECT_GT(count, 850) << node;
    EXPECT_LT(count, 1150) << node;
  }
}

TEST(Rendezvous, MovesOnlyTheKeysOfTheNodeThatGoes) {
  for (int i = 0; i < 1000; ++i) {
    const std::string before = Best(Room(i), {"m1", "m2", "m3"});
    const std::string after = Best(Room(i), {"m1", "m3"});
    if (before != "m2") {
      EXPECT_EQ(after, before);
    }
  }
}

TEST(Rendezvous, HasNoOrderOfNothing) {
  EXPECT_TRUE(RendezvousOrder("room", Nodes()).empty());
}

}  // namespace
}  // namespace confab
