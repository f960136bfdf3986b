#include "services/logs/story/calls.h"

#include <gmock/gmock.h>

#include "services/logs/testing/written_call.h"

// How the lines of a room become calls.
namespace confab::logs {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::WrittenCall;

// How many people each call had, the oldest first.
std::vector<size_t> PeopleOf(const WrittenCall& call, double later_s = 1) {
  const GatheredLines lines = Gather(call.index(), {.hashed = "", .as_written = call.room()});
  const int64_t now_us = call.now_us() + static_cast<int64_t>(later_s * kSecondUs);
  std::vector<size_t> people;
  for (const FoundCall& each : FindCalls(lines.of_room, lines.processes, now_us)) {
    people.push_back(each.told.participants);
  }
  return people;
}

TEST(Calls, AreOneWhileSomebodyIsInside) {
  WrittenCall call;
  call.Joins("ada").IsFine("ada").After(3600).IsFine("ada").Joins("bo").Leaves("ada");
  EXPECT_THAT(PeopleOf(call), ElementsAre(2));
  EXPECT_TRUE(call.Told().at("live").as_bool());
  EXPECT_TRUE(call.Told().at("to").is_null());
}

TEST(Calls, EndWithTheLastWhoLeaves) {
  WrittenCall call;
  call.Joins("ada").After(5).Leaves("ada").After(61).Joins("bo").After(1).Leaves("bo");
  EXPECT_THAT(PeopleOf(call), ElementsAre(1, 1));
  const auto told = call.Told();
  EXPECT_FALSE(told.at("live").as_bool());
  EXPECT_EQ(told.at("calls").as_array().size(), 2u);
  EXPECT_EQ(told.at("participants").as_array().size(), 1u);
  EXPECT_EQ(told.at("participants").at(0).at("id").as_string(), "bo");
}

TEST(Calls, GoOnWhereSomebodyComesBackWithinAMinute) {
  WrittenCall call;
  call.Joins("ada").After(5).Leaves("ada").After(50).Joins("bo");
  EXPECT_THAT(PeopleOf(call), ElementsAre(2));
}

TEST(Calls, AreMadeByWhoWasRefusedToo) {
  WrittenCall call;
  call.Refuses("expired");
  EXPECT_THAT(PeopleOf(call), ElementsAre(0));
  call.After(30).Joins("ada");
  EXPECT_THAT(PeopleOf(call), ElementsAre(1));
}

TEST(Calls, AreNotMadeByWhoOnlyPreparedOne) {
  WrittenCall call;
  call.Signaling("room.placed", "", R"("media":"m1","epoch":1)").Makes("ada", "send");
  for (int i = 0; i < 5; ++i) call.After(60).Figures("ada", "send", R"("state":"new")");
  EXPECT_THAT(PeopleOf(call), IsEmpty());
  EXPECT_FALSE(call.Text());
}

TEST(Calls, AreFoundByATimeOfTheirs) {
  WrittenCall call;
  call.Joins("ada").After(5);
  const int64_t first_us = call.now_us();
  call.Leaves("ada").After(600).Joins("bo").Leaves("bo");
  EXPECT_EQ(call.Told(first_us).at("participants").at(0).at("id").as_string(), "ada");
  EXPECT_EQ(call.Told(1).at("participants").at(0).at("id").as_string(), "ada") << "the first one";
  EXPECT_EQ(call.Told().at("participants").at(0).at("id").as_string(), "bo");
}

TEST(Calls, EndWithTheProcessThatHadThem) {
  WrittenCall call;
  call.Joins("ada").After(30).IsFine("ada");
  EXPECT_TRUE(call.Told(std::nullopt, 100).at("live").as_bool()) << "they may be only quiet";
  const auto told = call.Told(std::nullopt, 130);
  EXPECT_FALSE(told.at("live").as_bool());
  EXPECT_EQ(told.at("participants").at(0).at("reason").as_string(), "vanished");
}

TEST(Calls, EndWhereTheProcessBeganAnew) {
  WrittenCall call;
  call.Joins("ada").After(30).Instance("service.started", "", "info").After(130);
  call.Instance("room.opened", "", "info");
  EXPECT_FALSE(call.Told().at("live").as_bool());
}

TEST(Calls, KeepWhoIsQuietWhileTheirProcessLives) {
  WrittenCall call;
  call.Joins("ada").After(600).Instance("discovery.back", "", "info");
  EXPECT_TRUE(call.Told().at("live").as_bool());
}

TEST(Calls, CountWhoResumesElsewhereOnce) {
  WrittenCall call;
  call.Joins("ada").After(5).By("s2").Signaling("participant.resumed", "ada",
                                                R"("from":"elsewhere")");
  call.By("s1").Instance("service.started", "", "info").After(200);
  call.By("s2").Reports("ada", "");
  EXPECT_THAT(PeopleOf(call), ElementsAre(1));
  EXPECT_TRUE(call.Told().at("live").as_bool());
}

TEST(Calls, KnowOfPeopleWhoseJoinIsForgotten) {
  WrittenCall call;
  call.Reports("ada", "").After(5).Signaling("participant.left", "bo", R"("reason":"left")");
  EXPECT_THAT(PeopleOf(call), ElementsAre(2));
  EXPECT_TRUE(call.Told().at("live").as_bool());
  EXPECT_FALSE(call.Told().at("complete").as_bool());
}

TEST(Calls, DoNotBeginWithTheEchoOfAGoodbye) {
  WrittenCall call;
  call.Joins("ada").Leaves("ada").Reports("ada", "").Signaling("producer.paused", "ada");
  EXPECT_FALSE(call.Told().at("live").as_bool());
}

TEST(Calls, AreNoOthersBusiness) {
  WrittenCall call, other("coffee");
  call.Joins("ada");
  EXPECT_FALSE(TellRoom(call.index(), {.room = {"coffee", "coffee"}, .at_us = {}, .now_us = 1}));
}

}  // namespace
}  // namespace confab::logs
