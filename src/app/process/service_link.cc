#include "app/process/service_link.h"

#include <utility>

namespace confab::app {
namespace {

using observe::LogEvent, observe::LogLevel;

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
                                                       std::shared_ptr<auth::Authority> authority,
                                                       std::string service) {
  auto credentials = rpc::Credentials::Load(SecurityOf(environment.config.rpc));
  if (!credentials) return std::unexpected(credentials.error());
  ServiceTokens tokens(std::move(authority), std::move(service), environment.instance_id);
  // make_unique cannot reach the private constructor.
  return std::unique_ptr<ServiceLink>(
      new ServiceLink(environment, std::move(*credentials), std::move(tokens)));
}

ServiceLink::ServiceLink(const Environment& environment, rpc::Credentials credentials,
                         ServiceTokens tokens)
    : logger_(environment.logger),
      credentials_(std::move(credentials)),
      tokens_(std::move(tokens)) {}

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
