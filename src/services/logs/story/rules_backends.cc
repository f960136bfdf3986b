#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "services/logs/story/rules.h"
#include "services/logs/story/sentences.h"

// What stands behind the call and was not there: its media instance, the bus, the store.
namespace confab::logs {
namespace {

// Who noticed may have noticed somewhat later than the room had gone.
constexpr int64_t kNoticedUs = 30 * kSecondUs;
// All of an instance's transports end within so long where it is the instance that ended.
constexpr int64_t kAtOnceUs = 10 * kSecondUs;
// A participant whose connection broke so shortly before may have gone by itself.
constexpr int64_t kGoneBeforeUs = 60 * kSecondUs;

const Outage* OutageOf(const Scene& scene, const MediaStay& stay) {
  TimeSpan time = stay.time;
  if (!time.to_us) time.to_us = scene.story.time().to_us;  // what follows the call is not of it
  // A room that nobody was in any more had left in order.
  if (!stay.moved_line.empty()) time = Widened(time, 0, kNoticedUs);
  const auto found = std::ranges::find_if(scene.outages, [&](const Outage& outage) {
    return outage.backend == Backend::kMedia && outage.media == stay.instance &&
           Overlap(outage.time, time);
  });
  return found == scene.outages.end() ? nullptr : &*found;
}

// An operator took the instance out of use: its rooms had to go, as was wanted.
bool IsDrained(const Story& story, const MediaStay& stay) {
  return std::ranges::any_of(story.participants, [&](const ParticipantStory& participant) {
    return std::ranges::any_of(participant.transports, [&](const TransportStory& transport) {
      return transport.media == stay.instance && transport.reason == "drained";
    });
  });
}

bool WasLostBefore(const ParticipantStory& participant, int64_t at_us) {
  return std::ranges::any_of(participant.changes, [&](const ConnectionChange& change) {
    return (change.what == "lost" || change.what == "left") && change.at_us <= at_us + kAtOnceUs &&
           change.at_us >= at_us - kGoneBeforeUs;
  });
}

// When the transports of several people at the instance ended at once although their people were
// there; nothing where they did not.
struct Ends {
  std::optional<int64_t> at_us;
  std::vector<std::string> lines;
};
Ends EndsAtOnce(const Story& story, const MediaStay& stay) {
  std::vector<int64_t> ends;
  Ends result;
  size_t people = 0;
  for (const ParticipantStory& participant : story.participants) {
    bool is_one = false;
    for (const TransportStory& transport : participant.transports) {
      if (transport.media != stay.instance || !transport.is_connected()) continue;
      const bool ended = transport.reason == "ice-timeout" || transport.reason == "media-lost";
      if (!transport.closed_us || !ended || WasLostBefore(participant, *transport.closed_us)) {
        return {};
      }
      ends.push_back(*transport.closed_us);
      is_one = true;
    }
    if (is_one) ++people;
  }
  if (people < 2) return {};
  const auto [first, last] = std::ranges::minmax(ends);
  if (last - first <= kAtOnceUs) result.at_us = first;
  return result;
}

std::string WhatThen(const Story& story, const MediaStay& stay) {
  for (size_t i = 0; i + 1 < story.media.size(); ++i) {
    if (&story.media[i] == &stay && !stay.moved_line.empty()) {
      return fmt::format("the call went on at {}", story.media[i + 1].instance);
    }
  }
  return "no other instance took the call over";
}

void AddLostMedia(const Scene& scene, const MediaStay& stay, TimeSpan time,
                  std::vector<std::string> lines, Findings& found) {
  lines.push_back(stay.moved_line);
  found.Add({.cause = Cause::kMediaLost,
             .severity = Severity::kError,
             .participant = "",
             .instance = stay.instance,
             .time = time,
             .sentence = fmt::format("The media instance {} had this call and was lost; {}.",
                                     stay.instance, WhatThen(scene.story, stay)),
             .advice = "Look at the last lines of that instance, and at why its process or its "
                       "machine ended. With several media instances calls go on by themselves.",
             .lines = std::move(lines)});
}

bool ConcernsCall(const Scene& scene, const Outage& outage) {
  return outage.backend != Backend::kMedia && Overlap(outage.time, scene.story.time());
}

}  // namespace

void FindLostMedia(const Scene& scene, Findings& found) {
  std::set<std::string> told;
  for (const MediaStay& stay : scene.story.media) {
    if (told.contains(stay.instance)) continue;
    const Outage* outage = OutageOf(scene, stay);
    const Ends ends = outage ? Ends() : EndsAtOnce(scene.story, stay);
    const bool is_moved = !stay.moved_line.empty() && !IsDrained(scene.story, stay);
    if (outage == nullptr && !ends.at_us && !is_moved) continue;
    TimeSpan time = outage ? outage->time : TimeSpan{ends.at_us.value_or(0), std::nullopt};
    if (!outage && !ends.at_us) time.from_us = *stay.time.to_us;
    if (stay.time.to_us) time.to_us = std::max(*stay.time.to_us, time.from_us);
    told.insert(stay.instance);
    AddLostMedia(scene, stay, time, outage ? outage->lines : ends.lines, found);
  }
}

void FindLostBackends(const Scene& scene, Findings& found) {
  for (const Outage& outage : scene.outages) {
    if (!ConcernsCall(scene, outage)) continue;
    const bool is_bus = outage.backend == Backend::kBus;
    const std::string who = outage.noticed.empty() ? "Several instances"
                                                   : fmt::format("The instance {}", outage.noticed);
    const std::string until =
        outage.time.to_us
            ? fmt::format("for {}", Lasting(outage.time, scene.now_us))
            : fmt::format("since {} and still cannot", Lasting(outage.time, scene.now_us));
    found.Add(
        {.cause = is_bus ? Cause::kBusLost : Cause::kStoreLost,
         .severity = Severity::kWarning,
         .participant = "",
         .instance = outage.noticed,
         .time = outage.time,
         .sentence =
             is_bus ? fmt::format("{} could not reach the bus (Redis) {}: what happened at "
                                  "one instance did not reach the people at others.",
                                  who, until)
                    : fmt::format("{} could not reach the store {}: nobody new was let in, and "
                                  "no room got a new home.",
                                  who, until),
         .advice = is_bus
                       ? "See that Redis runs and is reached from there; /readyz of that instance "
                         "and docs/bus.md say more."
                       : "See that the database runs and is reached from there; /readyz of that "
                         "instance and docs/store.md say more.",
         .lines = outage.lines});
  }
}

}  // namespace confab::logs
