#include "app/process/service_link.h"

#include <utility>

namespace confab::app {
namespace {

using observe::LogEvent, observe::LogLevel;
using observe::MetricsRegistry;

void AddMetrics(MetricsRegistry& metrics, const std::shared_ptr<rpc::CallMeter>& meter,
                const std::string& prefix, const std::string& verb,
                std::vector<std::shared_ptr<void>>& registrations) {
  registrations.push_back(metrics.AddSampled(
      {prefix + "_calls_total", "RPCs that were " + verb + ", by method and status."},
      observe::SampleKind::kCounter, [meter] {
        std::vector<observe::Sample> samples;
        for (const auto& [method, calls] : meter->calls()) {
          for (size_t code = 0; code < calls.by_code.size(); ++code) {
            if (calls.by_code[code] == 0) continue;
            samples.push_back({{{"method", method}, {"code", std::string(rpc::NameOfCode(code))}},
                               static_cast<double>(calls.by_code[code])});
          }
        }
        return samples;
      }));
  registrations.push_back(metrics.AddSampledHistogram(
      {prefix + "_call_seconds", "How long RPCs with one answer took that were " + verb + "."},
      [meter] {
        std::vector<observe::HistogramSample> samples;
        for (const auto& [method, calls] : meter->calls()) {
          if (calls.times.total() > 0) samples.push_back({{{"method", method}}, calls.times});
        }
        return samples;
      }));
}

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
      tokens_(std::move(tokens)) {
  AddMetrics(environment.metrics, made_, "confab_grpc_client", "made", sampled_metrics_);
  AddMetrics(environment.metrics, served_, "confab_grpc_server", "answered", sampled_metrics_);
}

rpc::ServerOptions ServiceLink::ListenOn(const std::string& address, int64_t port) const {
  return {.address = address,
          .port = static_cast<uint16_t>(port),
          .credentials = credentials_,
          .offers = {},
          .served = served_,
          .made = made_};
}

rpc::ServerOptions ServiceLink::ListenInProcess() const {
  rpc::ServerOptions options;
  options.served = served_;
  options.made = made_;
  return options;
}

std::shared_ptr<grpc::Channel> ServiceLink::ChannelTo(const discovery::Instance& instance) const {
  auto channel = rpc::Connect(instance.host, instance.grpc_port, credentials_, Tokens(), made_);
  if (channel) return *channel;
  logger_.Log(LogLevel::kError, LogEvent::kConfigurationWarning,
              {{"peer", instance.id}, {"message", channel.error().message}});
  return nullptr;
}

}  // namespace confab::app
