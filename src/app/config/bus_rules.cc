#include "app/config/bus_rules.h"

#include <algorithm>
#include <utility>

#include "backends/bus/instance_name.h"
#include "backends/bus/redis/redis_options.h"
#include "base/socket_address.h"

namespace confab::app {
namespace {

// A shorter ttl is beaten oftener, so that one lost beat is no end.
constexpr int64_t kBeatsPerTtl = 5;

void CheckUrl(const std::string& key, const std::string& url,
              std::vector<ConfigProblem>& problems) {
  if (url.empty() || bus::ParseRedisUrl(url)) return;
  problems.push_back({key, std::string(kHiddenValue), "configuration",
                      "give redis://HOST:PORT/DATABASE, or rediss:// for TLS; a user before the "
                      "host, USER@, but no password, which has a file of its own"});
}

}  // namespace

BusChoice ChooseBus(const Config::Bus& config) {
  if (config.backend == "redis") return BusChoice::kRedis;
  if (config.backend == "memory") return BusChoice::kMemory;
  const bool is_redis = config.backend == "auto" && !config.redis_url.empty();
  return is_redis ? BusChoice::kRedis : BusChoice::kNone;
}

std::vector<ConfigProblem> CheckBus(const Config& config) {
  std::vector<ConfigProblem> problems;
  CheckUrl("bus.redis_url", config.bus.redis_url, problems);
  CheckUrl("relay.redis_url", config.relay.redis_url, problems);
  if (config.bus.backend == "redis" && config.bus.redis_url.empty()) {
    problems.push_back({"bus.redis_url", "\"\"", "configuration",
                        "bus.backend = \"redis\" needs to know where Redis is: give "
                        "redis://HOST:PORT/DATABASE"});
  }
  if (!bus::IsRegion(config.relay.region)) {
    problems.push_back({"relay.region", ShowInput(config.relay.region), "configuration",
                        "give 1 to 63 lower-case letters, digits or '-', such as eu-west"});
  }
  if (!SocketAddress::Parse(config.relay.address, 0)) {
    problems.push_back({"relay.address", ShowInput(config.relay.address), "configuration",
                        "give an IP address, such as 127.0.0.1"});
  }
  return problems;
}

bus::BusOptions BusOptionsOf(const Config& config, const std::string& instance_id) {
  return {.backend = ChooseBus(config.bus) == BusChoice::kMemory ? bus::BusBackend::kMemory
                                                                 : bus::BusBackend::kRedis,
          .redis_url = config.bus.redis_url,
          .redis_password_file = config.bus.redis_password_file,
          .redis_ca_file = config.bus.redis_ca_file,
          .instance_id = instance_id,
          .region = config.instance.region};
}

bus::BusOptions RelayOptionsOf(const Config& config) {
  return {.backend = bus::BusBackend::kRedis,
          .redis_url = config.relay.redis_url,
          .redis_password_file = config.relay.redis_password_file,
          .redis_ca_file = config.relay.redis_ca_file,
          .region = config.relay.region};
}

bus::Times BusTimesOf(const Config::Bus& config) {
  bus::Times times;
  times.ttl = config.ttl;
  times.beat = std::min(times.beat, config.ttl / kBeatsPerTtl);
  times.remote_ttl = std::max(times.remote_ttl, config.ttl * 2);
  return times;
}

}  // namespace confab::app
