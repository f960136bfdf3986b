#pragma once

#include "services/logs/story/findings.h"

// What is looked for in a story, each in a function of its own. They are asked in the order of
// findings.cc, so that each sees what stronger ones have found.
namespace confab::logs {

// So soon after its cause comes what follows from it.
inline constexpr int64_t kFollowsUs = 15 * kSecondUs;

// Whether media was lost in that time or just before: it makes gaps of its own.
bool FollowsFromLostMedia(const TimeSpan& time, const Findings& found);

void FindLostMedia(const Scene& scene, Findings& found);
void FindLostBackends(const Scene& scene, Findings& found);
void FindRefusedTokens(const Scene& scene, Findings& found);
void FindBlockedUdp(const Scene& scene, Findings& found);
// announced_address and nothing_arrives.
void FindSilentMedia(const Scene& scene, Findings& found);
void FindFailedJoins(const Scene& scene, Findings& found);
void FindLostConnections(const Scene& scene, Findings& found);
void FindLoss(const Scene& scene, Findings& found);
void FindRoundTrips(const Scene& scene, Findings& found);
void FindFreezes(const Scene& scene, Findings& found);
void FindMutes(const Scene& scene, Findings& found);
void FindClientFailures(const Scene& scene, Findings& found);

}  // namespace confab::logs
