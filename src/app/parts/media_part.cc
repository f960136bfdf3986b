#include "app/parts/media_part.h"

#include <utility>

#include "app/cli/version.h"
#include "app/config/networks.h"
#include "app/serve/self_check.h"
#include "net/local_addresses.h"
#include "rtc/srtp/srtp_profile_names.h"

namespace confab::app {
namespace {

using observe::LogEvent, observe::LogLevel;

// A configuration that was checked: what is no network is not there.
media::PlainRtpOptions PlainRtpOf(const Config::Media& config) {
  media::PlainRtpOptions options;
  options.networks = NetworksOf(config.plain_rtp_networks);
  options.first_port = static_cast<uint16_t>(config.plain_rtp_first_port);
  options.last_port = static_cast<uint16_t>(config.plain_rtp_last_port);
  return options;
}

}  // namespace

SocketAddress OwnAddress(SocketAddress listening) {
  const bool is_any = listening.IpToString() == "0.0.0.0" || listening.IpToString() == "::";
  if (!is_any) return listening;
  return SocketAddress::Ipv4({127, 0, 0, 1}, listening.port());
}

MediaPart::MediaPart(const Environment& environment)
    : environment_(environment),
      local_(net::LocalAddresses()),
      listen_(ChooseMediaAddresses(environment_.config.media, local_)),
      announcement_(ChooseAnnouncement(environment_.config.media.announce, local_)) {}

MediaPart::~MediaPart() = default;

Result<void> MediaPart::Start(rpc::ServerOptions grpc, media::Checks checks) {
  const Config::Media& config = environment_.config.media;
  media::MediaOptions options;
  options.listen = listen_;
  if (!config.announce.empty()) options.announce = announcement_.addresses;
  options.port = static_cast<uint16_t>(config.port);
  options.workers = static_cast<size_t>(config.workers);
  options.srtp_profiles.clear();
  for (const std::string& name : config.srtp_profiles) {
    if (const auto profile = rtc::ParseSrtpProfile(name)) options.srtp_profiles.push_back(*profile);
  }
  options.plain_rtp = PlainRtpOf(config);
  options.control.max_transports = static_cast<size_t>(config.max_transports);
  options.control.log = media::MediaLog(environment_.logger.For("media"));
  options.grpc = std::move(grpc);
  options.checks = std::move(checks);
  options.identity = {.instance = environment_.instance_id,
                      .version = std::string(Version()),
                      .region = environment_.config.instance.region};
  auto media = media::MediaService::Start(std::move(options));
  if (!media) return std::unexpected(media.error());
  media_ = std::move(*media);
  watch_ = std::make_unique<MediaWatch>(*media_, environment_.metrics);
  environment_.metrics
      .AddGauge({"confab_media_max_transports", "Transports that this instance takes at most."})
      .Set(static_cast<double>(config.max_transports));
  environment_.logger.For("media").Log(
      LogLevel::kInfo, LogEvent::kServiceStarted,
      {{"port", media_->ports().front()}, {"workers", media_->ports().size()}});
  return {};
}

void MediaPart::Stop() {
  watch_.reset();
  media_.reset();
}

gateway::ReadyReport::Part MediaPart::Ready() const {
  const bool answers = watch_ && watch_->last().has_value();
  return {.name = "media",
          .is_ready = answers,
          .reason = answers ? "" : "A media worker does not answer."};
}

asio::awaitable<std::vector<std::string>> MediaPart::Check() {
  std::vector<std::string> failures;
  const std::string ip = listen_.front().IpToString();
  for (const uint16_t port : media_->ports()) {
    const SocketAddress own = OwnAddress(*SocketAddress::Parse(ip, port));
    const Result<void> checked = co_await CheckMediaPort(own);
    if (!checked) failures.push_back(checked.error().message);
  }
  co_return failures;
}

}  // namespace confab::app
