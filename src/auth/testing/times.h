#pragma once

#include <cstdint>

// For tests: the second at which they begin, and spans in seconds.
namespace confab::auth::testing {

inline constexpr int64_t kNow = 1'800'000'000;
inline constexpr int64_t kMinute = 60;
inline constexpr int64_t kHour = 3600;
inline constexpr int64_t kDay = 24 * kHour;

}  // namespace confab::auth::testing
