#include <algorithm>

#include "sim/run/seed.h"
#include "sim/scenario/scenario.h"

namespace confab::sim {
namespace {

constexpr uint32_t kMinPeople = 2;
constexpr uint32_t kMaxPeople = 5;
// One action so often, on average.
constexpr TimeDelta kActionInterval = TimeDelta::Millis(1500);

// Draws in the order in which it is asked: one value a statement, as C++ does not say which argument
// of a call comes first.
class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(RandomFor(seed, Purpose::kScenario)) {}

  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(random_.Below(static_cast<uint64_t>(high - low + 1)));
  }
  TimeDelta Millis(int64_t low, int64_t high) { return TimeDelta::Millis(Between(low, high)); }
  // True once in `n` times on average.
  bool OneIn(uint64_t n) { return random_.Below(n) == 0; }
  // low…high thousandths.
  double PerMille(int64_t low, int64_t high) {
    return static_cast<double>(Between(low, high)) / 1000;
  }

 private:
  Prng random_;
};

VideoOptions RandomVideo(Dice& dice) {
  constexpr int64_t kIntervalsUs[] = {33'333, 66'667, 100'000};
  VideoOptions video;
  video.frame_interval = TimeDelta::Micros(kIntervalsUs[dice.Between(0, 2)]);
  video.packets_per_frame = static_cast<uint16_t>(dice.Between(1, 4));
  video.packets_per_keyframe = static_cast<uint16_t>(dice.Between(2, 12));
  video.payload_octets = static_cast<uint16_t>(dice.Between(60, 500));
  video.keyframe_interval = TimeDelta::Seconds(dice.Between(2, 40));
  return video;
}

void AddOutages(Dice& dice, TimeDelta duration, LinkOptions& up, LinkOptions& down) {
  const TimeDelta from = dice.Millis(2'000, std::max<int64_t>(2'001, duration.ms()));
  const TimeDelta length = dice.Millis(100, 6'000);
  const Timestamp begin = Timestamp::Millis(1'000'000) + from;
  const bool both = !dice.OneIn(3);
  up.outages.push_back({begin, begin + length});
  if (both) down.outages.push_back({begin, begin + length});
}

LinkOptions RandomLink(Dice& dice) {
  LinkOptions link;
  link.delay = dice.Millis(1, 120);
  if (dice.OneIn(2)) link.jitter = dice.Millis(1, 20);
  if (dice.OneIn(2)) link.loss = dice.PerMille(1, 60);
  if (dice.OneIn(4)) {
    link.burst.enter = dice.PerMille(1, 5);
    link.burst.leave = dice.PerMille(100, 500);
    link.burst.lost = dice.PerMille(300, 900);
  }
  if (dice.OneIn(3)) {
    link.reorder = dice.PerMille(1, 20);
    link.reorder_delay = dice.Millis(1, 30);
  }
  if (dice.OneIn(4)) link.duplicate = dice.PerMille(1, 30);
  return link;
}

// One in eight links is too narrow for what is sent over it.
void AddRates(Dice& dice, ParticipantPlan& plan) {
  if (dice.OneIn(8)) {
    plan.ample = false;
    plan.down.rate = DataRate::KilobitsPerSecond(dice.Between(150, 400));
    plan.down.queue_bytes = static_cast<size_t>(dice.Between(10'000, 100'000));
  } else if (dice.OneIn(2)) {
    plan.up.rate = DataRate::KilobitsPerSecond(dice.Between(2'000, 10'000));
    plan.down.rate = DataRate::KilobitsPerSecond(dice.Between(8'000, 40'000));
  }
}

ParticipantPlan RandomParticipant(Dice& dice, TimeDelta duration) {
  ParticipantPlan plan;
  plan.up = RandomLink(dice);
  plan.down = RandomLink(dice);
  AddRates(dice, plan);
  if (dice.OneIn(3)) AddOutages(dice, duration, plan.up, plan.down);
  plan.audio = !dice.OneIn(5);
  if (!dice.OneIn(5)) plan.video = RandomVideo(dice);
  return plan;
}

Action RandomAction(Dice& dice, uint32_t people) {
  // What people do often stands here often.
  using enum ActionKind;
  constexpr ActionKind kKinds[] = {kJoin,           kJoin,           kJoin,
                                   kLeave,          kVanish,         kPauseProducer,
                                   kPauseProducer,  kResumeProducer, kResumeProducer,
                                   kPauseConsumer,  kPauseConsumer,  kResumeConsumer,
                                   kResumeConsumer, kRestartIce,     kMove,
                                   kCloseProducer};
  Action action;
  action.kind = kKinds[dice.Between(0, std::ssize(kKinds) - 1)];
  action.who = static_cast<uint32_t>(dice.Between(0, people - 1));
  action.whom = static_cast<uint32_t>(dice.Between(0, people - 1));
  action.media = dice.OneIn(2) ? rtc::MediaKind::kAudio : rtc::MediaKind::kVideo;
  return action;
}

}  // namespace

Scenario RandomScenario(uint64_t seed, TimeDelta duration) {
  constexpr int64_t kTurnsMs[] = {0, 0, 1, 5};
  Dice dice(seed);
  Scenario scenario;
  scenario.name = "random";
  scenario.duration = duration;
  scenario.signaling_delay = dice.Millis(1, 200);
  scenario.server_turn = TimeDelta::Millis(kTurnsMs[dice.Between(0, 3)]);
  const auto people = static_cast<uint32_t>(dice.Between(kMinPeople, kMaxPeople));
  for (uint32_t i = 0; i < people; ++i) {
    scenario.participants.push_back(RandomParticipant(dice, duration));
    const TimeDelta at = dice.Millis(0, 5'000);
    scenario.actions.push_back({.at = at, .who = i});
  }
  for (TimeDelta at; at < duration; at += dice.Millis(0, kActionInterval.ms() * 2)) {
    Action action = RandomAction(dice, people);
    action.at = at;
    scenario.actions.push_back(action);
  }
  std::ranges::stable_sort(scenario.actions, {}, &Action::at);
  return scenario;
}

}  // namespace confab::sim
