#include "services/logs/story/findings.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "services/logs/story/rules.h"

namespace confab::logs {
namespace {

// In the order of strength: each looks at what the others have found.
constexpr auto kRules = {FindLostMedia,       FindLostBackends, FindRefusedTokens,
                         FindBlockedUdp,      FindSilentMedia,  FindFailedJoins,
                         FindLostConnections, FindLoss,         FindRoundTrips,
                         FindFreezes,         FindMutes,        FindClientFailures};

}  // namespace

std::string_view ToString(Cause cause) {
  switch (cause) {
    case Cause::kMediaLost: return "media_lost";
    case Cause::kBusLost: return "bus_lost";
    case Cause::kStoreLost: return "store_lost";
    case Cause::kTokenExpired: return "token_expired";
    case Cause::kTokenRefused: return "token_refused";
    case Cause::kAnnouncedAddress: return "announced_address";
    case Cause::kUdpBlocked: return "udp_blocked";
    case Cause::kNothingArrives: return "nothing_arrives";
    case Cause::kJoinFailed: return "join_failed";
    case Cause::kConnectionLost: return "connection_lost";
    case Cause::kLoss: return "loss";
    case Cause::kRoundTrip: return "round_trip";
    case Cause::kFreezes: return "freezes";
    case Cause::kProducerMuted: return "producer_muted";
    case Cause::kClientFailed: return "client_failed";
  }
  return "unknown";
}

std::string_view ToString(Severity severity) {
  switch (severity) {
    case Severity::kError: return "error";
    case Severity::kWarning: return "warning";
    case Severity::kNote: return "note";
  }
  return "unknown";
}

void Findings::Add(Finding finding) {
  if (findings_.size() == kMaxFindings) {
    ++left_out_;
    return;
  }
  std::erase(finding.lines, "");
  if (finding.sentence.starts_with('p')) finding.sentence.front() = 'P';  // "participant …"
  if (finding.lines.size() > Finding::kMaxLines) finding.lines.resize(Finding::kMaxLines);
  findings_.push_back(std::move(finding));
}

bool Findings::Has(std::initializer_list<Cause> causes, std::string_view participant,
                   const TimeSpan& time) const {
  return std::ranges::any_of(findings_, [&](const Finding& finding) {
    const bool is_theirs =
        finding.participant.empty() || participant.empty() || finding.participant == participant;
    return is_theirs && std::ranges::find(causes, finding.cause) != causes.end() &&
           Overlap(finding.time, time);
  });
}

const Finding* Findings::Of(Cause cause, std::string_view instance) const {
  const auto found = std::ranges::find_if(findings_, [&](const Finding& finding) {
    return finding.cause == cause && finding.instance == instance;
  });
  return found == findings_.end() ? nullptr : &*found;
}

void Findings::EndWith(int64_t end_us) {
  for (Finding& finding : findings_) {
    if (!finding.time.to_us) finding.time.to_us = std::max(finding.time.from_us, end_us);
  }
}

std::vector<Finding> Findings::Take() {
  std::ranges::stable_sort(findings_, std::less{}, [](const Finding& finding) {
    return std::pair(finding.severity, finding.time.from_us);
  });
  return std::move(findings_);
}

bool FollowsFromLostMedia(const TimeSpan& time, const Findings& found) {
  return found.Has({Cause::kMediaLost}, "", Widened(time, kFollowsUs, 0));
}

Findings Explain(const Scene& scene) {
  Findings found;
  for (const auto rule : kRules) rule(scene, found);
  if (scene.story.call.to_us) found.EndWith(*scene.story.call.to_us);
  return found;
}

}  // namespace confab::logs
