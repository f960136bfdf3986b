#pragma once

#include <string>

#include "app/config/config.h"

namespace confab::app {

// A whole configuration file with these values, each key with its comment.
std::string ConfigAsToml(const Config& config);

// The table of every key for docs/configuration.md, between its two marker lines.
std::string ConfigAsMarkdown();

}  // namespace confab::app
