#include "services/signaling/room/event_log.h"

#include <gtest/gtest.h>

namespace confab::signaling {
namespace {

TEST(EventLog, NumbersEventsFromOneAndPutsTheNumberIn) {
  EventLog log;
  EXPECT_EQ(log.last_seq(), 0u);
  const LoggedEvent& event = log.Append("x", {{"a", 1}});
  EXPECT_EQ(event.payload, (json::object{{"seq", 1}, {"a", 1}}));
  EXPECT_EQ(log.Append("y", {}).seq, 2u);
}

TEST(EventLog, GivesExactlyWhatCameAfter) {
  EventLog log;
  for (int i = 0; i < 5; ++i) log.Append("x", {});
  const auto missed = log.Since(3);
  ASSERT_TRUE(missed.has_value());
  ASSERT_EQ(missed->size(), 2u);
  EXPECT_EQ(missed->at(0)->seq, 4u);
  EXPECT_EQ(missed->at(1)->seq, 5u);
  EXPECT_TRUE(log.Since(5)->empty());
}

TEST(EventLog, KnowsThatItHasForgotten) {
  EventLog log;
  for (size_t i = 0; i < EventLog::kCapacity + 10; ++i) log.Append("x", {});
  EXPECT_EQ(log.Since(9), std::nullopt);
  ASSERT_TRUE(log.Since(10).has_value());
  EXPECT_EQ(log.Since(10)->size(), EventLog::kCapacity);
}

TEST(EventLog, DoesNotBelieveInTheFuture) {
  EventLog log;
  EXPECT_TRUE(log.Since(0)->empty());
  EXPECT_EQ(log.Since(1), std::nullopt);
}

TEST(EventLog, KnowsNothingOfWhatWasBeforeItsStart) {
  EventLog log;
  log.StartAfter(40);
  log.Append("x", {});
  EXPECT_EQ(log.Since(40), std::nullopt);
  EXPECT_EQ(log.events().size(), 1u);
  EXPECT_EQ(log.NumberState(), 42u);
  EXPECT_EQ(log.Append("y", {}).seq, 43u);
  EXPECT_EQ(log.Since(42)->size(), 1u);
  EXPECT_EQ(log.Since(41), std::nullopt) << "the state is not kept";
}

}  // namespace
}  // namespace confab::signaling
