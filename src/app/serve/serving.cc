#include "app/serve/serving.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "app/cli/version.h"
#include "app/process/log_options.h"
#include "app/process/peers.h"
#include "app/serve/places.h"
#include "net/clock.h"

namespace confab::app {
namespace {

using discovery::Instance, discovery::ServiceKind;
using observe::LogEvent, observe::LogLevel;

// Signaling reaches media in some milliseconds after its start.
constexpr TimeDelta kReadyWait = TimeDelta::Seconds(3);
constexpr TimeDelta kReadyPoll = TimeDelta::Millis(5);
// Where sessions are kept in a file of this machine's, nobody else keeps any there.
constexpr const char* kRecordName = "serve";

std::string RecordName(const Config& config) {
  if (!config.instance.id.empty() || config.store.url != "auto") return config.instance.id;
  return kRecordName;
}

}  // namespace

Serving::Serving(const Environment& environment)
    : environment_(environment),
      media_(environment),
      signaling_(environment),
      gateway_(environment) {}

Result<void> Serving::Start() {
  if (auto made = gateway_.MakeCertificate(); !made) return made;
  auto authority = AuthorityPart::Open(environment_);
  if (!authority) return std::unexpected(authority.error());
  authority_ = std::move(*authority);
  // All three call in one name here.
  auto link = ServiceLink::Open(environment_, authority_->share(), "signaling");
  if (!link) return std::unexpected(link.error());
  link_ = std::move(*link);
  auto store = StorePart::Open(environment_);
  if (!store) return std::unexpected(store.error());
  store_ = std::move(*store);
  shared_tokens_ = std::make_unique<SharedTokensPart>(
      environment_, store_->store(), authority_->share(), SharedTokensPart::Resume::kAtOnce);
  auto bus = BusPart::Open(environment_, BusPart::Peers::kNone);
  if (!bus) return std::unexpected(bus.error());
  bus_ = std::move(*bus);
  if (auto started = StartMedia(); !started) return started;
  if (auto started = StartSignaling(); !started) return started;
  if (auto started = StartGateway(); !started) return started;
  return StartLogs();
}

Instance Serving::OwnMedia() const {
  return {.service = ServiceKind::kMedia, .id = environment_.instance_id};
}

Result<void> Serving::StartMedia() {
  const rpc::TokenCheck check = link_->Check({"signaling"});
  return media_.Start(link_->ListenInProcess(), {.control = check, .state = check});
}

Result<void> Serving::StartSignaling() {
  SignalingPart::Doors doors;
  doors.authority = &authority_->authority();
  doors.store = &store_->store();
  doors.bus = bus_ ? &bus_->bus() : nullptr;
  doors.record_name = RecordName(environment_.config);
  doors.grpc = link_->ListenInProcess();
  doors.check_token = link_->Check({"signaling"});
  doors.connect_media = [this](const Instance&) {
    return media_.service().InProcessChannel(link_->Tokens());
  };
  if (auto started = signaling_.Start(std::move(doors)); !started) return started;
  signaling_.service().SetMedia({OwnMedia()});
  return {};
}

Result<void> Serving::StartGateway() {
  GatewayPart::Doors doors;
  doors.ready = [this] { return Ready(); };
  doors.authority = &authority_->authority();
  doors.connect = [this](const Instance& peer) {
    return peer.service == ServiceKind::kMedia
               ? media_.service().InProcessChannel(link_->Tokens())
               : signaling_.service().InProcessChannel(link_->Tokens());
  };
  auto started = gateway_.Start(std::move(doors));
  if (!started) return started;
  gateway_.service().SetSignaling({{.service = ServiceKind::kSignaling,
                                    .id = environment_.instance_id,
                                    .host = "127.0.0.1",
                                    .http_port = signaling_.port()}});
  gateway_.service().SetMedia({OwnMedia()});
  // All the metrics of this process are the gateway's.
  const Config::Gateway& config = environment_.config.gateway;
  const bool is_local = config.address == "auto" && !UsesHttps(config);
  gateway_.service().SetScrapeTargets(
      "serve", {{.service = ServiceKind::kGateway,
                 .id = environment_.instance_id,
                 .host = is_local ? "127.0.0.1" : HostFor(config.address, media_.local()),
                 .http_port = gateway_.port()}});
  return {};
}

Result<void> Serving::StartLogs() {
  const Config& config = environment_.config;
  if (config.logs.port == 0) return {};
  std::string folder = LogFolderOf(config, kServeRole);
  if (folder.empty()) return {};
  logs_ = std::make_unique<LogsPart>(environment_);
  const auto started = logs_->Start({.authority = authority_->share(),
                                     .folder = std::move(folder),
                                     .port_tries = LogsPart::kPortTries});
  if (started) {
    const SocketAddress address = logs_->own_address();
    gateway_.service().SetLogs({{.service = ServiceKind::kLogs,
                                 .id = environment_.instance_id,
                                 .host = address.IpToString(),
                                 .http_port = address.port()}});
    return {};
  }
  logs_.reset();
  if (started.error().code == ErrorCode::kInvalidConfiguration) return started;
  logs_problem_ = "The log viewer is not there: " + started.error().message;
  return {};
}

gateway::ReadyReport Serving::Ready() const {
  gateway::ReadyReport report{
      .parts = {media_.Ready(), signaling_.Ready(), store_->Ready("nobody new is let in")}};
  if (bus_) report.parts.push_back(bus_->Ready());
  return report;
}

StartReport Serving::Describe() {
  const Config& config = environment_.config;
  StartReport report;
  report.version = Version();
  report.urls = gateway_.urls();
  report.wanted_page_port = static_cast<uint16_t>(config.gateway.port);
  report.page_port = gateway_.port();
  report.wanted_media_port = static_cast<uint16_t>(config.media.port);
  report.media_ports = media_.service().ports();
  report.announced = media_.service().announced();
  report.fingerprint = gateway_.fingerprint();
  if (logs_) report.logs_link = logs_->Link();
  for (std::string warning : {media_.announcement().warning, gateway_.warning(), logs_problem_}) {
    if (!warning.empty()) report.warnings.push_back(std::move(warning));
  }
  return report;
}

asio::awaitable<std::string> Serving::Report() {
  StartReport report = Describe();
  const Result<void> page = co_await gateway_.Check();
  if (!page) report.failures.push_back(page.error().message);
  const std::vector<std::string> media = co_await media_.Check();
  report.failures.insert(report.failures.end(), media.begin(), media.end());
  co_await UntilReady();
  for (const gateway::ReadyReport::Part& part : Ready().parts) {
    if (!part.is_ready) report.failures.push_back(part.name + ": " + part.reason);
  }
  const bool is_good = report.failures.empty();
  environment_.logger.Log(is_good ? LogLevel::kInfo : LogLevel::kError,
                          is_good ? LogEvent::kSelfCheckPassed : LogEvent::kSelfCheckFailed,
                          {{"failures", report.failures.size()}});
  co_return report.ToText();
}

asio::awaitable<void> Serving::UntilReady() {
  asio::steady_timer timer(environment_.io);
  for (TimeDelta waited; waited < kReadyWait && !Ready().is_ready(); waited += kReadyPoll) {
    timer.expires_after(ToChrono(kReadyPoll));
    error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

asio::awaitable<void> Serving::Stop(TimeDelta deadline) {
  environment_.logger.Log(LogLevel::kInfo, LogEvent::kServiceStopping, {});
  const Timestamp begin = net::MonotonicNow();
  co_await signaling_.Stop(deadline);
  // The goodbyes went through the gateway; what is left of the deadline is for other requests.
  const TimeDelta left = deadline - (net::MonotonicNow() - begin);
  if (bus_) co_await bus_->Stop(TimeDelta());  // in memory, so there is nothing to wait for
  co_await gateway_.Stop(std::max(left, TimeDelta()));
  if (logs_) co_await logs_->Stop(std::max(left, TimeDelta()));
  media_.Stop();
  environment_.logger.Log(LogLevel::kInfo, LogEvent::kServiceStopped, {});
}

}  // namespace confab::app
