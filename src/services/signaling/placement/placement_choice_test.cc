#include "services/signaling/placement/placement_choice.h"

#include <gtest/gtest.h>

#include <map>

namespace confab::signaling {
namespace {

class PlacementChoiceTest : public ::testing::Test {
 protected:
  std::string Choose(std::string_view region = "north",
                     const std::vector<std::string>& excluded = {}) {
    return choice_.Choose(region, excluded).value_or("");
  }

  Prng random_{7};
  PlacementChoice choice_{random_};
};

TEST_F(PlacementChoiceTest, HasNothingToChooseFromAtFirst) {
  EXPECT_EQ(Choose(), "");
}

TEST_F(PlacementChoiceTest, TakesTheLessLoadedOfTwo) {
  choice_.SetCandidates({{.id = "a", .region = "north", .transports = 1000},
                         {.id = "b", .region = "north", .transports = 10}});
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(Choose(), "b");
    choice_.Abandoned("b");
  }
}

TEST_F(PlacementChoiceTest, LeavesTheMostLoadedOfManyAlone) {
  choice_.SetCandidates({{.id = "a", .region = "north", .transports = 5},
                         {.id = "b", .region = "north", .transports = 500},
                         {.id = "c", .region = "north", .transports = 50}});
  std::map<std::string, int> chosen;
  for (int i = 0; i < 200; ++i) {
    const std::string id = Choose();
    ++chosen[id];
    choice_.Abandoned(id);
  }
  EXPECT_EQ(chosen["b"], 0);
  EXPECT_GT(chosen["a"], chosen["c"]);
  EXPECT_GT(chosen["c"], 0) << "not all at the least loaded one";
}

TEST_F(PlacementChoiceTest, CountsWhatIsPending) {
  choice_.SetCandidates({{.id = "a", .region = "north"}, {.id = "b", .region = "north"}});
  std::map<std::string, int> chosen;
  for (int i = 0; i < 20; ++i) ++chosen[Choose()];
  EXPECT_EQ(chosen["a"], 10);
  EXPECT_EQ(chosen["b"], 10);
}

TEST_F(PlacementChoiceTest, CountsWhatWasPlacedUntilTheFiguresHaveIt) {
  choice_.SetCandidates({{.id = "a", .region = "north"}});
  ASSERT_EQ(Choose(), "a");
  choice_.Placed("a");
  EXPECT_EQ(choice_.LoadOf("a"), PlacementChoice::kRoomWeight);
  ASSERT_EQ(Choose(), "a");
  choice_.SetCandidates({{.id = "a", .region = "north", .transports = 3}});
  EXPECT_EQ(choice_.LoadOf("a"), 3 + PlacementChoice::kRoomWeight) << "the second is pending";
  choice_.Abandoned("a");
  choice_.Abandoned("a");
  EXPECT_EQ(choice_.LoadOf("a"), 3U);
}

TEST_F(PlacementChoiceTest, GoesToAnotherRegionOnlyWhereItsOwnHasNone) {
  choice_.SetCandidates(
      {{.id = "n", .region = "north", .transports = 9000}, {.id = "s", .region = "south"}});
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Choose("north"), "n");
  EXPECT_EQ(Choose("south"), "s");
  EXPECT_EQ(Choose("north", {"n"}), "s");
  EXPECT_EQ(Choose("north", {"n", "s"}), "");
}

TEST_F(PlacementChoiceTest, LeavesAloneWhoTakesNoMore) {
  choice_.SetCandidates(
      {{.id = "a", .region = "north"},
       {.id = "b", .region = "north", .intake = PlacementChoice::Intake::kClosed}});
  ASSERT_EQ(Choose(), "a");
  choice_.Refused("a");
  EXPECT_EQ(choice_.LoadOf("a"), 0U);
  EXPECT_EQ(Choose(), "");
  choice_.SetCandidates({{.id = "a", .region = "north"}});
  EXPECT_EQ(Choose(), "a");
}

TEST_F(PlacementChoiceTest, KnowsNothingOfWhoIsNotThere) {
  choice_.Placed("x");
  choice_.Abandoned("x");
  choice_.Refused("x");
  EXPECT_EQ(choice_.LoadOf("x"), 0U);
}

TEST_F(PlacementChoiceTest, KeepsToItsLimit) {
  std::vector<PlacementChoice::Candidate> many;
  for (size_t i = 0; i < PlacementChoice::kMaxCandidates; ++i) {
    many.push_back({.id = "a" + std::to_string(i), .region = "north", .transports = 10});
  }
  many.push_back({.id = "z", .region = "north"});
  choice_.SetCandidates(many);
  for (int i = 0; i < 600; ++i) EXPECT_NE(Choose(), "z");
}

}  // namespace
}  // namespace confab::signaling
