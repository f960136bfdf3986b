// The part of Switchboard that shares rooms with other signaling instances.
#include <boost/asio/as_tuple.hpp>

#include "net/clock.h"
#include "services/signaling/call/switchboard.h"

namespace confab::signaling {

namespace pb = media::v1;

namespace {

// Which of two instances has a participant: the one that took it over later; of two that did so at
// the same time the one with the greater name, so that both think the same.
bool IsOurs(const Participant& ours, const Sharing& theirs, const bus::InstanceName& self) {
  const uint64_t their_term = theirs.participant.term();
  return ours.term != their_term ? ours.term > their_term : self > theirs.owner;
}

}  // namespace

asio::awaitable<void> Switchboard::Reach(std::string room) {
  if (shared_) co_await shared_->Reach(std::move(room));
}

Result<std::shared_ptr<Room>> Switchboard::OpenRoom(const std::string& name) {
  if (auto known = rooms_.Find(name)) return known;
  auto room = rooms_.Open(name, net::UnixMillisNow());
  if (!room || !shared_) return room;
  for (const auto& [id, sharing] : shared_->Others(name)) {
    const int64_t created_at_ms = sharing.participant.room_created_at_ms();
    (*room)->set_created_at_ms(std::min((*room)->created_at_ms(), created_at_ms));
    Apply(*room, (*room)->SetElsewhere(id, sharing.participant));
  }
  return room;
}

std::shared_ptr<const Room> Switchboard::View(const std::string& name) {
  if (auto known = rooms_.Find(name)) return known;
  if (!shared_ || shared_->Others(name).empty()) return nullptr;
  auto room = std::make_shared<Room>(RoomId(), name, net::UnixMillisNow(), options_.room);
  for (const auto& [id, sharing] : shared_->Others(name)) {
    room->set_created_at_ms(sharing.participant.room_created_at_ms());
    room->SetElsewhere(id, sharing.participant);
  }
  return room;
}

bool Switchboard::IsElsewhere(const std::string& room, ParticipantId id) const {
  return shared_ && shared_->Find(room, id) != nullptr;
}

std::optional<Place> Switchboard::TakeOver(const std::string& name, ParticipantId id,
                                           ConnectionId connection, uint64_t seq) {
  if (!IsElsewhere(name, id)) return std::nullopt;
  // A copy: taken over, it is not among the others any more.
  const v1::SharedParticipant participant = shared_->Find(name, id)->participant;
  const auto room = OpenRoom(name);
  if (!room) return std::nullopt;
  Apply(*room, (*room)->TakeOver(id, participant, connection, seq));
  record_.TakenOver(**room, *(*room)->FindHere(id));
  return Place{*room, id};
}

asio::awaitable<void> Switchboard::RestoreMedia(Place place) {
  constexpr int kTries = 3;
  constexpr TimeDelta kPause = TimeDelta::Millis(200);
  // Where there is no home, there is no media either.
  const Result<void> home = co_await FindHome(place.room);
  const Participant* participant = place.room->FindHere(place.participant);
  if (participant == nullptr || participant->transports.empty()) co_return;
  const uint32_t attempt = participant->attempt;
  pb::StatsRequest request;
  request.set_describe(true);
  for (const Transport& transport : participant->transports) {
    request.add_transport_ids(transport.id);
  }
  pb::StatsResponse described;
  asio::steady_timer pause(io_);
  for (int i = 0; i < kTries && home; ++i) {
    MediaCall call = media(place).Stats(request);
    Result<pb::StatsResponse> stats = co_await call.Wait();
    if (stats) described = std::move(*stats);
    if (stats || stats.error().code == ErrorCode::kRouterNotFound) break;
    pause.expires_after(ToChrono(kPause));
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  Apply(place.room, place.room->Restore(place.participant, attempt, described));
}

asio::awaitable<void> Switchboard::Written(std::string room) {
  if (shared_) co_await shared_->Written(std::move(room));
}

asio::awaitable<Result<void>> Switchboard::Ask(v1::SharedRequest request) {
  if (shared_) co_return co_await shared_->Ask(std::move(request));
  co_return Fail(ErrorCode::kParticipantNotFound, "there is no such participant in this room");
}

// ---- What the other instances tell

SharedRooms::Listener::Claim Switchboard::OnShared(const std::string& name, ParticipantId id,
                                                   const Sharing& sharing) {
  const std::shared_ptr<Room> room = rooms_.Find(name);
  if (!room) return Claim::kTheirs;
  if (const Participant* ours = room->FindHere(id)) {
    if (IsOurs(*ours, sharing, shared_->self())) return Claim::kOurs;
    Apply(room, room->Yield(id));
  }
  if (!room->is_closed()) Apply(room, room->SetElsewhere(id, sharing.participant));
  return Claim::kTheirs;
}

void Switchboard::OnUnshared(const std::string& name, ParticipantId id, std::string_view reason) {
  const std::shared_ptr<Room> room = rooms_.Find(name);
  if (room) Apply(room, room->DropElsewhere(id, reason));
}

void Switchboard::OnRequest(const v1::SharedRequest& request) {
  Spawn([](Switchboard& self, v1::SharedRequest asked) -> asio::awaitable<void> {
    // Whoever asked does not hear of it: it is seen in the room.
    (void)co_await self.Do(std::move(asked));
  }(*this, request));
}

asio::awaitable<Result<void>> Switchboard::Do(v1::SharedRequest request) {
  const auto id = ParticipantId::Parse(request.participant_id());
  const auto place = id ? rooms_.Find(request.room(), *id) : std::nullopt;
  if (!place) co_return Result<void>();
  if (request.has_message()) {
    Apply(place->room, place->room->Write(request.message(), Room::Author::kWaits));
  }
  if (request.has_typing()) Apply(place->room, place->room->Typing(request.typing().from(), id));
  if (request.has_removal()) Apply(place->room, place->room->Remove(*id));
  if (!request.has_muting()) co_return Result<void>();
  pb::MediaIds ids;
  *ids.mutable_producer_ids() = request.muting().producer_ids();
  MediaCall call = media(*place).Pause(std::move(ids));
  const Result<pb::MediaIdsResponse> paused = co_await call.Wait();
  if (!paused) co_return std::unexpected(paused.error());
  const auto& paused_ids = request.muting().producer_ids();
  const std::vector<MediaId> producers(paused_ids.begin(), paused_ids.end());
  Apply(place->room, place->room->Mute(*id, producers));
  co_return Result<void>();
}

std::optional<v1::SharedParticipant> Switchboard::Describe(const std::string& name,
                                                           ParticipantId id) const {
  const std::shared_ptr<Room> room = rooms_.Find(name);
  const Participant* participant = room ? room->FindHere(id) : nullptr;
  if (participant == nullptr || !participant->is_seen()) return std::nullopt;
  return room->Shared(id);
}

bool Switchboard::IsHere(const std::string& name, ParticipantId id) const {
  const std::shared_ptr<Room> room = rooms_.Find(name);
  return room && room->FindHere(id) != nullptr;
}

// ---- The end

asio::awaitable<void> Switchboard::HandOver(TimeDelta deadline) {
  constexpr TimeDelta kPoll = TimeDelta::Millis(50);
  asio::steady_timer pause(io_);
  for (TimeDelta waited; waited < deadline && rooms_.participants() > 0; waited += kPoll) {
    pause.expires_after(ToChrono(kPoll));
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_await shared_->End(deadline);
}

}  // namespace confab::signaling
