#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/config/config_value.h"

namespace confab::app {

// The places that configuration comes from, besides the defaults. Later beats earlier: file,
// environment, flags.
struct ConfigSources {
  std::string file;                                              // path of a TOML file; "" for none
  std::vector<std::pair<std::string, std::string>> environment;  // every variable of the process
  std::vector<std::pair<std::string, ConfigInput>> flags;        // by key name
};

struct LoadedConfig {
  Config config;
  std::vector<ConfigProblem> problems;  // all of them; with any, the configuration is not usable
};

LoadedConfig LoadConfig(const ConfigSources& sources);

// What cannot be said of one key alone: a certificate without its key, an announced address that is
// none, and the like.
std::vector<ConfigProblem> CheckConfig(const Config& config);

// The process' environment, split.
std::vector<std::pair<std::string, std::string>> ProcessEnvironment();

}  // namespace confab::app
