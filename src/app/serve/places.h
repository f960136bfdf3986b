#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"

namespace confab::app {

// Where confab keeps what it makes itself: `configured`, else $XDG_DATA_HOME/confab, else
// ~/.local/share/confab. Made where it is missing, readable by its owner alone. Error
// kInvalidConfiguration: no such place, or it cannot be made.
Result<std::filesystem::path> ResolveDataDir(const std::string& configured);

// The folder of the web pages: `configured`, or for "auto" the first that there is of
// ../share/confab/web beside the program and ./web/out. Empty: none. Error kInvalidConfiguration:
// the configured one is no folder.
Result<std::filesystem::path> ResolveWebDir(const std::string& configured);

}  // namespace confab::app
