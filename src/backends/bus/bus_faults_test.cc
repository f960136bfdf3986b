// A connection that breaks before or after each question, on every Bus: nothing is lost, nothing
// comes twice, nothing stays.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>

#include "backends/bus/testing/ledgers_under_test.h"
#include "backends/bus/testing/loop.h"
#include "backends/bus/testing/room_view.h"

namespace confab::bus {
namespace {

using testing::ElementsAre;
using testing::Pair;

struct FaultCase {
  std::string name;
  MakeLedgers make;
  Fault fault;
};

class BusFaults : public testing::TestWithParam<FaultCase> {
 protected:
  void SetUp() override {
    std::string why_not;
    ledgers_ = GetParam().make(io_, QuickTimes(), why_not);
    if (!ledgers_) GTEST_SKIP() << why_not;
  }
  // Everything goes well but for the Nth question of this bus.
  std::shared_ptr<FaultPlan> FailAt(uint64_t n) {
    const auto plan = std::make_shared<FaultPlan>();
    plan->next = [raw = plan.get(), n] {
      return raw->questions == n ? GetParam().fault : Fault::kNone;
    };
    return plan;
  }
  void Change(Bus& bus, const std::string& room, RoomChange change) {
    const auto done = Await(io_, bus.Change(room, std::move(change), Patience::kKeep));
    EXPECT_TRUE(done.has_value());
  }
  void RunScenario(uint64_t n, const std::function<void()>& in_between);

  asio::io_context io_;
  std::unique_ptr<LedgersUnderTest> ledgers_;
};

void BusFaults::RunScenario(uint64_t n, const std::function<void()>& in_between) {
  SCOPED_TRACE("the question that fails: " + std::to_string(n));
  const std::string room = "room" + std::to_string(n);
  const auto bus = ledgers_->MakeBus(io_, "faulty", QuickTimes(), FailAt(n));
  const auto other = ledgers_->MakeBus(io_, "sound", QuickTimes());
  RoomView here(io_, *bus, room);
  RoomView there(io_, *other, room);
  ASSERT_TRUE(RunUntil(io_, [&] { return here.is_following() && there.is_following(); }));
  Change(*bus, room, {.set = {{.key = "a", .value = "1"}}, .event = "e1"});
  Change(*other, room, {.set = {{.key = "b", .value = "2"}}, .event = "f1"});
  Change(*bus, room, {.set = {{.key = "c", .value = "3"}}, .event = "e2"});
  in_between();
  Change(*bus, room, {.remove = {"a"}, .event = "e3"});
  Change(*other, room, {.event = "f2"});
  const auto is_told = [](const RoomView& view) { return view.events().size() >= 5; };
  ASSERT_TRUE(RunUntil(io_, [&] { return is_told(here) && is_told(there); }))
      << testing::PrintToString(here.events()) << " and " << testing::PrintToString(there.events())
      << ", resets: " << here.resets() << " and " << there.resets();
  for (const RoomView* view : {&here, &there}) {
    EXPECT_THAT(view->EventsOf(bus->self()), ElementsAre("e1", "e2", "e3"));
    EXPECT_THAT(view->EventsOf(other->self()), ElementsAre("f1", "f2"));
    EXPECT_THAT(view->values(), ElementsAre(Pair("b", "2"), Pair("c", "3")));
    EXPECT_TRUE(view->is_sequence_growing());
    EXPECT_EQ(view->resets(), 0);
  }
  const auto has_all = [&] {
    const auto state = Await(io_, other->Snapshot(room));
    return state && state->fields.size() == 2;
  };
  EXPECT_TRUE(RunUntil(io_, has_all));
}

constexpr uint64_t kQuestions = 30;  // a scenario's own, with some beats in between

TEST_P(BusFaults, DoesEverythingOnceWhicheverQuestionFails) {
  for (uint64_t n = 1; n <= kQuestions && !HasFatalFailure(); ++n) RunScenario(n, [] {});
}

TEST_P(BusFaults, DoesEverythingOnceWhicheverQuestionFailsAroundAWipe) {
  for (uint64_t n = 1; n <= kQuestions && !HasFatalFailure(); ++n) {
    RunScenario(n, [&] { ledgers_->Wipe(); });
  }
}

INSTANTIATE_TEST_SUITE_P(All, BusFaults,
                         testing::Values(FaultCase{"MemoryBefore", MakeMemoryLedgers,
                                                   Fault::kBefore},
                                         FaultCase{"MemoryAfter", MakeMemoryLedgers, Fault::kAfter},
                                         FaultCase{"RedisBefore", MakeRedisLedgers, Fault::kBefore},
                                         FaultCase{"RedisAfter", MakeRedisLedgers, Fault::kAfter}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace confab::bus
