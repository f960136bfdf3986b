#include <algorithm>
#include <array>

#include "sim/scenario/scenario.h"

namespace confab::sim {
namespace {

constexpr TimeDelta kHalfLeg = TimeDelta::Micros(12'500);

LinkOptions Clean(TimeDelta delay) {
  LinkOptions link;
  link.delay = delay;
  return link;
}

// `count` people who come one after another and stay.
Scenario Meeting(std::string_view name, uint32_t count, const ParticipantPlan& plan) {
  Scenario scenario;
  scenario.name = name;
  for (uint32_t i = 0; i < count; ++i) {
    scenario.participants.push_back(plan);
    scenario.actions.push_back({.at = TimeDelta::Millis(200 * i), .who = i});
  }
  return scenario;
}

Scenario Calm() {
  return Meeting("calm", 3,
                 {.up = Clean(kHalfLeg), .down = Clean(kHalfLeg), .video = VideoOptions{}});
}

// 5 % each way, 50 ms between two people and back: 25 ms to the server and back each.
Scenario Lossy() {
  LinkOptions link = Clean(kHalfLeg);
  link.loss = 0.05;
  return Meeting("lossy", 3, {.up = link, .down = link, .video = VideoOptions{}});
}

Scenario Bursty() {
  LinkOptions link = Clean(TimeDelta::Millis(20));
  link.jitter = TimeDelta::Millis(5);
  link.burst = {.enter = 0.005, .leave = 0.15, .lost = 0.7};
  link.reorder = 0.005;
  return Meeting("bursty", 3, {.up = link, .down = link, .video = VideoOptions{}});
}

// The second of four people loses the network for a second, then for four, each way.
Scenario WithOutage() {
  Scenario scenario = Meeting(
      "outage", 4, {.up = Clean(kHalfLeg), .down = Clean(kHalfLeg), .video = VideoOptions{}});
  for (LinkOptions* link : {&scenario.participants[1].up, &scenario.participants[1].down}) {
    const auto at = [](int64_t ms) { return Timestamp::Millis(1'000'000 + ms); };
    link->outages = {{at(5'000), at(6'000)}, {at(12'000), at(16'000)}};
  }
  return scenario;
}

// Everything that people do, on good links.
Scenario Churn() {
  using enum ActionKind;
  Scenario scenario = Meeting(
      "churn", 5, {.up = Clean(kHalfLeg), .down = Clean(kHalfLeg), .video = VideoOptions{}});
  const auto at = [](int64_t ms) { return TimeDelta::Millis(ms); };
  const std::vector<Action> actions = {
      {.at = at(4'000), .kind = kPauseProducer, .who = 0},
      {.at = at(5'000), .kind = kLeave, .who = 4},
      {.at = at(6'000), .kind = kResumeProducer, .who = 0},
      {.at = at(7'000), .kind = kPauseProducer, .who = 1, .media = rtc::MediaKind::kAudio},
      {.at = at(8'000), .kind = kPauseConsumer, .who = 2, .whom = 0},
      {.at = at(9'000), .kind = kJoin, .who = 4},
      {.at = at(10'000), .kind = kResumeConsumer, .who = 2, .whom = 0},
      {.at = at(11'000), .kind = kRestartIce, .who = 3},
      {.at = at(12'000), .kind = kResumeProducer, .who = 1, .media = rtc::MediaKind::kAudio},
      {.at = at(13'000), .kind = kMove, .who = 2},
      {.at = at(15'000), .kind = kCloseProducer, .who = 3},
      {.at = at(16'000), .kind = kVanish, .who = 0},  // noticed at 46 s
      {.at = at(18'000), .kind = kJoin, .who = 0},
      {.at = at(20'000), .kind = kLeave, .who = 1},
      {.at = at(20'000), .kind = kLeave, .who = 2},
      {.at = at(22'000), .kind = kJoin, .who = 1},
  };
  scenario.actions.insert(scenario.actions.end(), actions.begin(), actions.end());
  return scenario;
}

// For speed: ten people who see and hear each other, 720p at 15 frames a second.
Scenario Crowd() {
  VideoOptions video;
  video.frame_interval = TimeDelta::Micros(66'667);
  video.packets_per_frame = 4;
  return Meeting("crowd", 10, {.up = Clean(kHalfLeg), .down = Clean(kHalfLeg), .video = video});
}

using Make = Scenario (*)();
constexpr std::array<std::pair<std::string_view, Make>, 6> kScenarios = {{{"calm", Calm},
                                                                          {"lossy", Lossy},
                                                                          {"bursty", Bursty},
                                                                          {"outage", WithOutage},
                                                                          {"churn", Churn},
                                                                          {"crowd", Crowd}}};

constexpr TimeDelta kRandomDuration = TimeDelta::Seconds(30);

}  // namespace

std::string_view ToString(ActionKind kind) {
  switch (kind) {
    case ActionKind::kJoin: return "join";
    case ActionKind::kLeave: return "leave";
    case ActionKind::kVanish: return "vanish";
    case ActionKind::kPauseProducer: return "pause-producer";
    case ActionKind::kResumeProducer: return "resume-producer";
    case ActionKind::kPauseConsumer: return "pause-consumer";
    case ActionKind::kResumeConsumer: return "resume-consumer";
    case ActionKind::kCloseProducer: return "close-producer";
    case ActionKind::kRestartIce: return "restart-ice";
    case ActionKind::kMove: return "move";
  }
  return "";
}

std::vector<std::string_view> ScenarioNames() {
  std::vector<std::string_view> names;
  for (const auto& [name, make] : kScenarios) names.push_back(name);
  names.push_back("random");
  return names;
}

std::optional<Scenario> MakeScenario(std::string_view name, uint64_t seed,
                                     std::optional<TimeDelta> duration) {
  if (name == "random") return RandomScenario(seed, duration.value_or(kRandomDuration));
  for (const auto& [known, make] : kScenarios) {
    if (known != name) continue;
    Scenario scenario = make();
    if (duration) scenario.duration = *duration;
    return scenario;
  }
  return std::nullopt;
}

}  // namespace confab::sim
