// The part of JoinHandlers in which somebody comes back over a new connection.
#include "services/signaling/handlers/join_handlers.h"
#include "services/signaling/protocol/requests.h"

namespace confab::signaling {
namespace {

json::array EventsJson(std::vector<LoggedEvent> events) {
  json::array list;
  for (LoggedEvent& event : events) {
    list.push_back(json::object({{"name", event.name}, {"payload", std::move(event.payload)}}));
  }
  return list;
}

// How the participant itself is known here. What it was told at another instance and is missing, it
// asks for again.
json::object SelfJson(const Participant& participant) {
  json::array producers;
  for (const Producer& producer : participant.producers) {
    producers.push_back(json::object({{"id", producer.own_id}, {"paused", producer.paused}}));
  }
  return {{"name", participant.name}, {"producers", std::move(producers)}};
}

json::object StateOf(const Place& place) {
  const Participant& participant = *place.room->Find(place.participant);
  json::array transports;
  for (const Transport& transport : participant.transports) {
    transports.push_back(json::value(transport.id));
  }
  return {{"participants", place.room->OthersJson(place.participant)},
          {"consumers", place.room->ConsumersJson(place.participant)},
          {"transports", std::move(transports)},
          {"self", SelfJson(participant)}};
}

std::unexpected<Error> Expired() {
  return Fail(ErrorCode::kSessionExpired, "there is nothing left to resume; join again");
}

}  // namespace

JoinHandlers::Reply JoinHandlers::Resume(Session& session, const json::value& payload) {
  const Result<ResumeRequest> request = ParseResume(payload);
  if (!request) co_return std::unexpected(request.error());
  if (session.place) {
    co_return Fail(ErrorCode::kAlreadyJoined, "this connection is in a room already");
  }
  const auto pass = switchboard_.door().LookResume(request->resume_token);
  if (!pass) co_return Expired();
  const std::optional<Place> place = switchboard_.rooms().Find(pass->room, *pass->participant);
  Result<json::object> reply;
  if (place) {
    reply = co_await ResumeHere(session, *place, request->seq);
  } else {
    reply = co_await ResumeFromElsewhere(session, *pass, request->seq);
  }
  if (!reply) co_return std::unexpected(reply.error());
  co_return std::move(*reply);
}

asio::awaitable<Result<json::object>> JoinHandlers::ResumeHere(Session& session, Place place,
                                                               uint64_t seq) {
  Result<ResumeOutcome> outcome = place.room->Resume(place.participant, session.id(), seq);
  if (!outcome) co_return std::unexpected(outcome.error());
  session.place = place;
  // Its connection broke again before it was told anything.
  if (place.room->Find(place.participant)->is_restoring) {
    switchboard_.Apply(place.room, std::move(outcome->effects));
    co_return co_await Restored(session, place, CallLog::From::kHere);
  }
  json::object reply{{"resumed", true}, {"seq", outcome->seq}};
  if (!outcome->events) reply["state"] = StateOf(place);
  reply["events"] = outcome->events ? EventsJson(std::move(*outcome->events)) : json::array();
  switchboard_.Apply(place.room, std::move(outcome->effects));
  switchboard_.log().Resumed(place, CallLog::From::kHere);
  co_return reply;
}

asio::awaitable<Result<json::object>> JoinHandlers::ResumeFromElsewhere(Session& session, Pass pass,
                                                                        uint64_t seq) {
  co_await switchboard_.Reach(pass.room);
  if (!session.is_open() || switchboard_.is_stopping()) co_return Expired();
  // It may have come here meanwhile.
  if (const auto here = switchboard_.rooms().Find(pass.room, *pass.participant)) {
    co_return co_await ResumeHere(session, *here, seq);
  }
  const std::optional<Place> taken =
      switchboard_.TakeOver(pass.room, *pass.participant, session.id(), seq);
  if (!taken) co_return Expired();
  session.place = taken;
  co_return co_await Restored(session, *taken, CallLog::From::kElsewhere);
}

asio::awaitable<Result<json::object>> JoinHandlers::Restored(Session& session, Place taken,
                                                             CallLog::From from) {
  co_await switchboard_.RestoreMedia(taken);
  const Participant* participant = taken.room->FindHere(taken.participant);
  if (participant == nullptr || participant->connection != session.id()) co_return Expired();
  switchboard_.log().Resumed(taken, from);
  // What happened since it is here, and then how everything is.
  const auto& logged = participant->log.events();
  std::vector<LoggedEvent> events(logged.begin(), logged.end());
  const uint64_t last = taken.room->Settle(taken.participant);
  co_return json::object{{"resumed", true},
                         {"seq", last},
                         {"events", EventsJson(std::move(events))},
                         {"state", StateOf(taken)}};
}

}  // namespace confab::signaling
