#include "services/signaling/handlers/join_handlers.h"

#include "auth/claims_json.h"
#include "net/clock.h"
#include "services/signaling/protocol/publish_settings.h"
#include "services/signaling/protocol/requests.h"
#include "services/signaling/room/room_json.h"

namespace confab::signaling {

void JoinHandlers::AddTo(EventTable& table) {
  table.Add("lookRoom", [this](Session& s, const json::value& p) { return Look(s, p); });
  table.Add("joinRoom", [this](Session& s, const json::value& p) { return CountedJoin(s, p); });
  table.Add("resume", [this](Session& s, const json::value& p) { return Resume(s, p); });
  table.Add("recreateTransports",
            [this](Session& s, const json::value& p) { return Recreate(s, p); });
  table.AddPlain("leaveRoom", [this](Session& s, const json::value& p) { return Leave(s, p); });
}

JoinHandlers::Reply JoinHandlers::Look(Session& session, const json::value& payload) {
  const Result<LookRequest> request = ParseLook(payload);
  if (!request) co_return std::unexpected(request.error());
  if (auto fits = RequireRoom(session, request->room); !fits) {
    co_return std::unexpected(fits.error());
  }
  co_await switchboard_.Reach(request->room);
  const std::shared_ptr<const Room> room = switchboard_.View(request->room);
  json::array names;
  if (room) {
    for (const auto& participant : room->participants()) {
      if (participant->is_seen() && !participant->grants.hidden)
        names.push_back(json::object({{"name", participant->name}}));
    }
  }
  co_return json::object{{"room", request->room},
                         {"exists", room != nullptr},
                         {"participants", std::move(names)},
                         {"full", room && room->is_full()}};
}

Result<void> JoinHandlers::TakeToken(Session& session, const JoinRequest& request,
                                     JoinCourse& course) {
  if (!request.token.empty()) {
    auto pass = switchboard_.door().Look(request.token);
    if (!pass) {
      if (pass.error().code == ErrorCode::kUnauthorized) {
        course.trouble = switchboard_.door().Explain(request.token).kind;
      }
      return std::unexpected(pass.error());
    }
    session.pass = std::move(*pass);
  }
  return RequireRoom(session, request.room);
}

asio::awaitable<Result<json::object>> JoinHandlers::CompletePrepared(Place place, uint32_t attempt,
                                                                     JoinRequest& request,
                                                                     StageTimes& times) {
  // First of all: this is what the person waits for. That all of them have closed is no failure.
  if (!request.prepared->consumer_ids.empty()) {
    const Result<void> started = co_await flow_.Apply(
        place, std::move(request.prepared->consumer_ids), ConsumerWish::kReady);
    if (!started && started.error().code != ErrorCode::kConsumerNotFound) {
      co_return std::unexpected(started.error());
    }
  }
  Result<json::object> send = co_await transports_.MakeGiven(
      place, attempt, Direction::kSend, std::move(request.transports->send), times);
  if (!send) co_return std::unexpected(send.error());
  StageClock stages(switchboard_.meter(), times, net::MonotonicNow());
  const Result<void> consumed =
      co_await switchboard_.ConsumeWhatIsMissing(place, Delivery::kPrepared);
  stages.End(JoinStage::kConsumers, net::MonotonicNow());
  if (!consumed) co_return std::unexpected(consumed.error());
  co_return json::object{{"send", std::move(*send)}};
}

void JoinHandlers::Abandon(Session& session, const Place& place) {
  switchboard_.Apply(place.room,
                     place.room->Abandon(place.participant, session.id(), net::MonotonicNow()));
  switchboard_.ArmGraceTimer(place.room);
  session.place.reset();
}

JoinHandlers::Reply JoinHandlers::CountedJoin(Session& session, const json::value& payload) {
  SignalingMeter& meter = switchboard_.meter();
  const Timestamp begun = net::MonotonicNow();
  JoinCourse course;
  Result<json::value> reply = co_await Join(session, payload, course);
  course.took = net::MonotonicNow() - begun;
  if (reply) {
    meter.CountJoin();
    meter.Took(JoinStage::kAll, course.took);
    if (session.place) switchboard_.log().Joined(*session.place, course);
  } else {
    meter.CountFailedJoin(reply.error().code);
    session.failed_join = course;
  }
  co_return reply;
}

JoinHandlers::Reply JoinHandlers::Join(Session& session, const json::value& payload,
                                       JoinCourse& course) {
  Result<JoinRequest> request = ParseJoin(payload);
  if (!request) co_return std::unexpected(request.error());
  session.trace = request->trace.empty() ? switchboard_.NewTrace() : request->trace;
  if (session.place) co_return Fail(ErrorCode::kAlreadyJoined, "leave the room you are in first");
  if (auto fits = TakeToken(session, *request, course); !fits) {
    co_return std::unexpected(fits.error());
  }
  if (auto served = RequireService(); !served) co_return std::unexpected(served.error());
  Token token;
  Result<json::object> reply = co_await JoinBy(session, *request, token, course);
  if (!reply && token) switchboard_.door().Release(std::move(*token));
  if (!reply) co_return std::unexpected(reply.error());
  co_return std::move(*reply);
}

asio::awaitable<Result<json::object>> JoinHandlers::JoinBy(Session& session, JoinRequest& request,
                                                           Token& token, JoinCourse& course) {
  const Result<Entry> entered = co_await ComeIn(session, request, token, course);
  if (!entered) co_return std::unexpected(entered.error());
  const Place place = entered->place;
  session.place = place;
  const uint32_t attempt = place.room->Find(place.participant)->attempt;

  Result<json::object> transports;
  course.is_prepared = entered->media == Entry::Media::kPrepared;
  if (course.is_prepared) {
    transports = co_await CompletePrepared(place, attempt, request, course.stages);
  } else if (request.transports) {
    TransportPair parameters = std::move(*request.transports);
    transports =
        co_await transports_.MakePair(place, attempt, std::move(parameters), course.stages);
  }
  Result<Effects> seated = transports ? place.room->Seat(place.participant, attempt)
                                      : Result<Effects>(std::unexpected(transports.error()));
  if (!seated) {
    Abandon(session, place);
    co_return std::unexpected(seated.error());
  }
  json::object reply = JoinReply(place);
  if (request.transports) reply["transports"] = std::move(*transports);
  switchboard_.Apply(place.room, std::move(*seated));
  co_return std::move(reply);
}

json::object JoinHandlers::JoinReply(const Place& place) {
  Room& room = *place.room;
  Participant& participant = *room.Find(place.participant);
  participant.token_made = net::MonotonicNow();
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

JoinHandlers::Reply JoinHandlers::Recreate(Session& session, const json::value& payload) {
  const Result<Place> joined = RequireJoined(session);
  if (!joined) co_return std::unexpected(joined.error());
  Result<RecreateRequest> request = ParseRecreate(payload);
  if (!request) co_return std::unexpected(request.error());
  const Place place = *joined;
  if (place.room->Find(place.participant)->mode != Mode::kQuick) {
    co_return Fail(ErrorCode::kInvalidState, "recreateTransports belongs to the quick join");
  }
  if (const Result<void> found = co_await switchboard_.FindHome(place.room); !found) {
    co_return std::unexpected(found.error());
  }
  if (place.room->Find(place.participant) == nullptr) {
    co_return Fail(ErrorCode::kNotJoined, "you have left the room meanwhile");
  }
  if (!switchboard_.media(*place.room).is_up()) {
    co_return Fail(ErrorCode::kMediaUnavailable,
                   "the media service is not reachable; try again in a moment");
  }
  switchboard_.Apply(place.room, place.room->DropMedia(place.participant));
  const uint32_t attempt = place.room->Find(place.participant)->attempt;
  TransportPair parameters = std::move(request->transports);
  StageTimes times;  // of no join
  Result<json::object> pair =
      co_await transports_.MakePair(place, attempt, std::move(parameters), times);
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
