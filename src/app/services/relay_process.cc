#include "app/services/relay_process.h"

#include <fmt/format.h>

#include <utility>

#include "app/cli/version.h"
#include "app/parts/gateway_part.h"

namespace confab::app {

using observe::LogEvent, observe::LogLevel;

RelayProcess::RelayProcess(const Environment& environment)
    : environment_(environment),
      health_(environment.metrics, MetricsAccessOf(environment.config), [this] { return Ready(); }),
      http_(environment.io, health_, {}) {}

Result<void> RelayProcess::Start() {
  const Config::Relay& config = environment_.config.relay;
  auto authority = AuthorityPart::Open(environment_);
  if (!authority) return std::unexpected(authority.error());
  authority_ = std::move(*authority);
  health_.TakeTokensOf(authority_->authority());
  auto relay = RelayPart::Open(environment_);
  if (!relay) return std::unexpected(relay.error());
  relay_ = std::move(*relay);
  const auto http =
      http_.Listen({.address = config.address, .port = static_cast<uint16_t>(config.http_port)});
  if (!http) return std::unexpected(http.error());
  http_port_ = http->port();
  environment_.logger.Log(LogLevel::kInfo, LogEvent::kServiceStarted, {{"port", http_port_}});
  return {};
}

asio::awaitable<std::string> RelayProcess::Report() {
  const Config& config = environment_.config;
  std::string text = fmt::format("confab {} relay {}\n", Version(), environment_.instance_id);
  text += fmt::format("  regions  {} and {}\n", config.instance.region, config.relay.region);
  text += fmt::format("  health   http://{}:{}/readyz\n", config.relay.address, http_port_);
  co_return text + "confab relay has started\n";
}

asio::awaitable<void> RelayProcess::Stop(TimeDelta deadline) {
  environment_.logger.Log(LogLevel::kInfo, LogEvent::kServiceStopping, {});
  co_await http_.Stop(deadline);
  environment_.logger.Log(LogLevel::kInfo, LogEvent::kServiceStopped, {});
}

}  // namespace confab::app
