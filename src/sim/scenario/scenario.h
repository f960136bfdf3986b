#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "rtc/types.h"
#include "sim/media/synthetic_video.h"
#include "sim/network/link.h"

namespace confab::sim {

// Someone who may be in the room: what they send and how they are connected.
struct ParticipantPlan {
  LinkOptions up;
  LinkOptions down;
  std::optional<VideoOptions> video;
  bool audio = true;
  // The links carry what is sent over them with room to spare, apart from chance losses below a
  // tenth and outages: while nothing else is wrong, media must flow.
  bool ample = true;
};

// What happens. A participant acts; the server hears of it a signaling delay later.
enum class ActionKind : uint8_t {
  kJoin,            // who
  kLeave,           // who: says so
  kVanish,          // who: says nothing, the server has to notice; it takes 30 s
  kPauseProducer,   // who, media: stops sending, too
  kResumeProducer,  // who, media
  kPauseConsumer,   // who no longer wants whom's media
  kResumeConsumer,  // who, whom, media
  kCloseProducer,   // who, media
  kRestartIce,      // who: both transports
  kMove,            // who: another address, found by an ICE restart
};
std::string_view ToString(ActionKind kind);

struct Action {
  TimeDelta at;  // since the run began
  ActionKind kind = ActionKind::kJoin;
  uint32_t who = 0;   // index into participants
  uint32_t whom = 0;  // the same
  rtc::MediaKind media = rtc::MediaKind::kVideo;
};

// One run, completely: with the seed that its chances are drawn from it says every datagram.
struct Scenario {
  std::string name;
  TimeDelta duration = TimeDelta::Seconds(30);  // then everyone leaves
  TimeDelta signaling_delay = TimeDelta::Millis(30);
  // The server looks at what has come at multiples of this: larger batches. 0: at once.
  TimeDelta server_turn;
  std::vector<ParticipantPlan> participants;
  std::vector<Action> actions;  // by time
};

// nullopt: there is none of that name. `duration` replaces the scenario's own; for `random` the
// seed decides everything.
std::optional<Scenario> MakeScenario(std::string_view name, uint64_t seed,
                                     std::optional<TimeDelta> duration);
// In the order of the documentation.
std::vector<std::string_view> ScenarioNames();

// Everything drawn from the seed.
Scenario RandomScenario(uint64_t seed, TimeDelta duration);

}  // namespace confab::sim
