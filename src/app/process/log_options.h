#pragma once

#include <string>
#include <string_view>

#include "app/config/config.h"
#include "observe/log_writer.h"

namespace confab::app {

// Of `confab serve`, whose log folder has a default.
constexpr std::string_view kServeRole = "serve";
// Of `confab logs`, which reads the folder and writes nothing into it.
constexpr std::string_view kLogsRole = "logs";

// The folder that a process of this role writes its log files to, or reads them from; "": none. For
// `confab serve` logs below the folder of its data, where that can be had.
std::string LogFolderOf(const Config& config, std::string_view role);

// How a process of this role logs, as the configuration has it.
observe::LogWriterOptions LogOptionsOf(const Config& config, std::string_view role,
                                       const std::string& instance_id);

}  // namespace confab::app
