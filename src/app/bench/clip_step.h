#pragma once

#include <cstddef>

namespace confab::app {

// So many frames lie between the starts of two publishers: they do not show the same.
inline constexpr size_t kClipStep = 7;

}  // namespace confab::app
