#include "app/cli/run.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "app/bench/call_command.h"
#include "app/bench/publish_command.h"
#include "app/cli/command_line.h"
#include "app/cli/version.h"
#include "app/config/config_load.h"
#include "app/config/config_text.h"
#include "app/process/log_options.h"
#include "app/process/run_process.h"
#include "app/rtp/rtp_command.h"
#include "app/serve/serving.h"
#include "app/services/gateway_process.h"
#include "app/services/logs_process.h"
#include "app/services/media_process.h"
#include "app/services/relay_process.h"
#include "app/services/signaling_process.h"
#include "app/sim/sim_command.h"
#include "app/token/token_command.h"

namespace confab::app {
namespace {

// What a command needs of a loaded configuration: all or nothing.
bool PrintProblems(const LoadedConfig& loaded) {
  for (const ConfigProblem& problem : loaded.problems) {
    fmt::print(stderr, "confab: {}\n", problem.ToString());
  }
  return !loaded.problems.empty();
}

int CheckCommand(const LoadedConfig& loaded) {
  if (PrintProblems(loaded)) return 2;
  fmt::print("The configuration can be used.\n");
  return 0;
}

int PrintCommand(const LoadedConfig& loaded) {
  if (PrintProblems(loaded)) return 2;
  fmt::print("{}", ConfigAsToml(loaded.config));
  return 0;
}

// Runs a command that serves; its name is the role in the metrics.
template <typename Kind>
int Serve(std::string_view role, const LoadedConfig& loaded) {
  if (PrintProblems(loaded)) return 2;
  return RunProcess(loaded.config, role, [](const Environment& environment) {
    return std::make_unique<Kind>(environment);
  });
}

int Token(const TokenRun& run, const LoadedConfig& loaded) {
  if (PrintProblems(loaded)) return 2;
  return TokenCommand(run, loaded.config);
}

int Drain(const DrainRun& run, const LoadedConfig& loaded) {
  if (PrintProblems(loaded)) return 2;
  return DrainCommand(run, loaded.config);
}

}  // namespace

int Run(int argc, const char* const* argv) {
  const CommandLine line = ParseCommandLine(argc, argv);
  if (!line.text.empty()) fmt::print(line.status == 0 ? stdout : stderr, "{}", line.text);
  if (line.command == Command::kNothing) return line.status;

  ConfigSources sources = line.sources;
  sources.environment = ProcessEnvironment();
  switch (line.command) {
    case Command::kServe: return Serve<Serving>(kServeRole, LoadConfig(sources));
    case Command::kGateway: return Serve<GatewayProcess>("gateway", LoadConfig(sources));
    case Command::kSignaling: return Serve<SignalingProcess>("signaling", LoadConfig(sources));
    case Command::kMedia: return Serve<MediaProcess>("media", LoadConfig(sources));
    case Command::kRelay: return Serve<RelayProcess>("relay", LoadConfig(sources));
    case Command::kLogs: return Serve<LogsProcess>(kLogsRole, LoadConfig(sources));
    case Command::kConfigCheck: return CheckCommand(LoadConfig(sources));
    case Command::kConfigPrint: return PrintCommand(LoadConfig(sources));
    case Command::kConfigDocument: fmt::print("{}", ConfigAsMarkdown()); return 0;
    case Command::kBenchPublish: return PublishCommand(line.publish);
    case Command::kBenchCall: return CallCommand(line.call);
    case Command::kRtpPlay: return PlayCommand(line.rtp);
    case Command::kRtpRecord: return RecordCommand(line.rtp);
    case Command::kSim: return SimCommand(line.sim);
    case Command::kToken: return Token(line.token, LoadConfig(sources));
    case Command::kDrain: return Drain(line.drain, LoadConfig(sources));
    case Command::kVersion: fmt::print("confab {}\n", Version()); return 0;
    case Command::kNothing: return line.status;
  }
  return 2;
}

}  // namespace confab::app
