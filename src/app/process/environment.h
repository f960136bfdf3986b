#pragma once

#include <string>

#include "app/config/config.h"
#include "net/asio.h"
#include "observe/logger.h"
#include "observe/metrics.h"

namespace confab::app {

// What every part of a process is given. All outlives the parts.
struct Environment {
  asio::io_context& io;
  const Config& config;
  observe::Logger logger;
  observe::MetricsRegistry& metrics;
  // Of this process, unique among all: configured, or random.
  std::string instance_id;
};

}  // namespace confab::app
