#pragma once

#include "app/config/config.h"

namespace confab::app {

// `confab serve`: starts, checks itself, prints where it is reachable, and runs until SIGINT or
// SIGTERM. A second signal ends the process at once. Returns the exit status: 0 after an orderly
// end, 1 when something could not be started.
int ServeCommand(const Config& config);

}  // namespace confab::app
