#pragma once

#include "app/token/token_command.h"

namespace CLI {
class App;
}

namespace confab::app {

// The subcommands of `confab token` with their flags, which fill `run` while the arguments are
// parsed; `run` must outlive the parsing.
void AddTokenCommands(CLI::App& token, TokenRun& run);

}  // namespace confab::app
