#include "services/signaling/call/switchboard.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <utility>

#include "auth/unix_time.h"
#include "base/trace_context.h"
#include "net/clock.h"
#include "services/signaling/door/stored_token_uses.h"
#include "services/signaling/media/media_status.h"
#include "services/signaling/protocol/display_name.h"
#include "services/signaling/protocol/error_json.h"
#include "services/signaling/protocol/rtp_writer.h"

namespace confab::signaling {

namespace pb = media::v1;

namespace {

struct MediaTag;
struct ErrorTag;

std::unique_ptr<TokenUses> UsesFor(asio::io_context& io, const SignalingOptions& options,
                                   store::WriteBehind& behind) {
  if (options.store == nullptr) {
    return std::make_unique<LocalTokenUses>([] { return net::UnixMillisNow() / 1000; });
  }
  return std::make_unique<StoredTokenUses>(io, *options.store, behind);
}

TimeDelta LingerOf(const SignalingOptions& options) {
  return options.placement == Placement::kLeased ? RoomLease::kMoveAfter : TimeDelta();
}

std::string RecordName(const SignalingOptions& options) {
  return options.record_name.empty() ? options.instance_id : options.record_name;
}

// Whoever is lost here may have come back at an instance that cannot be heard now, with these
// transports. If not, the media service ends them: nothing comes over them.
void LeaveTransports(Effects& effects) {
  std::erase_if(effects, [](const Effect& effect) {
    const auto* close = std::get_if<CloseMedia>(&effect);
    return close != nullptr && !close->transports.empty();
  });
}

}  // namespace

Switchboard::Switchboard(asio::io_context& io, SignalingOptions options)
    : io_(io),
      options_(std::move(options)),
      log_(options_.logger, options_.instance_id),
      rooms_(random_, options_.max_rooms, options_.room,
             options_.bus == nullptr ? RoomIds::kRandom : RoomIds::kByName),
      behind_(io, {}, options_.on_record_loss),
      uses_(UsesFor(io, options_, behind_)),
      door_((CHECK(options_.authority != nullptr), *options_.authority), *uses_,
            options_.clock_skew, auth::UnixSeconds),
      record_(options_.store, behind_, RecordName(options_)),
      removed_(*options_.authority, options_.store, behind_),
      media_(io, options_.connect_media, *this,
             {.client = {.call_deadline = options_.media_deadline},
              .patience = options_.media_patience,
              .linger = LingerOf(options_)}),
      desk_(MakeDesk()),
      idle_(io) {
  if (options_.bus != nullptr) {
    shared_ = std::make_unique<SharedRooms>(io_, *options_.bus, *this);
  }
  if (!options_.record_name.empty()) record_.FinishEarlier(net::UnixMicrosNow());
}

Switchboard::~Switchboard() = default;

std::string Switchboard::NewTrace() {
  return TraceContext::Random(random_).trace_id();
}

MediaId Switchboard::NewMediaId() {
  return Id<MediaTag>::Random(random_).ToString();
}

SignalingStatus Switchboard::status() const {
  return {.connections = sessions_.size(),
          .rooms = rooms_.size(),
          .participants = rooms_.participants(),
          .media_is_up = has_media(),
          .records = behind_.status(),
          .placement = desk_ ? desk_->status() : PlacementStatus()};
}

json::object Switchboard::Refuse(const Session& session, std::string_view event,
                                 const Error& reason, std::optional<TimeDelta> retry_after) {
  const Error error = AsSentence(reason);
  meter_.CountRefusal(error.code);
  const std::string id = Id<ErrorTag>::Random(random_).ToString();
  if (options_.on_refusal && !(session.is_limited && error.code == ErrorCode::kRateLimited)) {
    options_.on_refusal({.id = id, .event = event, .error = error, .scope = log_.ScopeOf(session)});
  }
  return ErrorJson(error, id, retry_after);
}

json::object Switchboard::RefuseJoin(const Session& session, const JoinCourse& course,
                                     const Error& reason) {
  const Error error = AsSentence(reason);
  meter_.CountRefusal(error.code);
  const std::string id = Id<ErrorTag>::Random(random_).ToString();
  log_.JoinRefused(session, course, error, id);
  return ErrorJson(error, id);
}

void Switchboard::Spawn(asio::awaitable<void> coroutine) {
  ++running_;
  asio::co_spawn(io_, std::move(coroutine), [this](const std::exception_ptr&) {
    if (--running_ == 0) idle_.cancel();
  });
}

// ---- Connections

std::shared_ptr<Session> Switchboard::Connect(std::unique_ptr<ClientConnection> connection,
                                              Pass pass) {
  const ConnectionId id{++last_connection_};
  auto session = std::make_shared<Session>(id, std::move(connection), std::move(pass));
  sessions_.emplace(id, session);
  log_.ConnectionOpened(*session);
  Welcome(*session);
  return session;
}

void Switchboard::ForgetPrepared(Session& session) {
  if (const std::optional<Place> place = std::exchange(session.prepared, std::nullopt)) {
    Apply(place->room, place->room->Leave(place->participant, LeaveReason::kLeft));
  }
}

void Switchboard::Disconnected(Session& session) {
  session.Shut();
  log_.ConnectionClosed(session);
  ForgetPrepared(session);
  const std::optional<Place> place = std::exchange(session.place, std::nullopt);
  sessions_.erase(session.id());  // the caller still holds it
  if (!place) return;
  const Participant* participant = place->room->FindHere(place->participant);
  if (participant != nullptr && participant->connection == session.id()) {
    log_.ConnectionLost(*place);
  }
  Apply(place->room,
        place->room->LoseConnection(place->participant, session.id(), net::MonotonicNow()));
  ArmGraceTimer(place->room);
}

void Switchboard::Welcome(Session& session) {
  // Without the media service there is nothing to load a device with: later.
  if (!router_capabilities_) return;
  json::object welcome{{"protocol", 1},
                       {"instance", options_.instance_id},
                       {"routerRtpCapabilities", ToJson(*router_capabilities_)},
                       {"iceServers", options_.ice_servers}};
  welcome["limits"] = {{"nameLength", kMaxNameLength},
                       {"participantsPerRoom", options_.room.participants}};
  session.Emit("welcome", std::move(welcome));
}

void Switchboard::ArmGraceTimer(const std::shared_ptr<Room>& room) {
  const Timestamp next = room->NextTimeout();
  if (next.is_never() || room->is_closed() || is_stopping_) return;
  asio::steady_timer& timer = grace_timers_.try_emplace(room->id(), io_).first->second;
  timer.expires_at(asio::steady_timer::time_point(ToChrono(next - Timestamp())));
  timer.async_wait([this, room](const error_code& error) {
    if (error) return;
    Effects effects = room->HandleTimeout(net::MonotonicNow());
    if (shared_ && !shared_->is_up()) LeaveTransports(effects);
    Apply(room, std::move(effects));
    ArmGraceTimer(room);
  });
}

// ---- Effects

void Switchboard::Apply(const std::shared_ptr<Room>& room, Effects effects) {
  for (Effect& effect : effects) {
    std::visit([&](auto& kind) { Carry(room, kind); }, effect);
  }
}

void Switchboard::Carry(const std::shared_ptr<Room>&, SendEvent& effect) {
  const auto session = sessions_.find(effect.to);
  if (session == sessions_.end()) return;
  session->second->Emit(effect.name, std::move(effect.payload));
}

void Switchboard::EndConnection(ConnectionId id, std::string_view event) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  const std::shared_ptr<Session> session = found->second;
  session->place.reset();
  session->Emit(event, {});
  session->Close();
}

void Switchboard::Carry(const std::shared_ptr<Room>&, ReplaceConnection& effect) {
  EndConnection(effect.connection, "replaced");
}

void Switchboard::Carry(const std::shared_ptr<Room>&, RemoveConnection& effect) {
  EndConnection(effect.connection, "removed");
}

void Switchboard::Carry(const std::shared_ptr<Room>& room, CloseMedia& effect) {
  pb::CloseRequest request;
  request.mutable_transport_ids()->Add(effect.transports.begin(), effect.transports.end());
  request.mutable_producer_ids()->Add(effect.producers.begin(), effect.producers.end());
  request.mutable_consumer_ids()->Add(effect.consumers.begin(), effect.consumers.end());
  media(*room).Close(std::move(request));
}

void Switchboard::Carry(const std::shared_ptr<Room>& room, CloseRoom& effect) {
  // The desk finds out by itself whether others are there.
  if (desk_ || !effect.is_inhabited) EndMedia(*room);
  grace_timers_.erase(room->id());
  log_.RoomClosed(room->name());
  rooms_.Forget(*room);
}

void Switchboard::Carry(const std::shared_ptr<Room>& room, ConsumeMissing& effect) {
  if (!consuming_.insert(effect.participant).second) return;  // it will see what is new
  Spawn(ConsumeAllMissing({room, effect.participant}));
}

void Switchboard::Carry(const std::shared_ptr<Room>& room, ShareParticipant& effect) {
  if (shared_) shared_->Touch(room->name(), effect.participant);
}

void Switchboard::Carry(const std::shared_ptr<Room>& room, RecordCame& effect) {
  const Participant* participant = room->Find(effect.participant);
  if (participant == nullptr) return;
  const auto told =
      std::ranges::count_if(room->participants(), [](const auto& each) { return each->is_told(); });
  if (told == 1) log_.RoomOpened(room->name());
  record_.Came(*room, *participant, net::UnixMicrosNow());
}

void Switchboard::Carry(const std::shared_ptr<Room>& room, RecordLeft& effect) {
  if (shared_) shared_->Left(room->name(), effect.participant, effect.reason);
  if (effect.reason == ToString(LeaveReason::kRemoved)) {
    removed_.Revoke(room->name(), effect.participant, auth::UnixSeconds());
  }
  log_.Left({.room = HashedName(room->name()),
             .participant = effect.participant.ToString(),
             .session = log_.NameOf(effect.connection),
             .trace = effect.trace},
            effect.reason);
  record_.Left(effect.participant, effect.reason, net::UnixMicrosNow());
}

void Switchboard::Carry(const std::shared_ptr<Room>& room, RecordFlow& effect) {
  log_.FlowChanged({room, effect.participant}, effect);
}

void Switchboard::RequestKeyFrames(Room& room, const std::vector<MediaId>& producer_ids) {
  if (producer_ids.empty()) return;
  pb::MediaIds ids;
  ids.mutable_producer_ids()->Add(producer_ids.begin(), producer_ids.end());
  media(room).RequestKeyFrame(std::move(ids));
}

}  // namespace confab::signaling
