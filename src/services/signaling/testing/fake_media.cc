#include "services/signaling/testing/fake_media.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/signaling/testing/fake_rtp.h"

namespace confab::signaling {
namespace {

namespace pb = media::v1;
using grpc::Status;
using grpc::StatusCode;

Status NotFound(std::string_view what) {
  return {StatusCode::NOT_FOUND, fmt::format("{}_not_found: there is no such {}", what, what)};
}

}  // namespace

Status FakeMedia::Here() const {
  return state_ == State::kHere ? Status::OK : Status(StatusCode::UNAVAILABLE, "away");
}

Status FakeMedia::Admit(const std::string& router_id, int64_t epoch) const {
  if (const Status here = Here(); !here.ok()) return here;
  const auto found = leases_.find(router_id);
  if (found == leases_.end()) {
    if (epoch == 0) return Status::OK;
    return {StatusCode::FAILED_PRECONDITION, "invalid_state: it is not leased here"};
  }
  const auto& [known, is_held] = found->second;
  if (epoch > known) return {StatusCode::FAILED_PRECONDITION, "invalid_state: it was not taken"};
  if (epoch < known || !is_held) return {StatusCode::ABORTED, "stale_epoch: it is over"};
  return Status::OK;
}

// The reason; "": granted.
std::string FakeMedia::InstanceId() const {
  return fmt::format("instance-{}", instance_);
}

std::string FakeMedia::Refuses(const pb::LeaseRequest::Item& item) {
  const auto found = leases_.find(item.router_id());
  const int64_t known = found == leases_.end() ? 0 : found->second.epoch;
  const bool is_held = found != leases_.end() && found->second.is_held;
  if (item.epoch() < known || (item.epoch() == known && !is_held)) return "stale_epoch: it is over";
  if (item.epoch() == known) return "";
  if (item.kind() != pb::LeaseRequest::TAKE) return "invalid_state: it is not leased here";
  if (!item.instance_id().empty() && item.instance_id() != InstanceId()) {
    return "not_found: it was another process";
  }
  if (intake_ != Intake::kOpen && !is_held) {
    leases_[item.router_id()] = {item.epoch(), false};
    return intake_ == Intake::kFull ? "media_full: no place" : "draining: no new rooms";
  }
  leases_[item.router_id()] = {item.epoch(), true};
  return "";
}

Status FakeMedia::Lease(Context*, const pb::LeaseRequest* request, pb::LeaseResponse* response) {
  const std::lock_guard lock(mutex_);
  if (const Status here = Here(); !here.ok()) return here;
  for (const pb::LeaseRequest::Item& item : request->items()) {
    pb::LeaseResponse::Result& result = *response->add_results();
    result.set_router_id(item.router_id());
    if (item.kind() != pb::LeaseRequest::LOOK) {
      result.set_error(Refuses(item));
      if (result.error().empty()) result.set_valid_ms(5000);
    }
    const auto found = leases_.find(item.router_id());
    if (found == leases_.end()) continue;
    result.set_known_epoch(found->second.epoch);
    if (found->second.is_held) result.set_held_epoch(found->second.epoch);
  }
  return Status::OK;
}

FakeMedia::Router* FakeMedia::FindRouter(const std::string& id) {
  const auto found = routers_.find(id);
  return found == routers_.end() ? nullptr : &found->second;
}

FakeMedia::Transport* FakeMedia::FindTransport(const std::string& router_id,
                                               const std::string& transport_id) {
  Router* router = FindRouter(router_id);
  if (router == nullptr) return nullptr;
  const auto found = router->transports.find(transport_id);
  return found == router->transports.end() ? nullptr : &found->second;
}

Status FakeMedia::GetRouterCapabilities(Context*, const pb::GetRouterCapabilitiesRequest*,
                                        pb::RtpCapabilities* response) {
  const std::lock_guard lock(mutex_);
  *response = FakeRouterCapabilities();
  return Here();
}

Status FakeMedia::CreateTransport(Context*, const pb::CreateTransportRequest* request,
                                  pb::CreateTransportResponse* response) {
  const std::lock_guard lock(mutex_);
  if (const Status admitted = Admit(*request); !admitted.ok()) return admitted;
  Router& router = routers_[request->router_id()];
  const auto [at, is_new] = router.transports.try_emplace(request->transport_id());
  if (!is_new) return {StatusCode::ALREADY_EXISTS, "duplicate_id: the transport exists"};
  at->second.has_dtls = request->has_dtls_parameters();
  at->second.rtp_capabilities = request->rtp_capabilities();
  *response->mutable_ice_parameters() = FakeIceParameters(next_number_++);
  *response->add_ice_candidates() = FakeIceCandidate();
  *response->mutable_dtls_parameters() = FakeDtlsParameters();
  return Status::OK;
}

Status FakeMedia::ConnectTransport(Context*, const pb::ConnectTransportRequest* request,
                                   pb::ConnectTransportResponse*) {
  const std::lock_guard lock(mutex_);
  if (const Status admitted = Admit(*request); !admitted.ok()) return admitted;
  Transport* transport = FindTransport(request->router_id(), request->transport_id());
  if (transport == nullptr) return NotFound("transport");
  if (std::exchange(transport->has_dtls, true)) {
    return {StatusCode::FAILED_PRECONDITION, "invalid_state: connected already"};
  }
  return Status::OK;
}

// Answers with what it was asked for, so that a test sees what arrived.
Status FakeMedia::CreatePlainTransport(Context*, const pb::CreatePlainTransportRequest* request,
                                       pb::CreatePlainTransportResponse* response) {
  const std::lock_guard lock(mutex_);
  if (const Status admitted = Admit(*request); !admitted.ok()) return admitted;
  routers_[request->router_id()].transports.try_emplace(request->transport_id());
  response->mutable_tuple()->set_local_ip("192.0.2.1");
  response->mutable_tuple()->set_local_port(41000);
  response->mutable_tuple()->set_protocol(request->comedia() ? "comedia" : "udp");
  if (!request->rtcp_mux()) *response->mutable_rtcp_tuple() = response->tuple();
  if (!request->srtp_crypto_suite().empty()) {
    response->mutable_srtp_parameters()->set_crypto_suite(request->srtp_crypto_suite());
  }
  return Status::OK;
}

Status FakeMedia::ConnectPlainTransport(Context*, const pb::ConnectPlainTransportRequest* request,
                                        pb::ConnectPlainTransportResponse* response) {
  const std::lock_guard lock(mutex_);
  if (const Status admitted = Admit(*request); !admitted.ok()) return admitted;
  if (FindTransport(request->router_id(), request->transport_id()) == nullptr) {
    return NotFound("transport");
  }
  response->mutable_tuple()->set_remote_ip(request->ip());
  response->mutable_tuple()->set_remote_port(request->port());
  response->mutable_rtcp_tuple()->set_remote_ip(request->ip());
  response->mutable_rtcp_tuple()->set_remote_port(request->rtcp_port());
  if (request->has_srtp_parameters()) {
    *response->mutable_srtp_parameters() = request->srtp_parameters();
  }
  return Status::OK;
}

Status FakeMedia::RestartIce(Context*, const pb::RestartIceRequest* request,
                             pb::IceParameters* response) {
  const std::lock_guard lock(mutex_);
  if (const Status admitted = Admit(*request); !admitted.ok()) return admitted;
  if (FindTransport(request->router_id(), request->transport_id()) == nullptr) {
    return NotFound("transport");
  }
  *response = FakeIceParameters(next_number_++);
  return Status::OK;
}

Status FakeMedia::Produce(Context*, const pb::ProduceRequest* request,
                          pb::ProduceResponse* response) {
  const std::lock_guard lock(mutex_);
  if (const Status admitted = Admit(*request); !admitted.ok()) return admitted;
  if (FindTransport(request->router_id(), request->transport_id()) == nullptr) {
    return NotFound("transport");
  }
  const std::string& mime_type = request->rtp_parameters().codecs(0).mime_type();
  if (!mime_type.starts_with(request->kind() + "/") || mime_type.ends_with("/unknown")) {
    return {StatusCode::INVALID_ARGUMENT,
            fmt::format("unsupported_parameters: the router does not take {}", mime_type)};
  }
  const bool is_new =
      FindRouter(request->router_id())
          ->producers
          .try_emplace(request->producer_id(), Producer{.transport_id = request->transport_id(),
                                                        .kind = request->kind(),
                                                        .cname = request->cname(),
                                                        .mime_type = mime_type,
                                                        .paused = request->paused()})
          .second;
  if (!is_new) return {StatusCode::ALREADY_EXISTS, "duplicate_id: the producer exists"};
  response->set_type("simple");
  return Status::OK;
}

void FakeMedia::ConsumeOne(Router& router, const pb::ConsumeRequest& request,
                           const pb::ConsumeItem& item, pb::ConsumeResult& result) {
  result.set_consumer_id(item.consumer_id());
  result.set_producer_id(item.producer_id());
  const auto producer = router.producers.find(item.producer_id());
  if (producer == router.producers.end()) {
    result.set_error("producer_not_found: there is no such producer");
    return;
  }
  Transport& transport = router.transports[request.transport_id()];
  const auto& codecs = request.has_rtp_capabilities() ? request.rtp_capabilities().codecs()
                                                      : transport.rtp_capabilities.codecs();
  const bool can_consume = std::ranges::any_of(codecs, [&](const pb::RtpCodecCapability& codec) {
    return codec.mime_type() == producer->second.mime_type;
  });
  if (!can_consume) {
    result.set_error("cannot_consume: the receiver lacks the codec");
    return;
  }
  router.consumers[item.consumer_id()] = {request.transport_id(), item.producer_id(),
                                          item.paused()};
  result.set_kind(producer->second.kind);
  result.set_type("simple");
  *result.mutable_rtp_parameters() = FakeConsumerParameters(
      producer->second.kind, producer->second.cname, transport.next_mid++, next_number_++);
  result.set_producer_paused(producer->second.paused);
}

Status FakeMedia::Consume(Context*, const pb::ConsumeRequest* request,
                          pb::ConsumeResponse* response) {
  const std::lock_guard lock(mutex_);
  if (const Status admitted = Admit(*request); !admitted.ok()) return admitted;
  if (refused_consumes_ > 0) {
    --refused_consumes_;
    return {grpc::StatusCode::UNAVAILABLE, "out of reach for a moment"};
  }
  if (FindTransport(request->router_id(), request->transport_id()) == nullptr) {
    return NotFound("transport");
  }
  Router& router = *FindRouter(request->router_id());
  for (const pb::ConsumeItem& item : request->items()) {
    ConsumeOne(router, *request, item, *response->add_results());
  }
  return Status::OK;
}

void FakeMedia::SetPaused(const pb::MediaIds& ids, bool paused) {
  Router* router = FindRouter(ids.router_id());
  if (router == nullptr) return;
  for (const std::string& id : ids.producer_ids()) {
    if (router->producers.contains(id)) router->producers[id].paused = paused;
  }
  for (const std::string& id : ids.consumer_ids()) {
    if (router->consumers.contains(id)) router->consumers[id].paused = paused;
  }
}

Status FakeMedia::Pause(Context*, const pb::MediaIds* request, pb::MediaIdsResponse*) {
  const std::lock_guard lock(mutex_);
  if (const Status admitted = Admit(*request); !admitted.ok()) return admitted;
  SetPaused(*request, true);
  return Status::OK;
}

Status FakeMedia::Resume(Context*, const pb::MediaIds* request, pb::MediaIdsResponse*) {
  const std::lock_guard lock(mutex_);
  if (const Status admitted = Admit(*request); !admitted.ok()) return admitted;
  SetPaused(*request, false);
  return Here();
}

Status FakeMedia::RequestKeyFrame(Context*, const pb::MediaIds* request, pb::MediaIdsResponse*) {
  const std::lock_guard lock(mutex_);
  if (const Status admitted = Admit(*request); !admitted.ok()) return admitted;
  if (Router* router = FindRouter(request->router_id())) {
    for (const std::string& id : request->producer_ids()) {
      if (router->producers.contains(id)) ++router->producers[id].keyframe_requests;
    }
  }
  return Here();
}

void FakeMedia::CloseProducer(Router& router, const std::string& id) {
  router.producers.erase(id);
  std::erase_if(router.consumers,
                [&](const auto& entry) { return entry.second.producer_id == id; });
}

void FakeMedia::CloseTransport(Router& router, const std::string& id) {
  std::vector<std::string> producers;
  for (const auto& [producer_id, producer] : router.producers) {
    if (producer.transport_id == id) producers.push_back(producer_id);
  }
  for (const std::string& producer_id : producers) CloseProducer(router, producer_id);
  std::erase_if(router.consumers,
                [&](const auto& entry) { return entry.second.transport_id == id; });
  router.transports.erase(id);
}

Status FakeMedia::Close(Context*, const pb::CloseRequest* request, pb::MediaIdsResponse* response) {
  const std::lock_guard lock(mutex_);
  if (const Status admitted = Admit(*request); !admitted.ok()) return admitted;
  Router* router = FindRouter(request->router_id());
  if (router != nullptr) {
    for (const std::string& id : request->transport_ids()) CloseTransport(*router, id);
    for (const std::string& id : request->producer_ids()) CloseProducer(*router, id);
    for (const std::string& id : request->consumer_ids()) router->consumers.erase(id);
  }
  if (!request->router()) return Status::OK;
  if (request->only_if_empty() && router != nullptr && !router->transports.empty()) {
    response->set_router_left(true);
    return Status::OK;
  }
  routers_.erase(request->router_id());
  if (request->epoch() > 0) leases_[request->router_id()].is_held = false;
  return Status::OK;
}

Status FakeMedia::Stats(Context*, const pb::StatsRequest* request, pb::StatsResponse* response) {
  const std::lock_guard lock(mutex_);
  if (const Status admitted = Admit(*request); !admitted.ok()) return admitted;
  Router* router = FindRouter(request->router_id());
  if (router == nullptr) return NotFound("router");
  // More than was asked for: whoever asks must keep to what is theirs.
  for (const auto& [id, transport] : router->transports) {
    pb::TransportStats& stats = *response->add_transports();
    stats.set_transport_id(id);
    stats.set_ice_state("connected");
    (*stats.mutable_drops())["replayed"] = 2;
  }
  for (const auto& [id, producer] : router->producers) {
    pb::ProducerStats& stats = *response->add_producers();
    stats.set_producer_id(id);
    stats.set_transport_id(producer.transport_id);
    if (request->describe()) stats.set_paused(producer.paused);
  }
  for (const auto& [id, consumer] : router->consumers) {
    pb::ConsumerStats& stats = *response->add_consumers();
    stats.set_consumer_id(id);
    stats.set_producer_id(consumer.producer_id);
    stats.set_transport_id(consumer.transport_id);
    if (!request->describe()) continue;
    stats.set_type("simple");
    stats.set_paused(consumer.paused);
  }
  return Status::OK;
}

Status FakeMedia::Events(Context* context, const pb::EventsRequest*, Writer<pb::Event>* writer) {
  std::unique_lock lock(mutex_);
  if (const Status here = Here(); !here.ok()) return here;
  const uint32_t epoch = streams_epoch_;
  size_t next = events_.size();
  pb::Event ready;
  ready.mutable_ready()->set_instance_id(InstanceId());
  writer->Write(ready);
  while (epoch == streams_epoch_ && !context->IsCancelled()) {
    if (next < events_.size()) {
      writer->Write(events_[next++]);
      continue;
    }
    // A cancelled stream is noticed by polling: good enough for a test.
    changed_.wait_for(lock, std::chrono::milliseconds(20));
  }
  return {StatusCode::UNAVAILABLE, "the stream ends"};
}

void FakeMedia::Publish(pb::Event event) {
  events_.push_back(std::move(event));
  changed_.notify_all();
}

void FakeMedia::EndStreams() {
  ++streams_epoch_;
  events_.clear();
  changed_.notify_all();
}

std::map<std::string, FakeMedia::Router> FakeMedia::routers() const {
  const std::lock_guard lock(mutex_);
  return routers_;
}

int64_t FakeMedia::HeldEpoch(const std::string& router_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = leases_.find(router_id);
  return found != leases_.end() && found->second.is_held ? found->second.epoch : 0;
}

void FakeMedia::EndLease(const std::string& router_id) {
  const std::lock_guard lock(mutex_);
  const auto found = leases_.find(router_id);
  if (found == leases_.end() || !found->second.is_held) return;
  found->second.is_held = false;
  routers_.erase(router_id);
  pb::Event event;
  event.mutable_router_closed()->set_router_id(router_id);
  event.mutable_router_closed()->set_reason("lease-ended");
  event.mutable_router_closed()->set_epoch(found->second.epoch);
  Publish(std::move(event));
}

void FakeMedia::SetIntake(Intake intake, uint32_t transports) {
  const std::lock_guard lock(mutex_);
  intake_ = intake;
  pb::Event event;
  event.mutable_load()->set_transports(transports);
  event.mutable_load()->set_is_draining(intake == Intake::kDraining);
  event.mutable_load()->set_is_full(intake == Intake::kFull);
  Publish(std::move(event));
}

void FakeMedia::Restart() {
  const std::lock_guard lock(mutex_);
  routers_.clear();
  leases_.clear();
  ++instance_;
  EndStreams();
}

void FakeMedia::GoAway() {
  const std::lock_guard lock(mutex_);
  state_ = State::kAway;
  EndStreams();
}

void FakeMedia::Return() {
  const std::lock_guard lock(mutex_);
  state_ = State::kHere;
}

void FakeMedia::Shutdown() {
  const std::lock_guard lock(mutex_);
  state_ = State::kShut;
  EndStreams();
}

void FakeMedia::RefuseConsumes(int count) {
  const std::lock_guard lock(mutex_);
  refused_consumes_ = count;
}

void FakeMedia::LoseTransport(const std::string& transport_id) {
  const std::lock_guard lock(mutex_);
  for (auto& [router_id, router] : routers_) {
    if (!router.transports.contains(transport_id)) continue;
    CloseTransport(router, transport_id);
    pb::Event event;
    event.mutable_transport_closed()->set_router_id(router_id);
    event.mutable_transport_closed()->set_transport_id(transport_id);
    event.mutable_transport_closed()->set_reason("ice-timeout");
    Publish(std::move(event));
  }
}

void FakeMedia::Speak(const std::string& producer_id) {
  const std::lock_guard lock(mutex_);
  for (const auto& [router_id, router] : routers_) {
    if (!router.producers.contains(producer_id)) continue;
    pb::Event event;
    pb::ActiveSpeakers& speakers = *event.mutable_active_speakers();
    speakers.set_router_id(router_id);
    speakers.set_dominant_producer_id(producer_id);
    pb::ActiveSpeakers::Speaker& speaker = *speakers.add_speakers();
    speaker.set_producer_id(producer_id);
    speaker.set_level_dbov(-20);
    Publish(std::move(event));
  }
}

}  // namespace confab::signaling
