#include "app/services/signaling_process.h"

#include <fmt/format.h>

#include <utility>

#include "app/cli/version.h"
#include "app/parts/gateway_part.h"
#include "app/serve/descriptor_limit.h"

namespace confab::app {

using observe::LogEvent, observe::LogLevel;

SignalingProcess::SignalingProcess(const Environment& environment)
    : environment_(environment),
      health_(environment.metrics, MetricsAccessOf(environment.config), [this] { return Ready(); }),
      signaling_(environment) {}

Result<void> SignalingProcess::Start() {
  const Config::Signaling& config = environment_.config.signaling;
  RaiseDescriptorLimit();
  auto authority = AuthorityPart::Open(environment_);
  if (!authority) return std::unexpected(authority.error());
  authority_ = std::move(*authority);
  health_.TakeTokensOf(authority_->authority());
  auto link = ServiceLink::Open(environment_, authority_->share(), "signaling");
  if (!link) return std::unexpected(link.error());
  link_ = std::move(*link);
  auto peers = Peers::Open(environment_);
  if (!peers) return std::unexpected(peers.error());
  peers_ = std::move(*peers);
  auto store = StorePart::Open(environment_);
  if (!store) return std::unexpected(store.error());
  store_ = std::move(*store);
  shared_tokens_ = std::make_unique<SharedTokensPart>(
      environment_, store_->store(), authority_->share(), SharedTokensPart::Resume::kAtOnce);
  auto bus = BusPart::Open(environment_, BusPart::Peers::kOtherProcesses);
  if (!bus) return std::unexpected(bus.error());
  bus_ = std::move(*bus);
  SignalingPart::Doors doors;
  doors.store = &store_->store();
  doors.placement = signaling::Placement::kLeased;
  doors.record_name = environment_.config.instance.id;
  doors.bus = bus_ ? &bus_->bus() : nullptr;
  doors.authority = &authority_->authority();
  doors.address = config.address;
  doors.port = static_cast<uint16_t>(config.port);
  doors.other_paths = &health_;
  doors.grpc = link_->ListenOn(config.address, config.grpc_port);
  doors.check_token = link_->Check({"gateway"});
  doors.connect_media = [this](const discovery::Instance& media) {
    return link_->ChannelTo(media);
  };
  if (auto started = signaling_.Start(std::move(doors)); !started) return started;
  peers_->Follow(discovery::ServiceKind::kMedia,
                 [this](const std::vector<discovery::Instance>& media) {
                   signaling_.service().SetMedia(media);
                 });
  peers_->Announce({.service = discovery::ServiceKind::kSignaling,
                    .http_port = signaling_.port(),
                    .grpc_port = signaling_.service().grpc_port()},
                   config.address);
  return {};
}

gateway::ReadyReport SignalingProcess::Ready() const {
  gateway::ReadyReport::Part media = signaling_.Ready();
  media.name = "media";
  if (!media.is_ready) media.reason = "No media instance is reached.";
  gateway::ReadyReport report{.parts = {std::move(media), store_->Ready("nobody new is let in")}};
  if (bus_) report.parts.push_back(bus_->Ready());
  return report;
}

asio::awaitable<std::string> SignalingProcess::Report() {
  const std::string& address = environment_.config.signaling.address;
  std::string text = fmt::format("confab {} signaling {}\n", Version(), environment_.instance_id);
  text += fmt::format("  socket   {} port {}\n", address, signaling_.port());
  text += fmt::format("  gRPC     {} port {}\n", address, signaling_.service().grpc_port());
  text += fmt::format("  health   http://{}:{}/readyz\n", address, signaling_.port());
  co_return text + "confab signaling has started\n";
}

asio::awaitable<void> SignalingProcess::Stop(TimeDelta deadline) {
  environment_.logger.Log(LogLevel::kInfo, LogEvent::kServiceStopping, {});
  co_await peers_->Withdraw(deadline / 4);
  co_await signaling_.Stop(deadline / 2);
  if (bus_) co_await bus_->Stop(deadline / 4);
  environment_.logger.Log(LogLevel::kInfo, LogEvent::kServiceStopped, {});
}

}  // namespace confab::app
