#include "app/serve/serving.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

#include "app/cli/version.h"
#include "app/serve/descriptor_limit.h"
#include "app/serve/places.h"
#include "app/serve/self_check.h"
#include "base/id.h"
#include "net/local_addresses.h"
#include "rtc/srtp/srtp_profile_names.h"

namespace confab::app {
namespace {

struct InstanceTag;
using observe::LogEvent, observe::LogLevel;

// Signaling reaches media in some milliseconds after its start.
constexpr TimeDelta kReadyWait = TimeDelta::Seconds(3);
constexpr TimeDelta kReadyPoll = TimeDelta::Millis(5);

gateway::MetricsAccess AccessOf(const std::string& text) {
  if (text == "all") return gateway::MetricsAccess::kAll;
  return text == "off" ? gateway::MetricsAccess::kOff : gateway::MetricsAccess::kLocal;
}

// Where the program finds its own port: loopback, unless it listens elsewhere.
SocketAddress OwnAddress(SocketAddress listening) {
  const bool is_any = listening.IpToString() == "0.0.0.0" || listening.IpToString() == "::";
  if (!is_any) return listening;
  return SocketAddress::Ipv4({127, 0, 0, 1}, listening.port());
}

// Of a configuration that was checked: what is no network is not there.
std::vector<IpNetwork> NetworksOf(const std::vector<std::string>& texts) {
  std::vector<IpNetwork> networks;
  for (const std::string& text : texts) {
    if (const auto network = IpNetwork::Parse(text)) networks.push_back(*network);
  }
  return networks;
}

media::PlainRtpOptions PlainRtpOf(const Config::Media& config) {
  media::PlainRtpOptions options;
  options.networks = NetworksOf(config.plain_rtp_networks);
  options.first_port = static_cast<uint16_t>(config.plain_rtp_first_port);
  options.last_port = static_cast<uint16_t>(config.plain_rtp_last_port);
  return options;
}

}  // namespace

Serving::Serving(asio::io_context& io, Config config, observe::Logger logger,
                 observe::MetricsRegistry& metrics)
    : io_(io),
      config_(std::move(config)),
      logger_(std::move(logger)),
      metrics_(metrics),
      local_(net::LocalAddresses()),
      announcement_(ChooseAnnouncement(config_.media.announce, local_)),
      descriptors_(RaiseDescriptorLimit()) {
  SecureRandom random;
  instance_id_ = Id<InstanceTag>::Random(random).ToString();
}

Serving::~Serving() = default;

Result<void> Serving::Start() {
  if (auto made = MakeCertificate(); !made) return made;
  if (auto started = StartMedia(); !started) return started;
  if (auto started = StartSignaling(); !started) return started;
  return StartGateway();
}

Result<void> Serving::MakeCertificate() {
  const Config::Gateway& gateway = config_.gateway;
  if (!UsesHttps(gateway)) return {};
  Result<std::shared_ptr<const net::TlsContext>> tls;
  if (!gateway.certificate.empty()) {
    tls = net::TlsContext::FromFiles(gateway.certificate, gateway.key);
  } else {
    const auto folder = ResolveDataDir(config_.data_dir);
    if (!folder) return std::unexpected(folder.error());
    tls = net::TlsContext::SelfMade(*folder, CertificateNames(local_));
  }
  if (!tls) return std::unexpected(tls.error());
  tls_ = *tls;
  return {};
}

Result<void> Serving::StartMedia() {
  media::MediaOptions options;
  if (config_.media.address == "auto") {
    options.listen = local_;
  } else if (const auto address = SocketAddress::Parse(config_.media.address, 0)) {
    options.listen = {*address};
  }
  if (options.listen.empty()) options.listen = {SocketAddress::Ipv4({127, 0, 0, 1}, 0)};
  if (!config_.media.announce.empty()) options.announce = announcement_.addresses;
  options.port = static_cast<uint16_t>(config_.media.port);
  options.workers = static_cast<size_t>(config_.media.workers);
  options.srtp_profiles.clear();
  for (const std::string& name : config_.media.srtp_profiles) {
    if (const auto profile = rtc::ParseSrtpProfile(name)) options.srtp_profiles.push_back(*profile);
  }
  options.plain_rtp = PlainRtpOf(config_.media);
  auto media = media::MediaService::Start(std::move(options));
  if (!media) return std::unexpected(media.error());
  media_ = std::move(*media);
  media_watch_ = std::make_unique<MediaWatch>(*media_, metrics_);
  logger_.For("media").Log(
      LogLevel::kInfo, LogEvent::kServiceStarted,
      {{"port", media_->ports().front()}, {"workers", media_->ports().size()}});
  return {};
}

Result<void> Serving::StartSignaling() {
  signaling::SignalingOptions options;
  options.media = media_->InProcessChannel();
  options.instance_id = instance_id_;
  options.room.participants = static_cast<size_t>(config_.signaling.max_participants);
  options.room.grace = config_.signaling.grace;
  options.max_rooms = static_cast<size_t>(config_.signaling.max_rooms);
  options.on_refusal = [logger = logger_.For("signaling")](const signaling::Refusal& refusal) {
    logger.Log(LogLevel::kInfo, LogEvent::kMessageRefused,
               {.participant = std::string(refusal.participant), .trace = std::string(refusal.id)},
               {{"refused", refusal.event},
                {"code", refusal.error.code},
                {"message", refusal.error.message}});
  };
  signaling_ = std::make_unique<signaling::SignalingService>(io_, std::move(options));
  const auto port = signaling_->Start();
  if (!port) return std::unexpected(port.error());
  signaling_port_ = *port;
  AddSignalingMetrics();
  logger_.For("signaling").Log(LogLevel::kInfo, LogEvent::kServiceStarted, {{"port", *port}});
  return {};
}

void Serving::AddSignalingMetrics() {
  using observe::Sample, observe::SampleKind;
  using signaling::SignalingStatus;
  const auto add = [this](const char* name, const char* help, SampleKind kind, auto read) {
    sampled_metrics_.push_back(metrics_.AddSampled({name, help}, kind, [this, read] {
      return std::vector<Sample>{{{}, static_cast<double>(read(signaling_->status()))}};
    }));
  };
  add("confab_rooms", "Open rooms.", SampleKind::kGauge,
      [](const SignalingStatus& status) { return status.rooms; });
  add("confab_participants", "Participants, those who may come back included.", SampleKind::kGauge,
      [](const SignalingStatus& status) { return status.participants; });
  add("confab_signaling_connections", "Open Socket.IO connections.", SampleKind::kGauge,
      [](const SignalingStatus& status) { return status.connections; });
  add("confab_signaling_events_total", "Events that clients sent.", SampleKind::kCounter,
      [](const SignalingStatus& status) { return status.events; });
  add("confab_signaling_refusals_total", "Events that were refused.", SampleKind::kCounter,
      [](const SignalingStatus& status) { return status.refusals; });
  add("confab_signaling_parse_errors_total", "Connections closed for what they sent.",
      SampleKind::kCounter, [](const SignalingStatus& status) { return status.parse_errors; });
  add("confab_signaling_slow_readers_total", "Connections closed because they did not read.",
      SampleKind::kCounter, [](const SignalingStatus& status) { return status.slow_readers; });
  add("confab_signaling_ping_timeouts_total", "Connections closed because they did not answer.",
      SampleKind::kCounter, [](const SignalingStatus& status) { return status.ping_timeouts; });
  add("confab_media_up", "1 while signaling reaches the media service.", SampleKind::kGauge,
      [](const SignalingStatus& status) { return status.media_is_up ? 1 : 0; });
}

Result<void> Serving::StartGateway() {
  const auto web_dir = ResolveWebDir(config_.gateway.web_dir);
  if (!web_dir) return std::unexpected(web_dir.error());
  gateway::GatewayOptions options;
  options.addresses = ChooseListenAddresses(config_.gateway);
  options.port = static_cast<uint16_t>(config_.gateway.port);
  options.port_tries = static_cast<uint16_t>(config_.gateway.port_tries);
  options.tls = tls_;
  using Trust = gateway::GatewayOptions::Trust;
  options.certificate = config_.gateway.certificate.empty() ? Trust::kSelfMade : Trust::kTrusted;
  options.web_dir = *web_dir;
  options.version = Version();
  options.trusted_proxies = NetworksOf(config_.gateway.trusted_proxies);
  options.metrics_access = AccessOf(config_.gateway.metrics);
  options.logger = logger_.For("gateway");
  options.metrics = &metrics_;
  options.ready = [this] { return Ready(); };
  options.signaling = {.host = "127.0.0.1", .port = signaling_port_};
  options.max_connections = MaxConnections(descriptors_);
  options.counts = [this] {
    const signaling::SignalingStatus status = signaling_->status();
    return gateway::CallCounts{.rooms = status.rooms, .participants = status.participants};
  };
  gateway_ = std::make_unique<gateway::GatewayService>(io_, std::move(options));
  auto addresses = gateway_->Start();
  if (!addresses) return std::unexpected(addresses.error());
  page_addresses_ = std::move(*addresses);
  logger_.For("gateway").Log(LogLevel::kInfo, LogEvent::kServiceStarted,
                             {{"port", page_addresses_.front().port()}});
  return {};
}

gateway::ReadyReport Serving::Ready() const {
  const bool media_answers = media_watch_ && media_watch_->last().has_value();
  const bool signaling_hears_media = signaling_ && signaling_->status().media_is_up;
  return {.parts = {{.name = "media",
                     .is_ready = media_answers,
                     .reason = media_answers ? "" : "A media worker does not answer."},
                    {.name = "signaling",
                     .is_ready = signaling_hears_media,
                     .reason = signaling_hears_media ? "" : "It does not reach media yet."}}};
}

StartReport Serving::Report() const {
  const uint16_t page_port = page_addresses_.front().port();
  StartReport report;
  report.version = Version();
  report.urls = PageUrls(config_.gateway, page_port, local_);
  report.wanted_page_port = static_cast<uint16_t>(config_.gateway.port);
  report.page_port = page_port;
  report.wanted_media_port = static_cast<uint16_t>(config_.media.port);
  report.media_ports = media_->ports();
  report.announced = media_->announced();
  if (tls_ && config_.gateway.certificate.empty()) report.fingerprint = tls_->fingerprint();
  if (!announcement_.warning.empty()) report.warnings.push_back(announcement_.warning);
  if (auto warning = DescriptorWarning(descriptors_); !warning.empty()) {
    report.warnings.push_back(std::move(warning));
  }
  return report;
}

asio::awaitable<StartReport> Serving::CheckItself() {
  StartReport report = Report();
  const SocketAddress page = OwnAddress(page_addresses_.front());
  const std::string url = fmt::format("{}://{}/", tls_ ? "https" : "http", page.ToString());
  const Result<void> page_check = co_await CheckPage(url);
  if (!page_check) report.failures.push_back(page_check.error().message);
  const std::string media_ip =
      config_.media.address == "auto" ? local_.front().IpToString() : config_.media.address;
  for (const uint16_t port : media_->ports()) {
    const SocketAddress media = OwnAddress(*SocketAddress::Parse(media_ip, port));
    const Result<void> media_check = co_await CheckMediaPort(media);
    if (!media_check) report.failures.push_back(media_check.error().message);
  }
  co_await UntilReady();
  for (const gateway::ReadyReport::Part& part : Ready().parts) {
    if (!part.is_ready) report.failures.push_back(part.name + ": " + part.reason);
  }
  const bool is_good = report.failures.empty();
  logger_.Log(is_good ? LogLevel::kInfo : LogLevel::kError,
              is_good ? LogEvent::kSelfCheckPassed : LogEvent::kSelfCheckFailed,
              {{"failures", report.failures.size()}});
  co_return report;
}

asio::awaitable<void> Serving::UntilReady() {
  asio::steady_timer timer(io_);
  for (TimeDelta waited; waited < kReadyWait && !Ready().is_ready(); waited += kReadyPoll) {
    timer.expires_after(ToChrono(kReadyPoll));
    error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

asio::awaitable<void> Serving::Stop(TimeDelta deadline) {
  logger_.Log(LogLevel::kInfo, LogEvent::kServiceStopping, {});
  const auto begin = std::chrono::steady_clock::now();
  if (signaling_) co_await signaling_->Stop(deadline);
  // The goodbyes went through the gateway; what is left of the deadline is for other requests.
  const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - begin);
  const TimeDelta left = deadline - TimeDelta::Micros(spent.count());
  if (gateway_) co_await gateway_->Stop(std::max(left, TimeDelta()));
  sampled_metrics_.clear();
  media_watch_.reset();
  media_.reset();
  logger_.Log(LogLevel::kInfo, LogEvent::kServiceStopped, {});
}

}  // namespace confab::app
