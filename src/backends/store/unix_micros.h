#pragma once

#include <cstdint>

namespace confab::store {

// Rows keep times as microseconds since the Unix epoch; tokens and keys keep seconds.
inline constexpr int64_t kMicrosPerSecond = 1'000'000;

}  // namespace confab::store
