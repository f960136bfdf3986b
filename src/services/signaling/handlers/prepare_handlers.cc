#include "services/signaling/handlers/prepare_handlers.h"

#include <utility>

#include "net/clock.h"

namespace confab::signaling {
namespace {

json::object NotPrepared() {
  return {{"prepared", false}};
}

}  // namespace

bool HasPrepared(const Session& session, std::string_view room, std::string_view transport_id) {
  if (!session.prepared || session.prepared->room->name() != room) return false;
  const Participant* participant = session.prepared->room->Find(session.prepared->participant);
  return participant != nullptr && participant->FindTransport(transport_id) != nullptr;
}

void PrepareHandlers::AddTo(EventTable& table) {
  table.Add("prepareJoin", [this](Session& s, const json::value& p) { return Prepare(s, p); });
  table.AddPlain("intendJoin", [this](Session& s, const json::value& p) { return Intend(s, p); });
}

std::optional<Place> PrepareHandlers::Open(const Session& session, PrepareRequest& request) {
  const std::shared_ptr<Room> room = switchboard_.rooms().Find(request.room);
  if (!room) return std::nullopt;
  const ParticipantId id = ParticipantId::Random(switchboard_.random());
  const Result<void> taken =
      room->Prepare(id, {.rtp_capabilities = std::move(request.rtp_capabilities),
                         .connection = session.id(),
                         .trace = session.trace});
  if (!taken) return std::nullopt;
  return Place{room, id};
}

Result<json::value> PrepareHandlers::Intend(Session& session, const json::value&) {
  if (!session.prepared || session.intents.Take(net::MonotonicNow())) return json::object();
  Room& room = *session.prepared->room;
  switchboard_.RequestKeyFrames(room, room.VideosFor(session.prepared->participant));
  return json::object();
}

json::object PrepareHandlers::Snapshot(const Place& place) {
  return {{"prepared", true},
          {"participants", place.room->OthersJson(place.participant)},
          {"consumers", place.room->ConsumersJson(place.participant)}};
}

PrepareHandlers::Reply PrepareHandlers::Prepare(Session& session, const json::value& payload) {
  Result<PrepareRequest> request = ParsePrepare(payload);
  if (!request) co_return std::unexpected(request.error());
  if (session.place) co_return Fail(ErrorCode::kAlreadyJoined, "leave the room you are in first");
  if (auto fits = RequireRoom(session, request->room); !fits) {
    co_return std::unexpected(fits.error());
  }
  if (switchboard_.is_stopping() || !switchboard_.has_media()) co_return NotPrepared();
  if (!request->trace.empty()) session.trace = request->trace;
  if (session.trace.empty()) session.trace = switchboard_.NewTrace();
  const bool is_new = !HasPrepared(session, request->room, request->transport_id);
  if (is_new) {
    switchboard_.ForgetPrepared(session);
    session.prepared = Open(session, *request);
  }
  if (!session.prepared) co_return NotPrepared();
  const Place place = *session.prepared;

  Result<json::object> transport;
  if (is_new) {
    const uint32_t attempt = place.room->Find(place.participant)->attempt;
    StageTimes times;  // the join that may come has its own
    transport = co_await transports_.MakeGiven(place, attempt, Direction::kRecv,
                                               std::move(request->dtls_parameters), times);
  }
  if (transport) {
    const Result<void> consumed =
        co_await switchboard_.ConsumeWhatIsMissing(place, Delivery::kPrepared);
    if (!consumed) transport = std::unexpected(consumed.error());
  }
  // The connection may have gone, or the room been closed, while the media service worked.
  const bool is_there = session.prepared && place.room->Find(place.participant) != nullptr;
  if (!transport || !is_there) {
    switchboard_.ForgetPrepared(session);
    co_return NotPrepared();
  }
  json::object reply = Snapshot(place);
  if (is_new) {
    reply["iceServers"] = switchboard_.options().ice_servers;
    reply["transports"] = {{"recv", std::move(*transport)}};
  }
  co_return std::move(reply);
}

}  // namespace confab::signaling
