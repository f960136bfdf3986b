#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace confab::app {

// Writes a file that was not there, for its owner alone (mode 0600): it may hold keys. On any file
// system, also where there are no links. Error kUnavailable: it is there already, or cannot be
// written.
Result<void> WriteNewFile(const std::string& path, std::string_view text);

}  // namespace confab::app
