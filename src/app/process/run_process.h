#pragma once

#include <string_view>

#include "app/process/composition.h"

namespace confab::app {

// The life of one process that serves: starts the composition and runs it until SIGINT or SIGTERM.
// The first signal ends it in order, with a forced end soon after `shutdown.deadline_ms`; the
// second ends it at once. `role` is the command's name: it names the log files, and the process in
// the metrics. Returns the exit status.
int RunProcess(const Config& config, std::string_view role, const Compose& compose);

}  // namespace confab::app
