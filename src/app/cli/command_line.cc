#include "app/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <list>
#include <sstream>
#include <utility>

#include "app/token/token_flags.h"
#include "sim/scenario/scenario.h"

namespace confab::app {
namespace {

// A flag's values as CLI11 collects them; lives while the arguments are parsed.
struct Collected {
  const ConfigKey* key;
  std::vector<std::string> values;
  size_t count = 0;  // of a flag without value
};

class Parser {
 public:
  Parser() {
    program_.require_subcommand(0, 1);
    program_.set_help_flag("-h,--help", "this text");
    auto* serve = program_.add_subcommand("serve", "the whole service in one process");
    auto* gateway = program_.add_subcommand("gateway", "only pages, and the way to signaling");
    auto* signaling = program_.add_subcommand("signaling", "only rooms");
    auto* media = program_.add_subcommand("media", "only pictures and sound");
    auto* relay = program_.add_subcommand("relay", "joins the bus of two regions");
    auto* logs = program_.add_subcommand("logs", "shows the logs of all services in the browser");
    auto* config = program_.add_subcommand("config", "look at the configuration");
    config->require_subcommand(1);
    auto* check = config->add_subcommand("check", "say what is wrong with the configuration");
    auto* print = config->add_subcommand("print", "print every key with its value, as a file");
    auto* document = config->add_subcommand("document", "print the table of every key");
    auto* bench = program_.add_subcommand("bench", "load a server, and measure");
    bench->require_subcommand(1);
    auto* publish = bench->add_subcommand("publish", "people without browsers who send");
    AddPublishFlags(*publish);
    auto* call = bench->add_subcommand("call", "rooms of people who send and people who receive");
    AddCallFlags(*call);
    auto* rtp = program_.add_subcommand("rtp", "files in and out of a room, by ffmpeg");
    rtp->require_subcommand(1);
    auto* play = rtp->add_subcommand("play", "play a file into a room");
    AddPlayFlags(*play);
    auto* record = rtp->add_subcommand("record", "record a participant to a file");
    AddRecordFlags(*record);
    auto* sim = program_.add_subcommand("sim", "rooms in virtual time, repeatable by their seed");
    AddSimFlags(*sim);
    auto* token = program_.add_subcommand("token", "make tokens and API keys, look at tokens");
    AddTokenCommands(*token, token_);
    AddConfigPlaces(*token);
    auto* drain = program_.add_subcommand("drain", "a media instance takes no new rooms");
    AddDrainFlags(*drain);
    auto* version = program_.add_subcommand("version", "print the version");
    program_.add_subcommand("help", "this text");
    for (CLI::App* command : {serve, gateway, signaling, media, relay, logs, check, print}) {
      AddConfigFlags(*command);
    }
    commands_ = {{serve, Command::kServe},
                 {gateway, Command::kGateway},
                 {signaling, Command::kSignaling},
                 {media, Command::kMedia},
                 {relay, Command::kRelay},
                 {logs, Command::kLogs},
                 {check, Command::kConfigCheck},
                 {print, Command::kConfigPrint},
                 {document, Command::kConfigDocument},
                 {publish, Command::kBenchPublish},
                 {call, Command::kBenchCall},
                 {play, Command::kRtpPlay},
                 {record, Command::kRtpRecord},
                 {sim, Command::kSim},
                 {token, Command::kToken},
                 {drain, Command::kDrain},
                 {version, Command::kVersion}};
  }

  CommandLine Parse(int argc, const char* const* argv) {
    CommandLine line;
    try {
      program_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      std::ostringstream out, err;
      const bool is_help = program_.exit(error, out, err) == 0;
      line.status = is_help ? 0 : 2;
      line.text = out.str() + err.str();
      return line;
    }
    for (const auto& [app, command] : commands_) {
      if (app->parsed()) line.command = command;
    }
    if (line.command == Command::kNothing) {
      // Not program_.help(): after `confab help` that speaks of `help` alone.
      line.text = program_.get_formatter()->make_help(&program_, "", CLI::AppFormatMode::Normal);
      return line;
    }
    line.sources = TakeSources();
    line.publish = publish_;
    line.call = call_;
    line.rtp = rtp_;
    line.sim = sim_;
    line.token = token_;
    line.drain = drain_;
    return line;
  }

 private:
  void AddConfigFlags(CLI::App& command) {
    command.add_option("--config", file_, "TOML file with the configuration");
    for (const ConfigKey& key : ConfigKeys()) {
      if (!key.flag.empty()) AddConfigFlag(command, key);
    }
  }

  void AddDrainFlags(CLI::App& command) {
    command.add_option("MEDIA", drain_.address, "HOST:PORT of its gRPC")->required();
    command
        .add_option("--deadline-s", drain_.deadline_s,
                    "seconds after which the rooms that are left go to other instances; without: "
                    "they end by themselves")
        ->check(CLI::Range(1U, DrainRun::kMaxDeadlineSeconds));
    command.add_flag("--undo", drain_.is_undo, "it takes rooms again");
    command.add_flag("--watch", drain_.is_watching, "go on until no room is left");
    AddConfigPlaces(command);
  }

  // For commands that need to know where things lie, and no more.
  void AddConfigPlaces(CLI::App& command) {
    command.add_option("--config", file_, "TOML file with the configuration");
    AddConfigFlag(command, *FindConfigKey("data_dir"));
  }

  void AddConfigFlag(CLI::App& command, const ConfigKey& key) {
    Collected& collected = collected_.emplace_back(Collected{&key, {}});
    const std::string flag(key.flag), help(key.help);
    if (key.is_flag_without_value()) {
      command.add_flag(flag, collected.count, help);
    } else if (key.is_list()) {
      command.add_option(flag, collected.values, help)->type_name("VALUE...");
    } else {
      // A repeated flag: the last one counts.
      command.add_option(flag, collected.values, help)
          ->expected(1)
          ->type_name("VALUE")
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    }
  }

  void AddPublishFlags(CLI::App& command) {
    command.add_option("url", publish_.url, "of the server, for example http://127.0.0.1:4000")
        ->required();
    command.add_option("room", publish_.room, "its name")->required();
    command.add_option("--clip", publish_.clip, "an IVF file with VP8, played in a circle")
        ->required()
        ->check(CLI::ExistingFile);
    command.add_option("--publishers", publish_.publishers, "how many people")
        ->check(CLI::Range(1u, PublishBench::kMaxPublishers));
    command.add_option("--seconds", publish_.seconds, "how long; 0 until a signal comes")
        ->check(CLI::Range(0u, PublishBench::kMaxSeconds));
  }

  void AddCallFlags(CLI::App& command) {
    command.add_option("url", call_.url, "of the server, for example http://127.0.0.1:4000")
        ->required();
    command.add_option("--clip", call_.clip, "an IVF file with VP8, played in a circle")
        ->required()
        ->check(CLI::ExistingFile);
    command.add_option("--room", call_.room, "what the rooms' names begin with");
    command.add_option("--rooms", call_.rooms, "how many rooms")
        ->check(CLI::Range(1u, CallBench::kMaxRooms));
    command.add_option("--publishers", call_.publishers, "who send, in each room")
        ->check(CLI::Range(0u, CallBench::kMaxPublishers));
    command.add_option("--subscribers", call_.subscribers, "who receive, in each room")
        ->check(CLI::Range(0u, CallBench::kMaxSubscribers));
    command.add_option("--seconds", call_.seconds, "how long; 0 until a signal comes")
        ->check(CLI::Range(0u, CallBench::kMaxSeconds));
    command
        .add_option("--max-missing", call_.max_missing_percent,
                    "per cent of the packets that may be missing")
        ->check(CLI::Range(0.0, 100.0));
    command
        .add_option("--come-back", call_.come_back_seconds,
                    "whoever is cut off comes back, and tries for so many seconds")
        ->check(CLI::Range(0u, CallBench::kMaxComeBackSeconds));
    command
        .add_option("--lose", call_.lose_per_mille,
                    "of a thousand packets subscribers throw away so many")
        ->check(CLI::Range(0u, CallBench::kMaxLosePerMille));
    command.add_option("--server-pid", call_.server_pid, "what this process uses is told too")
        ->check(CLI::PositiveNumber);
    command.add_option("--json", call_.json, "a file for the figures");
  }

  void AddRtpFlags(CLI::App& command) {
    command.add_option("url", rtp_.url, "of the server, for example http://127.0.0.1:4000")
        ->required();
    command.add_option("room", rtp_.room, "its name")->required();
    command.add_option("--name", rtp_.name, "that the others see");
    command.add_option("--token", rtp_.token, "invitation; without one as a guest")
        ->envname("CONFAB_TOKEN");
    command.add_flag("--srtp", rtp_.srtp, "encrypt (AES_CM_128_HMAC_SHA1_80)");
    command.add_flag("--print", rtp_.print, "say what to run instead of running it");
  }

  void AddPlayFlags(CLI::App& command) {
    AddRtpFlags(command);
    command.add_option("file", rtp_.file, "whatever ffmpeg reads")->required();
    command.add_flag("--loop", rtp_.loop, "begin again at its end");
  }

  void AddRecordFlags(CLI::App& command) {
    AddRtpFlags(command);
    command.add_option("participant", rtp_.participant, "whom: name or id")->required();
    command.add_option("file", rtp_.file, "to write, for example talk.mkv")->required();
    command.add_option("--ip", rtp_.ip, "of this machine, as the server reaches it (127.0.0.1)");
  }

  void AddSimFlags(CLI::App& command) {
    std::vector<std::string> names;
    for (const std::string_view name : sim::ScenarioNames()) names.emplace_back(name);
    command.add_option("--seed", sim_.seed, "decides everything that is left to chance");
    command.add_option("--scenario", sim_.scenario, "what happens")->check(CLI::IsMember(names));
    command.add_option("--seconds", sim_.seconds, "of virtual time until everyone leaves")
        ->check(CLI::Range(1u, SimRuns::kMaxSeconds));
    command.add_option("--seeds", sim_.seeds, "how many runs, with the seeds that follow")
        ->check(CLI::Range(1u, SimRuns::kMaxSeeds));
    command.add_option("--engine", sim_.engine, "null encrypts nothing, gcm as in earnest")
        ->check(CLI::IsMember({"null", "gcm"}));
    command.add_option("--json", sim_.json, "a file for the reports, one line each");
  }

  ConfigSources TakeSources() {
    ConfigSources sources{.file = file_, .environment = {}, .flags = {}};
    for (const Collected& collected : collected_) {
      const std::string name(collected.key->name);
      if (collected.count > 0) {
        sources.flags.emplace_back(name, true);
      } else if (collected.values.empty()) {
        continue;
      } else if (collected.key->is_list()) {
        sources.flags.emplace_back(name, collected.values);
      } else {
        sources.flags.emplace_back(name, collected.values.back());
      }
    }
    return sources;
  }

  CLI::App program_{"confab: video calls on your own machine", "confab"};
  std::vector<std::pair<CLI::App*, Command>> commands_;
  std::string file_;
  PublishBench publish_;
  CallBench call_;
  RtpRun rtp_;
  SimRuns sim_;
  TokenRun token_;
  DrainRun drain_;
  std::list<Collected> collected_;  // addresses stay
};

}  // namespace

CommandLine ParseCommandLine(int argc, const char* const* argv) {
  return Parser().Parse(argc, argv);
}

}  // namespace confab::app
