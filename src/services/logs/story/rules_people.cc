#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "services/logs/story/rules.h"
#include "services/logs/story/sentences.h"

// What happened to participants and what they did: lost connections, muted microphones and cameras.
namespace confab::logs {
namespace {

// So long signaling waits for who was lost.
constexpr int64_t kGraceUs = 15 * kSecondUs;
// A page that leaves says so first.
constexpr int64_t kFarewellUs = 10 * kSecondUs;
// A key that was hit twice is no muting.
constexpr int64_t kLeastMuteUs = 2 * kSecondUs;

bool SaidFarewell(const ParticipantStory& participant, int64_t lost_us) {
  return std::ranges::any_of(participant.reports, [&](const ClientReport& report) {
    return report.words.ValueOr("phase", "") == "ended" && report.at_us >= lost_us - kFarewellUs &&
           report.at_us <= lost_us + kFarewellUs;
  });
}

// From the change at `index`, which is a loss, until the participant was given up or now; nothing
// where it came back, or left by itself.
std::optional<TimeSpan> LostSince(const ParticipantStory& participant, size_t index,
                                  int64_t now_us) {
  const int64_t lost_us = participant.changes[index].at_us;
  if (index + 1 < participant.changes.size()) {
    const ConnectionChange& next = participant.changes[index + 1];
    const bool is_given_up = next.what == "left" && participant.reason == "timeout";
    if (!is_given_up) return std::nullopt;
    return TimeSpan{lost_us, next.at_us};
  }
  if (now_us - lost_us < kGraceUs) return std::nullopt;
  return TimeSpan{lost_us, participant.left_us};
}

void FindLostConnectionOf(const Scene& scene, const ParticipantStory& participant,
                          Findings& found) {
  for (size_t i = 0; i < participant.changes.size(); ++i) {
    const ConnectionChange& change = participant.changes[i];
    if (change.what != "lost") continue;
    const auto time = LostSince(participant, i, scene.now_us);
    if (!time || SaidFarewell(participant, change.at_us) ||
        FollowsFromLostMedia({change.at_us, change.at_us}, found)) {
      continue;
    }
    found.Add({.cause = Cause::kConnectionLost,
               .severity = Severity::kWarning,
               .participant = participant.id,
               .instance = "",
               .time = *time,
               .sentence = fmt::format("The connection of {} broke and did not come back.",
                                       Named(participant.id)),
               .advice =
                   "Mostly a closed page, or a network that went away. Where it happens to many "
                   "at once, look at the proxy in front and at the gateways.",
               .lines = {change.line, participant.left_line}});
    return;
  }
}

// Those who went without a line that says so: the process that had them ended.
void FindVanished(const Scene& scene, Findings& found) {
  std::vector<const ParticipantStory*> gone;
  for (const ParticipantStory& each : scene.story.participants) {
    if (each.reason == "vanished" && !SaidFarewell(each, *each.left_us) &&
        !FollowsFromLostMedia({*each.left_us, each.left_us}, found) &&
        !found.Has({Cause::kConnectionLost}, each.id, {*each.left_us, each.left_us})) {
      gone.push_back(&each);
    }
  }
  if (gone.empty()) return;
  const auto first = *std::ranges::min_element(gone, std::less{}, &ParticipantStory::left_us);
  found.Add(
      {.cause = Cause::kConnectionLost,
       .severity = Severity::kWarning,
       .participant = gone.size() == 1 ? gone.front()->id : "",
       .instance = "",
       .time = {*first->left_us, first->left_us},
       .sentence = fmt::format("{} left without a word: the signaling process that had them ended.",
                               gone.size() == 1 ? Named(gone.front()->id)
                                                : fmt::format("{} participants", gone.size())),
       .advice = "Look at the last lines of the signaling instances. With a shared bus another "
                 "instance takes participants over.",
       .lines = {}});
}

// All mutes of one of a participant's sources.
struct Mutes {
  size_t count = 0;
  TimeSpan time;
  TimeSpan longest;
  bool is_by_moderator = false;
  std::vector<std::string> lines;
};

int64_t LengthOf(const TimeSpan& time, int64_t now_us) {
  return time.to_us.value_or(now_us) - time.from_us;
}

void AddMute(const MuteStory& mute, int64_t now_us, Mutes& mutes) {
  if (LengthOf(mute.time, now_us) < kLeastMuteUs) return;
  if (mutes.count++ == 0) {
    mutes.time = mutes.longest = mute.time;
  } else {
    mutes.time.from_us = std::min(mutes.time.from_us, mute.time.from_us);
    const bool is_open = !mutes.time.to_us || !mute.time.to_us;
    mutes.time.to_us = is_open ? std::nullopt : std::max(mutes.time.to_us, mute.time.to_us);
    if (LengthOf(mute.time, now_us) > LengthOf(mutes.longest, now_us)) mutes.longest = mute.time;
  }
  mutes.is_by_moderator = mutes.is_by_moderator || mute.by == "moderator";
  mutes.lines.push_back(mute.line);
}

void FindMutesOf(const ParticipantStory& participant, std::string_view source, int64_t now_us,
                 Findings& found) {
  Mutes mutes;
  for (const ProducerStory& producer : participant.producers) {
    if (producer.source != source) continue;
    for (const MuteStory& mute : producer.mutes) AddMute(mute, now_us, mutes);
  }
  if (mutes.count == 0) return;
  const bool is_off = !mutes.time.to_us;
  found.Add({.cause = Cause::kProducerMuted,
             .severity = Severity::kNote,
             .participant = participant.id,
             .instance = "",
             .time = mutes.time,
             .sentence = fmt::format(
                 "{} {} the {} off {}{}for {}.", Named(participant.id), is_off ? "has" : "had",
                 source, mutes.is_by_moderator ? "by a moderator " : "",
                 mutes.count > 1 ? fmt::format("{} times, longest ", mutes.count) : "",
                 Lasting(mutes.longest, now_us)),
             .advice = "Nothing is wrong: others hear or see them again when it is switched on.",
             .lines = std::move(mutes.lines)});
}

}  // namespace

void FindLostConnections(const Scene& scene, Findings& found) {
  for (const ParticipantStory& participant : scene.story.participants) {
    FindLostConnectionOf(scene, participant, found);
  }
  FindVanished(scene, found);
}

void FindMutes(const Scene& scene, Findings& found) {
  for (const ParticipantStory& participant : scene.story.participants) {
    for (const std::string_view source : {"microphone", "camera"}) {
      FindMutesOf(participant, source, scene.story.call.to_us.value_or(scene.now_us), found);
    }
  }
}

}  // namespace confab::logs
