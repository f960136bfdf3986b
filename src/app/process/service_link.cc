#include "app/process/service_link.h"

#include <chrono>
#include <utility>

#include "app/serve/places.h"

namespace confab::app {
namespace {

using observe::LogEvent, observe::LogLevel;

constexpr auto kRefreshInterval = std::chrono::minutes(1);

}  // namespace

rpc::Security SecurityOf(const Config::Rpc& config) {
  using rpc::Security;
  Security security;
  security.certificate = config.certificate;
  security.key = config.key;
  security.ca = config.ca;
  if (config.client_certificates == "required") {
    security.client_certificates = Security::ClientCertificates::kRequired;
  }
  if (config.insecure) security.plain_text = Security::PlainText::kEverywhere;
  return security;
}

Result<std::unique_ptr<ServiceLink>> ServiceLink::Open(const Environment& environment,
                                                       std::string service) {
  auto credentials = rpc::Credentials::Load(SecurityOf(environment.config.rpc));
  if (!credentials) return std::unexpected(credentials.error());
  const auto folder = ResolveDataDir(environment.config.data_dir);
  if (!folder) return std::unexpected(folder.error());
  auto tokens = ServiceTokens::Open(*folder / "keys", std::move(service), environment.instance_id);
  if (!tokens) return std::unexpected(tokens.error());
  // make_unique cannot reach the private constructor.
  return std::unique_ptr<ServiceLink>(
      new ServiceLink(environment, std::move(*credentials), std::move(*tokens)));
}

ServiceLink::ServiceLink(const Environment& environment, rpc::Credentials credentials,
                         std::unique_ptr<ServiceTokens> tokens)
    : logger_(environment.logger),
      credentials_(std::move(credentials)),
      tokens_(std::move(tokens)),
      timer_(environment.io) {
  RefreshLater();
}

void ServiceLink::RefreshLater() {
  timer_.expires_after(kRefreshInterval);
  timer_.async_wait([this](error_code error) {
    if (error) return;
    if (const auto refreshed = tokens_->Refresh(); !refreshed) {
      logger_.Log(LogLevel::kWarning, LogEvent::kConfigurationWarning,
                  {{"message", refreshed.error().message}});
    }
    RefreshLater();
  });
}

rpc::ServerOptions ServiceLink::ListenOn(const std::string& address, int64_t port) const {
  return {.address = address,
          .port = static_cast<uint16_t>(port),
          .credentials = credentials_,
          .offers = {}};
}

std::shared_ptr<grpc::Channel> ServiceLink::ChannelTo(const discovery::Instance& instance) const {
  auto channel = rpc::Connect(instance.host, instance.grpc_port, credentials_, Tokens());
  if (channel) return *channel;
  logger_.Log(LogLevel::kError, LogEvent::kConfigurationWarning,
              {{"peer", instance.id}, {"message", channel.error().message}});
  return nullptr;
}

}  // namespace confab::app
