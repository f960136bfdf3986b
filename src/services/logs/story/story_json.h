#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "services/logs/story/findings.h"
#include "services/logs/story/story.h"

namespace confab::logs {

// No answer is longer. What does not fit is left out and counted: findings are told first, then
// participants, then failures.
inline constexpr size_t kMaxStoryBytes = 4 * 1024 * 1024;

// The whole answer, as JSON in UTF-8.
std::string ToJson(const Story& story, const std::vector<Finding>& findings,
                   size_t findings_left_out);

}  // namespace confab::logs
