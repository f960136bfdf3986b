#pragma once

#include "base/units.h"

namespace confab::app {

// How soon a part logs that what it watches was lost or is back.
inline constexpr TimeDelta kWatchInterval = TimeDelta::Seconds(1);

}  // namespace confab::app
