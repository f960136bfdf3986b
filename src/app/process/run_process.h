#pragma once

#include "app/process/composition.h"

namespace confab::app {

// The life of one process that serves: starts the composition and runs it until SIGINT or SIGTERM.
// The first signal ends it in order, with a forced end soon after `shutdown.deadline_ms`; the
// second ends it at once. Returns the exit status.
int RunProcess(const Config& config, const Compose& compose);

}  // namespace confab::app
