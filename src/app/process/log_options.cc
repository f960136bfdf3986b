#include "app/process/log_options.h"

#include <unistd.h>

#include "app/serve/places.h"

namespace confab::app {
namespace {

using observe::LogLevel;

constexpr std::string_view kNoFolder = "off";
constexpr std::string_view kFolderInDataDir = "logs";

LogLevel LevelOf(const std::string& text) {
  for (const LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning}) {
    if (text == ToString(level)) return level;
  }
  return LogLevel::kError;
}

observe::LogFormat FormatOf(const std::string& text) {
  const bool is_text = text == "text" || (text == "auto" && isatty(STDERR_FILENO) == 1);
  return is_text ? observe::LogFormat::kText : observe::LogFormat::kJson;
}

}  // namespace

std::string LogFolderOf(const Config& config, std::string_view role) {
  if (config.log.folder == kNoFolder) return "";
  if (!config.log.folder.empty() || role != kServeRole) return config.log.folder;
  const auto data_dir = ResolveDataDir(config.data_dir);
  // Why there is none, the parts that cannot do without it say.
  return data_dir ? (*data_dir / kFolderInDataDir).string() : "";
}

observe::LogWriterOptions LogOptionsOf(const Config& config, std::string_view role,
                                       const std::string& instance_id) {
  observe::LogWriterOptions options;
  options.level = LevelOf(config.log.level);
  options.format = FormatOf(config.log.format);
  options.instance = instance_id;
  std::string folder = LogFolderOf(config, role);
  if (folder.empty() || role == kLogsRole) return options;
  const bool is_random = config.instance.id.empty();
  options.folder = observe::LogFolderOptions{
      .folder = std::move(folder),
      .role = std::string(role),
      .instance = instance_id,
      .file_octets = static_cast<uint64_t>(config.log.file_megabytes) << 20,
      .file_age = TimeDelta::Seconds(config.log.file_hours * 3600),
      .keep_octets = static_cast<uint64_t>(config.log.keep_megabytes) << 20,
      .keep_age = TimeDelta::Seconds(config.log.keep_days * 24 * 3600),
      .heritage = is_random ? observe::Heritage::kEnded : observe::Heritage::kOwn};
  return options;
}

}  // namespace confab::app
