#include "app/process/peers.h"

#include <algorithm>
#include <utility>

#include "backends/discovery/make_discovery.h"
#include "net/local_addresses.h"

namespace confab::app {
namespace {

discovery::DiscoveryOptions OptionsOf(const Config::Discovery& config) {
  using discovery::DiscoveryBackend;
  discovery::DiscoveryOptions options;
  options.backend =
      config.backend == "consul" ? DiscoveryBackend::kConsul : DiscoveryBackend::kStatic;
  options.consul_url = config.consul_url;
  options.consul_token_file = config.consul_token_file;
  options.gateways = config.gateways;
  options.signaling = config.signaling;
  options.media = config.media;
  options.logs = config.logs;
  return options;
}

}  // namespace

std::string HostFor(const std::string& address, std::span<const SocketAddress> local) {
  if (address != "0.0.0.0" && address != "::" && address != "auto") return address;
  const auto outside =
      std::ranges::find_if(local, [](const SocketAddress& each) { return !each.is_loopback(); });
  return outside == local.end() ? "127.0.0.1" : outside->IpToString();
}

Result<std::unique_ptr<Peers>> Peers::Open(const Environment& environment) {
  auto discovery = discovery::MakeDiscovery(environment.io, OptionsOf(environment.config.discovery),
                                            environment.logger.For("discovery"));
  if (!discovery) return std::unexpected(discovery.error());
  // make_unique cannot reach the private constructor.
  return std::unique_ptr<Peers>(new Peers(environment, std::move(*discovery)));
}

Peers::Peers(const Environment& environment, std::unique_ptr<discovery::Discovery> discovery)
    : environment_(environment), discovery_(std::move(discovery)) {
  AddMetrics();
}

void Peers::AddMetrics() {
  using observe::Sample, observe::SampleKind;
  observe::MetricsRegistry& metrics = environment_.metrics;
  sampled_metrics_.push_back(metrics.AddSampled(
      {"confab_discovery_up", "1 while the discovery of other services answers."},
      SampleKind::kGauge,
      [this] { return std::vector<Sample>{{{}, discovery_->status().is_up ? 1.0 : 0.0}}; }));
  sampled_metrics_.push_back(metrics.AddSampled(
      {"confab_discovery_calls_total", "Questions to Consul, by how they ended."},
      SampleKind::kCounter, [this] {
        const discovery::DiscoveryStatus status = discovery_->status();
        return std::vector<Sample>{
            {{{"outcome", "answered"}}, static_cast<double>(status.answered)},
            {{{"outcome", "unanswered"}}, static_cast<double>(status.unanswered)}};
      }));
  sampled_metrics_.push_back(metrics.AddSampledHistogram(
      {"confab_discovery_call_seconds",
       "How long questions to Consul took that were answered, but for those that wait for news."},
      [this] {
        return std::vector<observe::HistogramSample>{{{}, discovery_->status().answer_times}};
      }));
}

void Peers::Follow(discovery::ServiceKind service, discovery::Discovery::OnChange on_change) {
  followings_.push_back(discovery_->Follow(service, std::move(on_change)));
}

void Peers::Announce(discovery::Instance self, const std::string& address) {
  self.id = environment_.instance_id;
  self.region = environment_.config.instance.region;
  self.host = HostFor(address, net::LocalAddresses());
  discovery_->Announce(std::move(self));
}

asio::awaitable<void> Peers::Withdraw(TimeDelta deadline) {
  followings_.clear();
  return discovery_->Withdraw(deadline);
}

}  // namespace confab::app
