#pragma once

#include <string>

#include "app/config/config_load.h"

namespace confab::app {

// Reads a TOML file into `loaded`: a problem for each key that is unknown or cannot be used, one
// problem for a file that cannot be read or parsed.
void ApplyConfigFile(const std::string& path, LoadedConfig& loaded);

}  // namespace confab::app
