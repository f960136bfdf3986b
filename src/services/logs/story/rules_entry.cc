#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "services/logs/story/failure_groups.h"
#include "services/logs/story/rules.h"
#include "services/logs/story/sentences.h"

// Who could not get in, and what pages showed to their users.
namespace confab::logs {
namespace {

// A page tells of its failures when it can again.
constexpr int64_t kToldAroundUs = 60 * kSecondUs;
constexpr const char* kExpired = "expired";

struct Reason {
  std::string_view word;  // of a refused connection
  std::string_view why;
};
constexpr std::array<Reason, 5> kTokenReasons{
    {{"not_yet", "their invitations were not valid yet: the clocks of two servers differ"},
     {"used", "their invitations had admitted somebody already"},
     {"revoked", "they had been taken back"},
     {"invalid", "they were not signed by this system, or changed"},
     {"none", "they brought no invitation"}}};

bool IsEntry(const FailureStory& failure) {
  return failure.event == "connection.refused" || failure.event == "participant.refused";
}

// A session that is over is begun anew by the page itself.
bool IsOrderly(const FailureStory& failure) {
  return failure.code == "session_expired";
}

// A part of the system was not there: no fault of the token, whatever was asked of it.
bool IsUnavailable(std::string_view code) {
  constexpr std::array<std::string_view, 6> kCodes{"unavailable",           "media_unavailable",
                                                   "placement_unavailable", "stale_epoch",
                                                   "router_not_found",      "internal"};
  return std::ranges::find(kCodes, code) != kCodes.end();
}

// The reason of a failure that is about a token; "" where it is about something else.
std::string TokenReason(const FailureStory& failure) {
  if (IsUnavailable(failure.code)) return "";
  if (failure.event == "connection.refused") {
    const bool is_known =
        failure.reason == kExpired ||
        std::ranges::find(kTokenReasons, failure.reason, &Reason::word) != kTokenReasons.end();
    return is_known ? failure.reason : "";
  }
  if (failure.code != "unauthorized") return "";
  return failure.message.find("expired") == std::string::npos ? "invalid" : kExpired;
}

void AddExpired(const FailureGroup& group, Findings& found) {
  found.Add(
      {.cause = Cause::kTokenExpired,
       .severity = Severity::kError,
       .participant = group.participant,
       .instance = "",
       .time = group.time,
       .sentence = fmt::format("{} refused because the token had expired.",
                               CountedWere(group.count, "attempt to get in", "attempts to get in")),
       .advice = "A new link or a reload of the page brings a new token. Where it happens at "
                 "once, compare the clocks of the servers.",
       .lines = group.lines});
}

void AddRefused(const FailureGroup& group, Findings& found) {
  const auto known = std::ranges::find(kTokenReasons, group.kind, &Reason::word);
  found.Add(
      {.cause = Cause::kTokenRefused,
       .severity = Severity::kError,
       .participant = group.participant,
       .instance = "",
       .time = group.time,
       .sentence = fmt::format("{} refused for the token: {}.",
                               CountedWere(group.count, "attempt to get in", "attempts to get in"),
                               known == kTokenReasons.end() ? "it was not taken" : known->why),
       .advice = "A new link brings a new token; docs/tokens.md says what one must hold. Every "
                 "service needs the same keys in its data_dir.",
       .lines = group.lines});
}

bool FollowsFromOutage(const FailureGroup& group, const Findings& found) {
  return IsUnavailable(group.code) &&
         found.Has({Cause::kMediaLost, Cause::kBusLost, Cause::kStoreLost}, "",
                   Widened(group.time, kFollowsUs, kFollowsUs));
}

bool IsTold(const FailureGroup& group, const Findings& found) {
  const TimeSpan around = Widened(group.time, kToldAroundUs, kToldAroundUs);
  return found.Has({Cause::kMediaLost, Cause::kBusLost, Cause::kStoreLost, Cause::kTokenExpired,
                    Cause::kTokenRefused, Cause::kAnnouncedAddress, Cause::kUdpBlocked,
                    Cause::kNothingArrives, Cause::kJoinFailed, Cause::kConnectionLost},
                   group.participant, around);
}

}  // namespace

void FindRefusedTokens(const Scene& scene, Findings& found) {
  FailureGroups groups;
  for (const FailureStory& failure : scene.story.failures) {
    if (!failure.is_of_room || !IsEntry(failure) || IsOrderly(failure)) continue;
    std::string reason = TokenReason(failure);
    if (!reason.empty()) groups.Add(std::move(reason), failure, failure.at_us);
  }
  for (const FailureGroup& group : groups.groups()) {
    group.kind == kExpired ? AddExpired(group, found) : AddRefused(group, found);
  }
}

void FindFailedJoins(const Scene& scene, Findings& found) {
  FailureGroups groups;
  for (const FailureStory& failure : scene.story.failures) {
    if (!failure.is_of_room || !IsEntry(failure) || IsOrderly(failure)) continue;
    if (TokenReason(failure).empty()) groups.Add(failure.code, failure, failure.at_us);
  }
  for (const FailureGroup& group : groups.groups()) {
    if (FollowsFromOutage(group, found)) continue;
    found.Add({.cause = Cause::kJoinFailed,
               .severity = Severity::kError,
               .participant = group.participant,
               .instance = "",
               .time = group.time,
               .sentence =
                   fmt::format("{} refused with {}: {}", CountedWere(group.count, "join", "joins"),
                               group.code.empty() ? "an error" : group.code, group.message),
               .advice =
                   "docs/error-codes.md says what to do about each code; the line's trace leads "
                   "through all services.",
               .lines = group.lines});
  }
}

void FindClientFailures(const Scene& scene, Findings& found) {
  FailureGroups groups;
  for (const FailureStory& failure : scene.story.failures) {
    if (failure.event != "client.failed") continue;
    groups.Add(failure.code, failure, failure.at_us - failure.ago_us.value_or(0));
  }
  for (const FailureGroup& group : groups.groups()) {
    if (IsTold(group, found)) continue;
    found.Add(
        {.cause = Cause::kClientFailed,
         .severity = Severity::kWarning,
         .participant = group.participant,
         .instance = "",
         .time = group.time,
         .sentence = fmt::format("A page showed its user an error that no server knew of ({}): {}",
                                 group.code, group.message),
         .advice = "Ask the user what they did; the participant's transports and reports around "
                   "that time say what the page saw.",
         .lines = group.lines});
  }
}

}  // namespace confab::logs
