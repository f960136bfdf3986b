#pragma once

namespace confab::app {

// The whole program. Exit status: 0 done, 1 failed while running, 2 wrong use or configuration.
int Run(int argc, const char* const* argv);

}  // namespace confab::app
