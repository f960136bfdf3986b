#include "app/services/gateway_process.h"

#include <fmt/format.h>

#include <utility>

#include "app/cli/version.h"
#include "app/parts/store_options.h"
#include "app/serve/addresses.h"

namespace confab::app {

using observe::LogEvent, observe::LogLevel;

GatewayProcess::GatewayProcess(const Environment& environment)
    : environment_(environment), gateway_(environment) {}

Result<void> GatewayProcess::Start() {
  if (auto made = gateway_.MakeCertificate(); !made) return made;
  auto peers = Peers::Open(environment_);
  if (!peers) return std::unexpected(peers.error());
  peers_ = std::move(*peers);
  auto authority = AuthorityPart::Open(environment_);
  if (!authority) return std::unexpected(authority.error());
  authority_ = std::move(*authority);
  auto link = ServiceLink::Open(environment_, authority_->share(), "gateway");
  if (!link) return std::unexpected(link.error());
  link_ = std::move(*link);
  if (auto opened = OpenStore(); !opened) return opened;
  watch_ = std::make_unique<gateway::SignalingWatch>(environment_.io);
  GatewayPart::Doors doors;
  doors.ready = [this] { return Ready(); };
  doors.authority = &authority_->authority();
  doors.connect = [this](const discovery::Instance& peer) { return link_->ChannelTo(peer); };
  auto started = gateway_.Start(std::move(doors));
  if (!started) return started;
  peers_->Follow(discovery::ServiceKind::kSignaling,
                 [this](const std::vector<discovery::Instance>& signaling) {
                   gateway_.service().SetSignaling(signaling);
                   watch_->Set(signaling);
                   gateway_.service().SetScrapeTargets("signaling", signaling);
                 });
  peers_->Follow(discovery::ServiceKind::kMedia,
                 [this](const std::vector<discovery::Instance>& media) {
                   gateway_.service().SetMedia(media);
                   gateway_.service().SetScrapeTargets("media", media);
                 });
  peers_->Follow(discovery::ServiceKind::kLogs,
                 [this](const std::vector<discovery::Instance>& logs) {
                   gateway_.service().SetLogs(logs);
                   gateway_.service().SetScrapeTargets("logs", logs);
                 });
  peers_->Follow(discovery::ServiceKind::kGateway,
                 [this](const std::vector<discovery::Instance>& gateways) {
                   gateway_.service().SetScrapeTargets("gateway", gateways);
                 });
  peers_->Announce(
      {.service = discovery::ServiceKind::kGateway, .http_port = gateway_.port()},
      environment_.config.gateway.address == "auto" && !UsesHttps(environment_.config.gateway)
          ? "127.0.0.1"
          : environment_.config.gateway.address);
  return {};
}

Result<void> GatewayProcess::OpenStore() {
  // A file in data_dir may be another machine's.
  if (!IsStoreShared(environment_.config)) return {};
  auto store = StorePart::Open(environment_);
  if (!store) return std::unexpected(store.error());
  store_ = std::move(*store);
  shared_tokens_ =
      std::make_unique<SharedTokensPart>(environment_, store_->store(), authority_->share(),
                                         SharedTokensPart::Resume::kWhenRevocationsAreKnown);
  return {};
}

gateway::ReadyReport GatewayProcess::Ready() const {
  gateway::ReadyReport report = watch_->Report();
  if (store_) report.parts.push_back(store_->Ready("tokens under API keys are refused"));
  return report;
}

asio::awaitable<std::string> GatewayProcess::Report() {
  std::string text = fmt::format("confab {} gateway {}\n", Version(), environment_.instance_id);
  for (const std::string& url : gateway_.urls()) text += fmt::format("  page     {}\n", url);
  if (const std::string fingerprint = gateway_.fingerprint(); !fingerprint.empty()) {
    text += fmt::format("  SHA-256  {}\n", fingerprint);
  }
  if (const std::string warning = gateway_.warning(); !warning.empty()) {
    text += fmt::format("  warning  {}\n", warning);
  }
  const Result<void> page = co_await gateway_.Check();
  if (!page) text += fmt::format("  failed   {}\n", page.error().message);
  co_return text + "confab gateway has started\n";
}

asio::awaitable<void> GatewayProcess::Stop(TimeDelta deadline) {
  environment_.logger.Log(LogLevel::kInfo, LogEvent::kServiceStopping, {});
  co_await peers_->Withdraw(deadline / 2);
  co_await gateway_.Stop(deadline / 2);
  watch_.reset();
  environment_.logger.Log(LogLevel::kInfo, LogEvent::kServiceStopped, {});
}

}  // namespace confab::app
