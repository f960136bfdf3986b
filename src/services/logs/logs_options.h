#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "auth/authority.h"
#include "base/ip_network.h"
#include "net/http_handler.h"
#include "observe/logger.h"
#include "observe/metrics.h"
#include "services/logs/file_tail.h"

namespace confab::logs {

struct LogsOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 9000;
  uint16_t port_tries = 1;  // a taken port: the next one, so many altogether
  std::vector<IpNetwork> trusted_proxies;

  std::filesystem::path folder;        // with the logs of all services; need not be there yet
  std::filesystem::path web_dir;       // the exported pages; empty: there is no page
  net::HttpHeaders headers;            // on every response
  net::HttpHandler* health = nullptr;  // /healthz, /readyz, /metrics; outlives the service

  observe::Logger logger;
  observe::MetricsRegistry* metrics = nullptr;  // must outlive the service; required
  auth::Authority* authority = nullptr;         // the same
  // The clocks; those of the machine where it is empty.
  std::function<ReadTime()> time;
};

}  // namespace confab::logs
