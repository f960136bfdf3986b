#include "app/parts/logs_part.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <utility>

#include "app/config/networks.h"
#include "app/parts/gateway_part.h"
#include "app/parts/media_part.h"
#include "app/serve/places.h"
#include "auth/unix_time.h"
#include "services/gateway/security_headers.h"

namespace confab::app {
namespace {

constexpr const char* kLinkSubject = "log-viewer-link";

// What a browser on this machine can open.
std::string HostOf(const SocketAddress& address) {
  const std::string ip = address.IpToString();
  const bool is_every = ip == "0.0.0.0" || ip == "::";
  return is_every ? fmt::format("localhost:{}", address.port()) : address.ToString();
}

}  // namespace

LogsPart::LogsPart(const Environment& environment) : environment_(environment) {}

LogsPart::~LogsPart() {
  EndThread();
}

Result<void> LogsPart::Start(Doors doors) {
  const Config& config = environment_.config;
  const auto web_dir = ResolveWebDir(config.gateway.web_dir);
  if (!web_dir) return std::unexpected(web_dir.error());
  authority_ = std::move(doors.authority);
  health_ = std::make_unique<HealthPage>(metrics_, MetricsAccessOf(config), [this] {
    const std::string& problem = service_->problem();
    return gateway::ReadyReport{
        .parts = {{.name = "folder", .is_ready = problem.empty(), .reason = problem}}};
  });
  health_->TakeTokensOf(*authority_);
  logs::LogsOptions options;
  options.address = config.logs.address;
  options.port = static_cast<uint16_t>(config.logs.port);
  options.port_tries = doors.port_tries;
  options.trusted_proxies = NetworksOf(config.gateway.trusted_proxies);
  options.folder = std::move(doors.folder);
  options.web_dir = *web_dir;
  options.headers = gateway::SecurityHeaders();
  options.health = health_.get();
  options.logger = environment_.logger.For("logs");
  options.metrics = &metrics_;
  options.authority = authority_.get();
  service_ = std::make_unique<logs::LogsService>(io_, std::move(options));
  const auto address = service_->Start();
  if (!address) {
    service_.reset();
    return std::unexpected(address.error());
  }
  address_ = *address;
  thread_ = std::thread([this] { io_.run(); });
  return {};
}

asio::awaitable<void> LogsPart::Stop(TimeDelta deadline) {
  if (!service_) co_return;
  co_await asio::co_spawn(io_, service_->Stop(deadline), asio::use_awaitable);
  EndThread();
}

void LogsPart::EndThread() {
  if (!thread_.joinable()) return;
  work_.reset();
  io_.stop();
  thread_.join();
}

SocketAddress LogsPart::own_address() const {
  return OwnAddress(address_);
}

std::string LogsPart::Link() const {
  const std::string page = fmt::format("http://{}/", HostOf(address_));
  const int64_t now_s = auth::UnixSeconds();
  auth::ApiClaims claims;
  claims.subject = kLinkSubject;
  claims.scopes = {std::string(logs::kLogsScope)};
  claims.expires_at_s = now_s + kLinkLifetime.us() / 1'000'000;
  const auto token = authority_->SignApi(std::move(claims), now_s);
  return token ? fmt::format("{}#token={}", page, *token) : page;
}

}  // namespace confab::app
