#include "services/media/media_service.h"

#include <fmt/format.h>

#include <chrono>
#include <future>
#include <utility>

#include "base/id.h"
#include "services/media/control_api.h"
#include "services/media/control_door.h"

namespace confab::media {
namespace {

struct InstanceTag;
constexpr TimeDelta kStopDeadline = TimeDelta::Millis(500);
constexpr auto kStatusDeadline = std::chrono::seconds(1);

void Publish(EventHub& hub, const std::string& router_id, const sfu::ClosedEntities& closed) {
  for (const std::string& id : closed.producers) {
    pb::Event event;
    event.mutable_producer_closed()->set_router_id(router_id);
    event.mutable_producer_closed()->set_producer_id(id);
    hub.Publish(event);
  }
  if (closed.consumers.empty()) return;
  pb::Event event;
  event.mutable_consumers_closed()->set_router_id(router_id);
  for (const std::string& id : closed.consumers) {
    event.mutable_consumers_closed()->add_consumer_ids(id);
  }
  hub.Publish(event);
}

struct Publisher {
  EventHub& hub;
  const MediaLog& log;
  const LocalEnds& ends;

  void operator()(const sfu::TransportConnected& connected) const {
    log.TransportConnected(connected, ends.Of(connected.path));
    pb::Event event;
    event.mutable_transport_connected()->set_router_id(connected.router_id);
    event.mutable_transport_connected()->set_transport_id(connected.transport_id);
    hub.Publish(event);
  }
  void operator()(const sfu::TransportMoved& moved) const {
    log.TransportMoved(moved, ends.Of(moved.path));
  }
  void operator()(const sfu::TransportReport& report) const {
    log.TransportReport(report, ends.Of(report.figures.path));
  }
  void operator()(const sfu::TransportClosed& closed) const {
    log.TransportClosed(closed, ends.Of(closed.figures.path));
    pb::Event event;
    event.mutable_transport_closed()->set_router_id(closed.router_id);
    event.mutable_transport_closed()->set_transport_id(closed.transport_id);
    event.mutable_transport_closed()->set_reason(std::string(closed.reason));
    hub.Publish(event);
    Publish(hub, closed.router_id, closed.closed);
  }
  void operator()(const sfu::ActiveSpeakersChanged& changed) const {
    pb::Event event;
    pb::ActiveSpeakers& speakers = *event.mutable_active_speakers();
    speakers.set_router_id(changed.router_id);
    for (const auto& speaker : changed.speakers) {
      pb::ActiveSpeakers::Speaker& entry = *speakers.add_speakers();
      entry.set_producer_id(speaker.producer_id);
      entry.set_level_dbov(speaker.level_dbov);
    }
    speakers.set_dominant_producer_id(changed.dominant_producer_id);
    hub.Publish(event);
  }
};

}  // namespace

MediaService::MediaService() = default;

Result<std::unique_ptr<MediaService>> MediaService::Start(MediaOptions options) {
  // make_unique cannot reach the private constructor.
  std::unique_ptr<MediaService> service(new MediaService());
  service->certificate_ = rtc::DtlsCertificate::Generate();
  if (!service->certificate_) {
    return Fail(ErrorCode::kInternal, "OpenSSL could not make the DTLS certificate");
  }
  SecureRandom random;
  service->events_ = std::make_unique<EventHub>(Id<InstanceTag>::Random(random).ToString());
  service->completions_ = std::make_unique<CompletionThread>();
  if (auto started = service->StartWorkers(options); !started) {
    return std::unexpected(started.error());
  }
  service->announced_ =
      options.announce.empty() ? service->workers_.front()->addresses() : options.announce;
  if (auto started = service->StartServer(std::move(options)); !started) {
    return std::unexpected(started.error());
  }
  return service;
}

Result<void> MediaService::StartWorkers(const MediaOptions& options) {
  log_ = options.control.log;
  uint16_t port = options.port;
  for (size_t i = 0; i < options.workers; ++i) {
    auto worker =
        WorkerThread::Start({.listen = options.listen,
                             .port = port,
                             .announce = options.announce,
                             .srtp_profiles = options.srtp_profiles,
                             .plain_rtp = ShareOf(options.plain_rtp, i, options.workers)},
                            *certificate_,
                            [hub = events_.get(), log = log_](
                                const LocalEnds& ends, std::vector<sfu::WorkerEvent> events) {
                              const Publisher publisher{*hub, log, ends};
                              for (const sfu::WorkerEvent& event : events)
                                std::visit(publisher, event);
                            });
    if (!worker) return std::unexpected(worker.error());
    if (port != 0) port = static_cast<uint16_t>((*worker)->port() + 1);
    log_.WorkerStarted(i, (*worker)->port());
    workers_.push_back(std::move(*worker));
  }
  return {};
}

Result<void> MediaService::StartServer(MediaOptions options) {
  std::vector<WorkerThread*> workers;
  for (const auto& worker : workers_) workers.push_back(worker.get());
  api_ = std::make_unique<ControlApi>(workers, *completions_, *events_, drain_, options.control);
  door_ = std::make_unique<ControlDoor>(*api_, *events_, std::move(options.checks.control));
  state_ = std::make_unique<StateApi>(std::move(options.identity), std::move(workers),
                                      *completions_, drain_, std::move(options.checks.state));
  options.grpc.offers.push_back({.name = pb::Media::service_full_name(), .service = door_.get()});
  options.grpc.offers.push_back({.name = pb::State::service_full_name(), .service = state_.get()});
  auto server = rpc::Server::Start(std::move(options.grpc));
  if (!server) return std::unexpected(server.error());
  server_ = std::move(*server);
  sweeps_ = std::make_unique<Ticker>(std::chrono::milliseconds(ControlApi::kSweepPeriod.ms()),
                                     [this] { api_->Sweep(); });
  return {};
}

// A drain whose time was over before any turn that is under way.
void MediaService::CloseRouters() {
  drain_.Start(Timestamp::Past());
  api_->Sweep();
  (void)Status();  // the workers' answers come behind their sweeps
}

void MediaService::StopWorkers() {
  for (size_t i = 0; i < workers_.size(); ++i) {
    workers_[i].reset();
    log_.WorkerStopped(i);
  }
  workers_.clear();
}

MediaService::~MediaService() {
  sweeps_.reset();
  if (server_) CloseRouters();
  if (events_) events_->Stop(kStopDeadline);
  if (server_) server_->Stop(kStopDeadline);
  StopWorkers();
  completions_.reset();
  server_.reset();
}

std::shared_ptr<grpc::Channel> MediaService::InProcessChannel(rpc::TokenSource tokens) {
  return server_->InProcessChannel(std::move(tokens));
}

std::vector<uint16_t> MediaService::ports() const {
  std::vector<uint16_t> ports;
  for (const auto& worker : workers_) ports.push_back(worker->port());
  return ports;
}

std::optional<MediaStatus> MediaService::Status() {
  std::vector<std::future<MediaStatus>> parts;
  for (const auto& worker : workers_) {
    std::promise<MediaStatus> promise;
    parts.push_back(promise.get_future());
    const bool posted = worker->Post(
        [thread = worker.get(), promise = std::move(promise)](
            sfu::Worker& pure, Timestamp) mutable { promise.set_value(StatusOf(*thread, pure)); });
    if (!posted) return std::nullopt;
  }
  MediaStatus sum;
  for (std::future<MediaStatus>& part : parts) {
    if (part.wait_for(kStatusDeadline) != std::future_status::ready) return std::nullopt;
    sum += part.get();
  }
  return sum;
}

}  // namespace confab::media
