// The part of Switchboard that hears of the media service, and the end of it all.
#include <boost/asio/as_tuple.hpp>
#include <chrono>

#include "net/clock.h"
#include "services/signaling/call/switchboard.h"

namespace confab::signaling {

namespace pb = media::v1;

std::vector<std::shared_ptr<Room>> Switchboard::RoomsOn(const std::string& media_id) const {
  std::vector<std::shared_ptr<Room>> rooms;
  for (const auto& [id, room] : rooms_.rooms()) {
    if (room->media_instance() == media_id) rooms.push_back(room);
  }
  return rooms;
}

std::vector<MediaInstanceStatus> Switchboard::media_status() const {
  std::map<std::string, size_t> rooms;
  for (const auto& [id, room] : rooms_.rooms()) ++rooms[room->media_instance()];
  std::vector<MediaInstanceStatus> status;
  for (const MediaPool::InstanceStatus& instance : media_.status()) {
    status.push_back({.id = instance.id, .is_up = instance.is_up, .rooms = rooms[instance.id]});
  }
  return status;
}

void Switchboard::OnMediaUp(const std::string& id, MediaListener::Instance instance) {
  const bool is_new = instance == MediaListener::Instance::kNew;
  log_.MediaBack(id);
  if (desk_) desk_->HandleUp(id);
  for (const std::shared_ptr<Room>& room : RoomsOn(id)) {
    if (is_new && !desk_) {
      Apply(room, room->AllMediaLost());
    } else {
      Spawn(CompareTransports(room));
    }
  }
  if (is_new || !router_capabilities_) Spawn(LoadRouterCapabilities(id));
}

void Switchboard::OnMediaGone(const std::string& id) {
  if (desk_) return;  // by the leases alone
  for (const std::shared_ptr<Room>& room : RoomsOn(id)) {
    media_.Abandon(id, room->id().ToString());
    // Before anyone is told: new transports are asked for at once.
    room->set_home({.media_instance = media_.Choose(room->name())});
    log_.RoomMoved(*room, id);
    Apply(room, room->AllMediaLost());
  }
}

// While the event stream was away, the end of a transport may have been missed.
asio::awaitable<void> Switchboard::CompareTransports(std::shared_ptr<Room> room) {
  std::set<MediaId> gone;
  for (const auto& participant : room->participants()) {
    for (const Transport& transport : participant->transports) gone.insert(transport.id);
  }
  pb::StatsRequest request;
  MediaCall call = media(*room).Stats(std::move(request));
  const Result<pb::StatsResponse> stats = co_await call.Wait();
  if (!stats && stats.error().code != ErrorCode::kRouterNotFound) co_return;
  if (stats) {
    for (const pb::TransportStats& transport : stats->transports()) {
      gone.erase(transport.transport_id());
    }
  }
  for (const MediaId& id : gone) Apply(room, room->TransportLost(id, "media-lost"));
}

asio::awaitable<void> Switchboard::LoadRouterCapabilities(std::string media_id) {
  constexpr std::chrono::milliseconds kRetryInterval(500);
  asio::steady_timer pause(io_);
  while (media_.Of(media_id).is_up() && !is_stopping_) {
    MediaCall<pb::RtpCapabilities> call = media_.Of(media_id).RouterCapabilities();
    Result<pb::RtpCapabilities> capabilities = co_await call.Wait();
    if (capabilities) {
      const bool is_first = !router_capabilities_.has_value();
      router_capabilities_ = std::move(*capabilities);
      if (!is_first) co_return;
      for (const auto& [id, session] : std::map(sessions_)) Welcome(*session);
      co_return;
    }
    // Where the media service went away, its next opening begins anew.
    pause.expires_after(kRetryInterval);
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void Switchboard::OnMediaEvent(const std::string& id, const pb::Event& event) {
  // Of rooms that are elsewhere by now an instance tells nothing that counts, and every instance
  // tells of the rooms of other signaling instances too.
  const auto room_of = [&](const std::string& router_id) { return RoomAt(id, router_id); };
  switch (event.event_case()) {
    case pb::Event::kTransportClosed: {
      const pb::TransportClosed& closed = event.transport_closed();
      if (const auto room = room_of(closed.router_id())) {
        const auto owner = OwnerOf(room, closed.transport_id());
        if (owner) log_.TransportLost(*owner, closed.transport_id(), closed.reason());
        Apply(room, room->TransportLost(closed.transport_id(), closed.reason()));
      }
      break;
    }
    case pb::Event::kProducerClosed:
      if (const auto room = room_of(event.producer_closed().router_id())) {
        Apply(room, room->ProducerLost(event.producer_closed().producer_id()));
      }
      break;
    case pb::Event::kConsumersClosed: {
      const pb::ConsumersClosed& closed = event.consumers_closed();
      if (const auto room = room_of(closed.router_id())) {
        Apply(room,
              room->ConsumersLost({closed.consumer_ids().begin(), closed.consumer_ids().end()}));
      }
      break;
    }
    case pb::Event::kActiveSpeakers:
      if (const auto room = room_of(event.active_speakers().router_id())) {
        TellSpeakers(*room, event.active_speakers());
      }
      break;
    case pb::Event::kRouterClosed: HandleRouterClosed(id, event.router_closed()); break;
    case pb::Event::kLoad:
      if (desk_) desk_->HandleLoad(id, event.load());
      break;
    case pb::Event::kTransportConnected: {
      const pb::TransportConnected& connected = event.transport_connected();
      const auto room = room_of(connected.router_id());
      const auto owner = room ? OwnerOf(room, connected.transport_id()) : std::nullopt;
      if (owner) log_.TransportConnected(*owner, connected.transport_id(), net::MonotonicNow());
      meter_.NoteConnected(connected.transport_id(), net::MonotonicNow());
      break;
    }
    case pb::Event::kReady:
    case pb::Event::EVENT_NOT_SET: break;
  }
}

std::optional<Place> Switchboard::OwnerOf(const std::shared_ptr<Room>& room,
                                          std::string_view transport_id) {
  for (const auto& participant : room->participants()) {
    if (!participant->is_elsewhere && participant->FindTransport(transport_id) != nullptr) {
      return Place{room, participant->id};
    }
  }
  return std::nullopt;
}

void Switchboard::TellSpeakers(Room& room, const pb::ActiveSpeakers& speakers) {
  const auto owner_of = [&](const std::string& producer_id) -> json::value {
    const Participant* owner = room.FindProducer(producer_id).owner;
    return owner == nullptr ? json::value() : json::value(owner->id.ToString());
  };
  json::array list;
  for (const pb::ActiveSpeakers::Speaker& speaker : speakers.speakers()) {
    json::value owner = owner_of(speaker.producer_id());
    if (owner.is_null()) continue;  // gone meanwhile
    list.push_back({{"participantId", std::move(owner)}, {"level", speaker.level_dbov()}});
  }
  const json::object payload{{"speakers", std::move(list)},
                             {"dominant", owner_of(speakers.dominant_producer_id())}};
  for (const auto& participant : room.participants()) {
    if (!participant->in_sync) continue;
    const auto session = sessions_.find(participant->connection);
    if (session == sessions_.end()) continue;
    session->second->Emit("activeSpeakers", payload);
  }
}

asio::awaitable<void> Switchboard::CloseRouters() {
  std::vector<MediaCall<pb::MediaIdsResponse>> calls;
  for (const auto& [id, room] : rooms_.rooms()) calls.push_back(media(*room).CloseRouter());
  for (MediaCall<pb::MediaIdsResponse>& call : calls) co_await call.Wait();
}

void Switchboard::RecordEnds() {
  for (const auto& [id, room] : rooms_.rooms()) {
    for (const auto& participant : room->participants()) {
      if (participant->is_told()) record_.Left(participant->id, "shutdown", net::UnixMicrosNow());
    }
  }
}

void Switchboard::SayGoodbye() {
  is_stopping_ = true;
  grace_timers_.clear();
  // Where others take the participants over, there is nothing to wait for.
  const int64_t retry_ms = shared_ ? 0 : options_.retry_after_shutdown.ms();
  // A copy: who does not read may be cut off by an emit.
  for (const auto& [id, session] : std::map(sessions_)) {
    session->Emit("serverShutdown", {{"retryAfterMs", retry_ms}});
  }
}

asio::awaitable<void> Switchboard::Stop(TimeDelta deadline) {
  if (shared_) {
    co_await HandOver(deadline / 2);
  } else {
    RecordEnds();
  }
  if (desk_) {
    // Whoever was not taken over yet may be: the media stays.
    if (!shared_) {
      for (const auto& [id, room] : rooms_.rooms()) EndMedia(*room);
    }
    desk_->Stop();
  } else if (!shared_) {
    Spawn(CloseRouters());
  }
  idle_.expires_after(ToChrono(deadline));
  while (running_ > 0) {
    const auto [error] = co_await idle_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!error) break;  // the deadline
  }
}

}  // namespace confab::signaling
