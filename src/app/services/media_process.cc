#include "app/services/media_process.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "app/cli/version.h"
#include "app/parts/gateway_part.h"
#include "app/serve/descriptor_limit.h"

namespace confab::app {

using observe::LogEvent, observe::LogLevel;

MediaProcess::MediaProcess(const Environment& environment)
    : environment_(environment),
      media_(environment),
      health_(environment.metrics, MetricsAccessOf(environment.config), [this] { return Ready(); }),
      http_(environment.io, health_, {}) {}

Result<void> MediaProcess::Start() {
  const Config::Media& config = environment_.config.media;
  RaiseDescriptorLimit();
  auto authority = AuthorityPart::Open(environment_);
  if (!authority) return std::unexpected(authority.error());
  authority_ = std::move(*authority);
  health_.TakeTokensOf(authority_->authority());
  auto link = ServiceLink::Open(environment_, authority_->share(), "media");
  if (!link) return std::unexpected(link.error());
  link_ = std::move(*link);
  auto peers = Peers::Open(environment_);
  if (!peers) return std::unexpected(peers.error());
  peers_ = std::move(*peers);
  auto started =
      media_.Start(link_->ListenOn(config.grpc_address, config.grpc_port),
                   {.control = link_->Check({"signaling"}), .state = link_->Check({"gateway"})});
  if (!started) return started;
  const auto http = http_.Listen(
      {.address = config.grpc_address, .port = static_cast<uint16_t>(config.http_port)});
  if (!http) return std::unexpected(http.error());
  http_port_ = http->port();
  peers_->Announce({.service = discovery::ServiceKind::kMedia,
                    .http_port = http_port_,
                    .grpc_port = media_.service().grpc_port()},
                   config.grpc_address);
  return {};
}

asio::awaitable<std::string> MediaProcess::Report() {
  std::string text = fmt::format("confab {} media {}\n", Version(), environment_.instance_id);
  std::vector<std::string> ips;
  for (const SocketAddress& address : media_.service().announced()) {
    ips.push_back(address.IpToString());
  }
  const std::string& address = environment_.config.media.grpc_address;
  text += fmt::format("  media    UDP and TCP ports {} at {}\n",
                      fmt::join(media_.service().ports(), ", "), fmt::join(ips, ", "));
  text += fmt::format("  gRPC     {} port {}\n", address, media_.service().grpc_port());
  text += fmt::format("  health   http://{}:{}/readyz\n", address, http_port_);
  if (const std::string& warning = media_.announcement().warning; !warning.empty()) {
    text += fmt::format("  warning  {}\n", warning);
  }
  const std::vector<std::string> failures = co_await media_.Check();
  for (const std::string& failure : failures) text += fmt::format("  failed   {}\n", failure);
  co_return text + "confab media has started\n";
}

asio::awaitable<void> MediaProcess::Stop(TimeDelta deadline) {
  environment_.logger.Log(LogLevel::kInfo, LogEvent::kServiceStopping, {});
  co_await peers_->Withdraw(deadline / 2);
  co_await http_.Stop(deadline / 2);
  media_.Stop();
  environment_.logger.Log(LogLevel::kInfo, LogEvent::kServiceStopped, {});
}

}  // namespace confab::app
