#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "services/logs/story/findings.h"

namespace confab::logs {

// Failures of one kind that came one after another: a page that tries again and again is one event.
struct FailureGroup {
  std::string kind;         // what they have in common: a reason, a code
  std::string participant;  // "": not known
  std::string message;      // of the first
  std::string code;         // of the first
  TimeSpan time;
  size_t count = 0;
  std::vector<std::string> lines;
};

// Puts each into the group of its kind and participant that ended at most kGroupGapUs before.
class FailureGroups {
 public:
  static constexpr int64_t kGroupGapUs = 60 * kSecondUs;
  static constexpr size_t kMaxGroups = 200;  // what begins a further one is left out

  // In the order of time, but for what was told later. `at_us`: when it happened.
  void Add(std::string kind, const FailureStory& failure, int64_t at_us);
  const std::vector<FailureGroup>& groups() const { return groups_; }

 private:
  std::vector<FailureGroup> groups_;
};

}  // namespace confab::logs
