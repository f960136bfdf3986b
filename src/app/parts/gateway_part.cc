#include "app/parts/gateway_part.h"

#include <fmt/format.h>

#include <fstream>
#include <utility>

#include "app/cli/version.h"
#include "app/config/networks.h"
#include "app/config/openid_rules.h"
#include "app/parts/media_part.h"
#include "app/serve/addresses.h"
#include "app/serve/descriptor_limit.h"
#include "app/serve/places.h"
#include "app/serve/self_check.h"
#include "net/local_addresses.h"

namespace confab::app {

using observe::LogEvent, observe::LogLevel;

namespace {

constexpr size_t kMaxSecretSize = 512;

gateway::RateLimits::Options RateOf(int64_t per_second) {
  // So many seconds' worth may come at once.
  constexpr int64_t kBurstSeconds = 10;
  return {.per_second = per_second, .burst = per_second * kBurstSeconds};
}

// The first line of a file that only its owner reads.
Result<std::string> ReadSecret(const std::string& path) {
  std::ifstream file(path);
  std::string secret;
  if (!file || !std::getline(file, secret) || secret.empty() || secret.size() > kMaxSecretSize) {
    return Fail(ErrorCode::kInvalidConfiguration,
                fmt::format("turn.secret_file = \"{}\" holds no secret: write the TURN servers' "
                            "static-auth-secret into it, one line of at most {} characters",
                            path, kMaxSecretSize));
  }
  return secret;
}

}  // namespace

gateway::MetricsAccess MetricsAccessOf(const Config& config) {
  using gateway::MetricsAccess;
  if (config.gateway.metrics == "all") return MetricsAccess::kAll;
  if (config.gateway.metrics == "token") return MetricsAccess::kToken;
  return config.gateway.metrics == "off" ? MetricsAccess::kOff : MetricsAccess::kLocal;
}

GatewayPart::GatewayPart(const Environment& environment)
    : environment_(environment),
      local_(net::LocalAddresses()),
      descriptors_(RaiseDescriptorLimit()) {}

GatewayPart::~GatewayPart() = default;

Result<void> GatewayPart::MakeCertificate() {
  const Config::Gateway& config = environment_.config.gateway;
  if (!UsesHttps(config)) return {};
  Result<std::shared_ptr<const net::TlsContext>> tls;
  if (!config.certificate.empty()) {
    tls = net::TlsContext::FromFiles(config.certificate, config.key);
  } else {
    const auto folder = ResolveDataDir(environment_.config.data_dir);
    if (!folder) return std::unexpected(folder.error());
    tls = net::TlsContext::SelfMade(*folder, CertificateNames(local_));
  }
  if (!tls) return std::unexpected(tls.error());
  tls_ = *tls;
  return {};
}

Result<void> GatewayPart::AddTurn(gateway::GatewayOptions& options) {
  const Config::Turn& config = environment_.config.turn;
  for (const std::string& text : config.servers) {
    auto server = gateway::TurnServer::Parse(text);
    if (!server) return std::unexpected(server.error());
    options.turn_servers.push_back(std::move(*server));
  }
  options.turn.lifetime = config.lifetime;
  options.region = environment_.config.instance.region;
  if (config.servers.empty()) return {};
  auto secret = ReadSecret(config.secret_file);
  if (!secret) return std::unexpected(secret.error());
  options.turn.secret = std::move(*secret);
  return {};
}

Result<void> GatewayPart::AddOpenId(gateway::GatewayOptions& options) {
  const Config::Auth::OpenId& config = environment_.config.auth.openid;
  if (!UsesOpenId(config)) return {};
  auth::OpenIdIssuer::Options issuer{.jwks_url = config.jwks_url,
                                     .rules = ReadOpenIdRules(config).rules};
  issuer.on_trouble = [logger = environment_.logger.For("gateway"),
                       url = config.jwks_url](const std::string& why) {
    logger.Log(LogLevel::kWarning, LogEvent::kOpenIdKeysLost, {{"url", url}, {"message", why}});
  };
  auto made = auth::OpenIdIssuer::Make(environment_.io.get_executor(), std::move(issuer));
  if (!made) return std::unexpected(made.error());
  openid_ = std::move(*made);
  options.openid = openid_.get();
  return {};
}

Result<void> GatewayPart::Start(Doors doors) {
  const Config::Gateway& config = environment_.config.gateway;
  const auto web_dir = ResolveWebDir(config.web_dir);
  if (!web_dir) return std::unexpected(web_dir.error());
  gateway::GatewayOptions options;
  options.addresses = ChooseListenAddresses(config);
  options.port = static_cast<uint16_t>(config.port);
  options.port_tries = static_cast<uint16_t>(config.port_tries);
  options.tls = tls_;
  using Trust = gateway::GatewayOptions::Trust;
  options.certificate = config.certificate.empty() ? Trust::kSelfMade : Trust::kTrusted;
  options.web_dir = *web_dir;
  options.version = Version();
  options.trusted_proxies = NetworksOf(config.trusted_proxies);
  options.origins = gateway::Origins(config.origins);
  options.metrics_access = MetricsAccessOf(environment_.config);
  options.logger = environment_.logger.For("gateway");
  options.metrics = &environment_.metrics;
  options.ready = std::move(doors.ready);
  options.authority = doors.authority;
  options.connect = std::move(doors.connect);
  options.guests =
      config.guests ? gateway::Access::Guests::kWelcome : gateway::Access::Guests::kRefused;
  options.per_address = RateOf(config.requests_per_second);
  options.handshakes_per_address = RateOf(config.handshakes_per_second);
  if (auto turn = AddTurn(options); !turn) return turn;
  if (auto openid = AddOpenId(options); !openid) return openid;
  options.max_connections = MaxConnections(descriptors_);
  gateway_ = std::make_unique<gateway::GatewayService>(environment_.io, std::move(options));
  auto addresses = gateway_->Start();
  if (!addresses) return std::unexpected(addresses.error());
  addresses_ = std::move(*addresses);
  environment_.logger.For("gateway").Log(LogLevel::kInfo, LogEvent::kServiceStarted,
                                         {{"port", port()}});
  return {};
}

asio::awaitable<void> GatewayPart::Stop(TimeDelta deadline) {
  if (gateway_) co_await gateway_->Stop(deadline);
}

std::vector<std::string> GatewayPart::urls() const {
  return PageUrls(environment_.config.gateway, port(), local_);
}

std::string GatewayPart::fingerprint() const {
  const bool is_self_made = tls_ && environment_.config.gateway.certificate.empty();
  return is_self_made ? tls_->fingerprint() : "";
}

std::string GatewayPart::warning() const {
  return DescriptorWarning(descriptors_);
}

asio::awaitable<Result<void>> GatewayPart::Check() {
  const SocketAddress page = OwnAddress(addresses_.front());
  return CheckPage(fmt::format("{}://{}/", tls_ ? "https" : "http", page.ToString()));
}

}  // namespace confab::app
