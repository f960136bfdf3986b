#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "services/logs/story/times.h"

// Parts of the sentences that findings consist of.
namespace confab::logs {

// "participant q2xk7fda": as much of an id as tells people apart.
std::string Named(std::string_view participant);
// "1 join was" or "3 joins were".
std::string CountedWere(size_t count, std::string_view one, std::string_view several);
// "12 s", "3 min". An open span lasts until now.
std::string Lasting(const TimeSpan& time, int64_t now_us);

}  // namespace confab::logs
