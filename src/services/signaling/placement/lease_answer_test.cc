#include "services/signaling/placement/lease_answer.h"

#include <gtest/gtest.h>

namespace confab::signaling {
namespace {

using LeaseResult = media::v1::LeaseResponse::Result;

LeaseResult Answer(uint32_t valid_ms, const char* error, int64_t known_epoch, int64_t held_epoch) {
  LeaseResult result;
  result.set_valid_ms(valid_ms);
  result.set_error(error);
  result.set_known_epoch(known_epoch);
  result.set_held_epoch(held_epoch);
  return result;
}

TEST(LeaseAnswer, SaysWhatMediaAnswered) {
  const struct {
    const char* what;
    LeaseResult result;
    LeaseAnswer answer;
  } cases[] = {
      {"granted", Answer(5000, "", 7, 7), LeaseAnswer::kGranted},
      {"a newer one is held", Answer(0, "stale_epoch: .", 8, 8), LeaseAnswer::kNewer},
      {"a newer one has ended", Answer(0, "stale_epoch: .", 8, 0), LeaseAnswer::kNewer},
      {"an older one is held", Answer(0, "invalid_state: .", 6, 6), LeaseAnswer::kOlder},
      {"this one has ended", Answer(0, "stale_epoch: .", 7, 0), LeaseAnswer::kOver},
      {"it knows of none", Answer(0, "invalid_state: .", 0, 0), LeaseAnswer::kOver},
      {"an older one has ended", Answer(0, "invalid_state: .", 6, 0), LeaseAnswer::kOver},
      {"it is full", Answer(0, "media_full: .", 0, 0), LeaseAnswer::kNoPlace},
      {"it drains", Answer(0, "draining: .", 6, 0), LeaseAnswer::kNoPlace},
      {"it has too many leases", Answer(0, "limit_exceeded: .", 0, 0), LeaseAnswer::kNoPlace},
      {"it is another process", Answer(0, "not_found: .", 6, 6), LeaseAnswer::kReplaced},
      {"it was not asked", Answer(0, "rate_limited: .", 0, 0), LeaseAnswer::kSilent},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(LeaseAnswerOf(each.result, 7), each.answer) << each.what;
  }
}

TEST(LeaseAnswer, SaysWhetherALeaseIsAlive) {
  EXPECT_EQ(LeaseSightOf(Answer(0, "", 7, 7), 7), LeaseSight::kAlive);
  EXPECT_EQ(LeaseSightOf(Answer(0, "", 7, 0), 7), LeaseSight::kOver);
  EXPECT_EQ(LeaseSightOf(Answer(0, "", 8, 8), 7), LeaseSight::kOver);
  EXPECT_EQ(LeaseSightOf(Answer(0, "", 6, 6), 7), LeaseSight::kUnknown) << "not taken yet";
  EXPECT_EQ(LeaseSightOf(Answer(0, "", 0, 0), 7), LeaseSight::kUnknown);
  EXPECT_EQ(LeaseSightOf(Answer(0, "rate_limited: .", 7, 0), 7), LeaseSight::kUnknown);
}

}  // namespace
}  // namespace confab::signaling
