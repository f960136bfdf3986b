// Three instances, everything that can go wrong, in an order that a seed decides; then a checker.
// CONFAB_BUS_SEED=N runs one seed alone, CONFAB_BUS_SEEDS=N so many.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <cstdlib>

#include "backends/bus/testing/ledgers_under_test.h"
#include "backends/bus/testing/loop.h"
#include "backends/bus/testing/room_view.h"

namespace confab::bus {
namespace {

constexpr size_t kInstances = 3;
constexpr int kSteps = 120;

struct RandomCase {
  std::string name;
  MakeLedgers make;
  uint64_t seeds;
};

// One instance, and what it was told of its own changes.
struct Actor {
  std::shared_ptr<FaultPlan> plan = std::make_shared<FaultPlan>();
  std::unique_ptr<LedgerBus> bus;
  std::unique_ptr<RoomView> view;
  std::vector<std::string> acknowledged;  // events, in order
  std::set<std::string> refused;
  std::map<std::string, std::string> fields;
  int waiting = 0;
};

class Trial {
 public:
  Trial(asio::io_context& io, LedgersUnderTest& ledgers, uint64_t seed, std::string room)
      : io_(io), ledgers_(ledgers), random_(seed), room_(std::move(room)) {}

  void Begin();
  void Step();
  void Heal();
  void Check();

 private:
  Times TimesOfRun() {
    Times times = QuickTimes();
    times.change = TimeDelta::Millis(20);
    return times;
  }
  Actor& AnyActor() { return actors_[random_.Below(kInstances)]; }
  void Act(Actor& actor);
  void Disturb();
  void Start(Actor& actor, RoomChange change, Patience patience);

  asio::io_context& io_;
  LedgersUnderTest& ledgers_;
  Prng random_;
  std::string room_;
  std::array<Actor, kInstances> actors_;
  int events_ = 0;
};

void Trial::Begin() {
  for (size_t i = 0; i < kInstances; ++i) {
    Actor& actor = actors_[i];
    actor.bus = ledgers_.MakeBus(io_, "i" + std::to_string(i), TimesOfRun(), actor.plan);
    actor.view = std::make_unique<RoomView>(io_, *actor.bus, room_);
  }
  ASSERT_TRUE(RunUntil(io_, [&] {
    return std::ranges::all_of(actors_, [](const Actor& a) { return a.view->is_following(); });
  }));
}

void Trial::Start(Actor& actor, RoomChange change, Patience patience) {
  ++actor.waiting;
  asio::co_spawn(io_, actor.bus->Change(room_, change, patience),
                 [&actor, change](std::exception_ptr, const Result<uint64_t>& result) {
                   --actor.waiting;
                   if (!result) {
                     actor.refused.insert(change.event);
                     return;
                   }
                   actor.acknowledged.push_back(change.event);
                   for (const auto& field : change.set) actor.fields[field.key] = field.value;
                   for (const auto& key : change.remove) actor.fields.erase(key);
                 });
}

void Trial::Act(Actor& actor) {
  RoomChange change{.event = "e" + std::to_string(++events_)};
  const std::string key = actor.bus->self().text().substr(0, 2) + std::to_string(random_.Below(4));
  const uint64_t what = random_.Below(4);
  if (what <= 1) change.set.push_back({.key = key, .value = change.event});
  if (what == 2) change.remove.push_back(key);
  Start(actor, std::move(change),
        random_.Below(2) == 0 ? Patience::kKeep : Patience::kUntilDeadline);
}

void Trial::Disturb() {
  Actor& actor = AnyActor();
  switch (random_.Below(6)) {
    case 0: ledgers_.Wipe(); break;
    case 1: ledgers_.Expire(actor.bus->self()); break;
    case 2: actor.plan->next = [] { return Fault::kBefore; }; break;
    case 3: actor.plan->next = [] { return Fault::kAfter; }; break;
    case 4:
      actor.plan->next = [this] {
        const uint64_t dice = random_.Below(6);
        return dice == 0 ? Fault::kBefore : dice == 1 ? Fault::kAfter : Fault::kNone;
      };
      break;
    default: actor.plan->next = [] { return Fault::kNone; };
  }
}

void Trial::Step() {
  if (random_.Below(8) == 0) {
    Disturb();
  } else {
    Act(AnyActor());
  }
  const uint64_t turns = random_.Below(12);
  for (uint64_t i = 0; i < turns; ++i) {
    io_.restart();
    io_.run_one_for(std::chrono::milliseconds(5));
  }
}

void Trial::Heal() {
  for (Actor& actor : actors_) actor.plan->next = [] { return Fault::kNone; };
  // Whatever was refused before is undone before this, in each room.
  for (Actor& actor : actors_) {
    Start(actor, {.event = "last of " + actor.bus->self().text()}, Patience::kKeep);
  }
  const auto is_done = [&] {
    return std::ranges::all_of(actors_, [&](const Actor& actor) {
      return actor.waiting == 0 && std::ranges::all_of(actors_, [&](const Actor& other) {
               const auto events = actor.view->EventsOf(other.bus->self());
               return !events.empty() && events.back().starts_with("last");
             });
    });
  };
  ASSERT_TRUE(RunUntil(io_, is_done));
}

void Trial::Check() {
  std::map<std::string, std::string> fields;
  for (const Actor& actor : actors_) {
    for (const auto& field : actor.fields) fields.insert(field);
  }
  for (const Actor& actor : actors_) {
    EXPECT_EQ(actor.view->resets(), 0);
    EXPECT_TRUE(actor.view->is_sequence_growing());
    for (const Actor& origin : actors_) {
      auto told = actor.view->EventsOf(origin.bus->self());
      // What was refused may have been seen, and undone.
      std::erase_if(told, [&](const auto& event) { return origin.refused.contains(event); });
      EXPECT_EQ(told, origin.acknowledged);
    }
    EXPECT_TRUE(RunUntil(io_, [&] { return actor.view->values() == fields; }))
        << testing::PrintToString(actor.view->values()) << "\ninstead of\n"
        << testing::PrintToString(fields);
  }
  EXPECT_TRUE(RunUntil(io_, [&] {
    const auto state = Await(io_, actors_[0].bus->Snapshot(room_));
    return state && state->fields.size() == fields.size();
  }));
}

class BusAtRandom : public testing::TestWithParam<RandomCase> {};

TEST_P(BusAtRandom, LosesNothingAndRepeatsNothingWhateverGoesWrong) {
  // This test has one thread.
  const char* seed_text = std::getenv("CONFAB_BUS_SEED");    // NOLINT(concurrency-mt-unsafe)
  const char* seeds_text = std::getenv("CONFAB_BUS_SEEDS");  // NOLINT(concurrency-mt-unsafe)
  const uint64_t seeds = seeds_text ? std::strtoull(seeds_text, nullptr, 10) : GetParam().seeds;
  const uint64_t first = seed_text ? std::strtoull(seed_text, nullptr, 10) : 1;
  const uint64_t last = seed_text ? first : seeds;
  for (uint64_t seed = first; seed <= last && !HasFailure(); ++seed) {
    SCOPED_TRACE("CONFAB_BUS_SEED=" + std::to_string(seed));
    asio::io_context io;
    std::string why_not;
    const auto ledgers = GetParam().make(io, QuickTimes(), why_not);
    if (!ledgers) GTEST_SKIP() << why_not;
    Trial trial(io, *ledgers, seed, "room");
    ASSERT_NO_FATAL_FAILURE(trial.Begin());
    for (int step = 0; step < kSteps; ++step) trial.Step();
    ASSERT_NO_FATAL_FAILURE(trial.Heal());
    trial.Check();
  }
}

INSTANTIATE_TEST_SUITE_P(All, BusAtRandom,
                         testing::Values(RandomCase{"Memory", MakeMemoryLedgers, 30},
                                         RandomCase{"Redis", MakeRedisLedgers, 8}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace confab::bus
