#include "services/signaling/handlers/join_handlers.h"

#include "auth/claims_json.h"
#include "services/signaling/handlers/prepare_handlers.h"
#include "services/signaling/protocol/publish_settings.h"
#include "services/signaling/protocol/requests.h"
#include "services/signaling/room/room_json.h"

namespace confab::signaling {
namespace {

namespace pb = media::v1;

// The name that the token gives is the one; without, the person chooses.
Entrant EntrantOf(const Session& session, const JoinRequest& request) {
  const bool is_named = session.pass.join && !session.pass.join->name.empty();
  return {.name = is_named ? session.pass.join->name : request.name,
          .mode = request.transports ? Mode::kQuick : Mode::kClassic,
          .rtp_capabilities = request.rtp_capabilities.value_or(pb::RtpCapabilities()),
          .view = request.view,
          .grants = session.pass.join ? std::optional(session.pass.join->grants) : std::nullopt,
          .role = session.pass.join ? session.pass.join->role : "",
          .connection = session.id()};
}

}  // namespace

void JoinHandlers::AddTo(EventTable& table) {
  table.AddPlain("lookRoom", [this](Session& s, const json::value& p) { return Look(s, p); });
  table.Add("joinRoom", [this](Session& s, const json::value& p) { return Join(s, p); });
  table.AddPlain("resume", [this](Session& s, const json::value& p) { return Resume(s, p); });
  table.Add("recreateTransports",
            [this](Session& s, const json::value& p) { return Recreate(s, p); });
  table.AddPlain("leaveRoom", [this](Session& s, const json::value& p) { return Leave(s, p); });
}

Result<json::value> JoinHandlers::Look(Session& session, const json::value& payload) {
  const Result<LookRequest> request = ParseLook(payload);
  if (!request) return std::unexpected(request.error());
  if (auto fits = RequireRoom(session, request->room); !fits) {
    return std::unexpected(fits.error());
  }
  const std::shared_ptr<Room> room = switchboard_.rooms().Find(request->room);
  json::array names;
  if (room) {
    for (const auto& participant : room->participants()) {
      if (participant->is_seen() && !participant->grants.hidden)
        names.push_back(json::object({{"name", participant->name}}));
    }
  }
  return json::object{{"room", request->room},
                      {"exists", room != nullptr},
                      {"participants", std::move(names)},
                      {"full", room && room->is_full()}};
}

void JoinHandlers::LeaveElsewhere(const Place& place) {
  const Participant& participant = *place.room->Find(place.participant);
  if (participant.is_connected()) {
    switchboard_.Apply(place.room, {ReplaceConnection{participant.connection}});
  }
  switchboard_.Apply(place.room, place.room->Leave(place.participant, LeaveReason::kLeft));
}

Result<JoinHandlers::Entry> JoinHandlers::Enter(const Session& session,
                                                const JoinRequest& request) {
  RoomDirectory& rooms = switchboard_.rooms();
  if (std::optional<Place> earlier = EarlierPlace(request)) {
    if (earlier->room->name() == request.room) {
      switchboard_.Apply(earlier->room,
                         earlier->room->Readmit(earlier->participant, EntrantOf(session, request)));
      return Entry{*earlier};
    }
    LeaveElsewhere(*earlier);
  }
  const int64_t now_ms = Switchboard::UnixMillis();
  const Result<std::shared_ptr<Room>> room = rooms.Open(request.room, now_ms);
  if (!room) return std::unexpected(room.error());
  const ParticipantId id = ParticipantId::Random(switchboard_.random());
  const Result<void> admitted =
      UseToken(session, [&] { return (*room)->Admit(id, now_ms, EntrantOf(session, request)); });
  if (!admitted) {
    if ((*room)->participants().empty()) rooms.Forget(**room);
    return std::unexpected(admitted.error());
  }
  return Entry{{*room, id}, Entry::Token::kUsed};
}

std::optional<Place> JoinHandlers::EarlierPlace(const JoinRequest& request) {
  if (request.resume_token.empty()) return std::nullopt;
  const auto pass = switchboard_.door().LookResume(request.resume_token);
  return pass ? switchboard_.rooms().Find(pass->room, *pass->participant) : std::nullopt;
}

Result<void> JoinHandlers::TakeToken(Session& session, const JoinRequest& request) {
  if (!request.token.empty()) {
    auto pass = switchboard_.door().Look(request.token);
    if (!pass) return std::unexpected(pass.error());
    session.pass = std::move(*pass);
  }
  return RequireRoom(session, request.room);
}

Result<void> JoinHandlers::UseToken(const Session& session,
                                    const std::function<Result<void>()>& admit) {
  if (!session.pass.join) {
    return Fail(ErrorCode::kUnauthorized,
                "what this token is for has ended; ask for a new invitation");
  }
  if (auto used = switchboard_.door().Use(*session.pass.join); !used) return used;
  Result<void> admitted = admit();
  if (!admitted) switchboard_.door().Release(*session.pass.join);
  return admitted;
}

bool JoinHandlers::UsesPrepared(Session& session, const JoinRequest& request) {
  if (request.prepared && request.resume_token.empty() &&
      HasPrepared(session, request.room, request.prepared->transport_id)) {
    return true;
  }
  switchboard_.ForgetPrepared(session);
  return false;
}

Result<JoinHandlers::Entry> JoinHandlers::EnterPrepared(Session& session,
                                                        const JoinRequest& request) {
  const Place place = *session.prepared;
  const Result<void> admitted = UseToken(session, [&] {
    return place.room->AdmitPrepared(place.participant, Switchboard::UnixMillis(),
                                     EntrantOf(session, request));
  });
  if (!admitted) return std::unexpected(admitted.error());
  session.prepared.reset();
  return Entry{place, Entry::Token::kUsed};
}

asio::awaitable<Result<json::object>> JoinHandlers::CompletePrepared(Place place, uint32_t attempt,
                                                                     JoinRequest& request) {
  // First of all: this is what the person waits for. That all of them have closed is no failure.
  if (!request.prepared->consumer_ids.empty()) {
    const Result<void> started = co_await flow_.Apply(
        place, std::move(request.prepared->consumer_ids), ConsumerWish::kReady);
    if (!started && started.error().code != ErrorCode::kConsumerNotFound) {
      co_return std::unexpected(started.error());
    }
  }
  Result<json::object> send = co_await transports_.MakeGiven(place, attempt, Direction::kSend,
                                                             std::move(request.transports->send));
  if (!send) co_return std::unexpected(send.error());
  const Result<void> consumed =
      co_await switchboard_.ConsumeWhatIsMissing(place, Delivery::kPrepared);
  if (!consumed) co_return std::unexpected(consumed.error());
  co_return json::object{{"send", std::move(*send)}};
}

JoinHandlers::Reply JoinHandlers::Join(Session& session, const json::value& payload) {
  Result<JoinRequest> request = ParseJoin(payload);
  if (!request) co_return std::unexpected(request.error());
  if (session.place) co_return Fail(ErrorCode::kAlreadyJoined, "leave the room you are in first");
  if (auto fits = TakeToken(session, *request); !fits) co_return std::unexpected(fits.error());
  if (switchboard_.is_stopping()) {
    co_return Fail(ErrorCode::kShuttingDown, "this server is being stopped; connect again");
  }
  if (!switchboard_.has_media()) {
    co_return Fail(ErrorCode::kMediaUnavailable,
                   "the media service is not reachable; try again in a moment");
  }
  const bool is_prepared = UsesPrepared(session, *request);
  const Result<Entry> entered =
      is_prepared ? EnterPrepared(session, *request) : Enter(session, *request);
  if (!entered) co_return std::unexpected(entered.error());
  const Place place = entered->place;
  session.place = place;
  const uint32_t attempt = place.room->Find(place.participant)->attempt;

  Result<json::object> transports;
  if (is_prepared) {
    transports = co_await CompletePrepared(place, attempt, *request);
  } else if (request->transports) {
    TransportPair parameters = std::move(*request->transports);
    transports = co_await transports_.MakePair(place, attempt, std::move(parameters));
  }
  Result<Effects> seated = transports ? place.room->Seat(place.participant, attempt)
                                      : Result<Effects>(std::unexpected(transports.error()));
  if (!seated) {
    switchboard_.Apply(place.room,
                       place.room->Abandon(place.participant, session.id(), Switchboard::Now()));
    switchboard_.ArmGraceTimer(place.room);
    session.place.reset();
    if (entered->token == Entry::Token::kUsed) switchboard_.door().Release(*session.pass.join);
    co_return std::unexpected(seated.error());
  }
  json::object reply = JoinReply(place);
  if (request->transports) reply["transports"] = std::move(*transports);
  switchboard_.Apply(place.room, std::move(*seated));
  co_return std::move(reply);
}

json::object JoinHandlers::JoinReply(const Place& place) {
  Room& room = *place.room;
  Participant& participant = *room.Find(place.participant);
  participant.token_made = Switchboard::Now();
  return {
      {"room",
       {{"id", room.id().ToString()}, {"name", room.name()}, {"createdAt", room.created_at_ms()}}},
      {"participantId", participant.id.ToString()},
      {"name", participant.name},
      {"role", participant.role},
      {"grants", auth::ToJson(participant.grants)},
      {"resumeToken", switchboard_.door().ResumeToken(room.name(), participant.id)},
      {"seq", participant.log.last_seq()},
      {"iceServers", switchboard_.options().ice_servers},
      {"publish", PublishSettings(*switchboard_.router_capabilities())},
      {"participants", room.OthersJson(participant.id)},
      {"consumers", room.ConsumersJson(participant.id)},
      {"grace", room.grace().ms()}};
}

Result<json::value> JoinHandlers::Resume(Session& session, const json::value& payload) {
  const Result<ResumeRequest> request = ParseResume(payload);
  if (!request) return std::unexpected(request.error());
  if (session.place) return Fail(ErrorCode::kAlreadyJoined, "this connection is in a room already");
  const auto pass = switchboard_.door().LookResume(request->resume_token);
  const std::optional<Place> place =
      pass ? switchboard_.rooms().Find(pass->room, *pass->participant) : std::nullopt;
  if (!place) {
    return Fail(ErrorCode::kSessionExpired, "there is nothing left to resume; join again");
  }
  Result<ResumeOutcome> outcome =
      place->room->Resume(place->participant, session.id(), request->seq);
  if (!outcome) return std::unexpected(outcome.error());
  session.place = *place;
  json::object reply{{"resumed", true}, {"seq", outcome->seq}};
  json::array events;
  if (outcome->events) {
    for (LoggedEvent& event : *outcome->events) {
      events.push_back(json::object({{"name", event.name}, {"payload", std::move(event.payload)}}));
    }
  } else {
    reply["state"] = {{"participants", place->room->OthersJson(place->participant)},
                      {"consumers", place->room->ConsumersJson(place->participant)}};
  }
  reply["events"] = std::move(events);
  switchboard_.Apply(place->room, std::move(outcome->effects));
  return reply;
}

JoinHandlers::Reply JoinHandlers::Recreate(Session& session, const json::value& payload) {
  const Result<Place> joined = RequireJoined(session);
  if (!joined) co_return std::unexpected(joined.error());
  Result<RecreateRequest> request = ParseRecreate(payload);
  if (!request) co_return std::unexpected(request.error());
  const Place place = *joined;
  const Participant& participant = *place.room->Find(place.participant);
  if (participant.mode != Mode::kQuick) {
    co_return Fail(ErrorCode::kInvalidState, "recreateTransports belongs to the quick join");
  }
  if (!switchboard_.media(*place.room).is_up()) {
    co_return Fail(ErrorCode::kMediaUnavailable,
                   "the media service is not reachable; try again in a moment");
  }
  switchboard_.Apply(place.room, place.room->DropMedia(place.participant));
  const uint32_t attempt = participant.attempt;
  TransportPair parameters = std::move(request->transports);
  Result<json::object> pair = co_await transports_.MakePair(place, attempt, std::move(parameters));
  if (!pair) co_return std::unexpected(pair.error());
  Result<Effects> seated = place.room->Seat(place.participant, attempt);
  if (!seated) co_return std::unexpected(seated.error());
  json::object reply{{"transports", std::move(*pair)},
                     {"consumers", place.room->ConsumersJson(place.participant)}};
  switchboard_.Apply(place.room, std::move(*seated));
  co_return std::move(reply);
}

Result<json::value> JoinHandlers::Leave(Session& session, const json::value&) {
  const Result<Place> place = RequireJoined(session);
  if (!place) return std::unexpected(place.error());
  session.place.reset();
  switchboard_.Apply(place->room, place->room->Leave(place->participant, LeaveReason::kLeft));
  return json::object();
}

}  // namespace confab::signaling
