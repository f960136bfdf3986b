#pragma once

#include <vector>

#include "app/config/config.h"
#include "app/config/config_value.h"
#include "backends/bus/make_bus.h"

namespace confab::app {

// Which bus a configuration that can be used means; "auto" is decided here.
enum class BusChoice : uint8_t { kNone, kMemory, kRedis };
BusChoice ChooseBus(const Config::Bus& config);

// What is wrong with bus.* and relay.*. URLs are not shown: they may hold a password.
std::vector<ConfigProblem> CheckBus(const Config& config);

// How the bus of this process's region is reached, under the instance's id.
bus::BusOptions BusOptionsOf(const Config& config, const std::string& instance_id);
// The same of the region that relay.* names.
bus::BusOptions RelayOptionsOf(const Config& config);
bus::Times BusTimesOf(const Config::Bus& config);

}  // namespace confab::app
