#pragma once

#include <cstdint>
#include <string>

#include "app/bench/call_command.h"
#include "app/bench/publish_command.h"
#include "app/config/config_load.h"
#include "app/drain/drain_command.h"
#include "app/rtp/rtp_command.h"
#include "app/sim/sim_command.h"
#include "app/token/token_command.h"

namespace confab::app {

enum class Command : uint8_t {
  kNothing,  // the text says it all: help, or what is wrong
  kServe,
  kGateway,
  kSignaling,
  kMedia,
  kRelay,
  kLogs,
  kConfigCheck,
  kConfigPrint,
  kConfigDocument,
  kBenchPublish,
  kBenchCall,
  kRtpPlay,
  kRtpRecord,
  kSim,
  kToken,
  kDrain,
  kVersion,
};

// What the arguments of the program ask for.
struct CommandLine {
  Command command = Command::kNothing;
  ConfigSources sources;  // file and flags; the environment is the caller's
  PublishBench publish;   // for kBenchPublish
  CallBench call;         // for kBenchCall
  RtpRun rtp;             // for kRtpPlay and kRtpRecord
  SimRuns sim;            // for kSim
  TokenRun token;         // for kToken
  DrainRun drain;         // for kDrain
  int status = 0;         // of the process, for kNothing
  std::string text;       // to print: stdout with status 0, else stderr
};

CommandLine ParseCommandLine(int argc, const char* const* argv);

}  // namespace confab::app
