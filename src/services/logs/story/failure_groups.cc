#include "services/logs/story/failure_groups.h"

#include <algorithm>
#include <utility>

namespace confab::logs {

void FailureGroups::Add(std::string kind, const FailureStory& failure, int64_t at_us) {
  const auto fits = [&](const FailureGroup& group) {
    return group.kind == kind && group.participant == failure.participant &&
           at_us <= *group.time.to_us + kGroupGapUs && at_us >= group.time.from_us - kGroupGapUs;
  };
  auto group = std::ranges::find_if(groups_, fits);
  if (group == groups_.end()) {
    if (groups_.size() == kMaxGroups) return;
    group = groups_.insert(groups_.end(), {.kind = std::move(kind),
                                           .participant = failure.participant,
                                           .message = failure.message,
                                           .code = failure.code,
                                           .time = {at_us, at_us},
                                           .count = 0,
                                           .lines = {}});
  }
  group->time.from_us = std::min(group->time.from_us, at_us);
  group->time.to_us = std::max(*group->time.to_us, at_us);
  ++group->count;
  if (group->lines.size() < Finding::kMaxLines) group->lines.push_back(failure.line);
}

}  // namespace confab::logs
