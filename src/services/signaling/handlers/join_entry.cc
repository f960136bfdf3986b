// The part of JoinHandlers that lets somebody in: tokens and places; no media is asked for here.
#include "net/clock.h"
#include "services/signaling/handlers/join_handlers.h"
#include "services/signaling/handlers/prepare_handlers.h"
#include "services/signaling/protocol/display_name.h"
#include "services/signaling/protocol/requests.h"

namespace confab::signaling {
namespace {

namespace pb = media::v1;

// Who comes back is whom the room knows: nothing of a join token counts.
Entrant ReturnerOf(const Session& session, const JoinRequest& request) {
  return {.name = request.name,
          .mode = request.transports ? Mode::kQuick : Mode::kClassic,
          .rtp_capabilities = request.rtp_capabilities.value_or(pb::RtpCapabilities()),
          .view = request.view,
          .connection = session.id(),
          .trace = session.trace};
}

// The name that the token gives is the one; without one to be seen, the person chooses.
Entrant NewcomerOf(const Session& session, const JoinRequest& request) {
  Entrant entrant = ReturnerOf(session, request);
  if (!session.pass.join) return entrant;
  const auth::JoinClaims& claims = *session.pass.join;
  std::string given_name = ClippedName(claims.name);
  if (!given_name.empty()) entrant.name = std::move(given_name);
  entrant.grants = claims.grants;
  entrant.role = claims.role;
  entrant.identity = claims.identity;
  return entrant;
}

}  // namespace

void JoinHandlers::LeaveElsewhere(const Place& place) {
  const Participant& participant = *place.room->Find(place.participant);
  if (participant.is_connected()) {
    switchboard_.Apply(place.room, {ReplaceConnection{participant.connection}});
  }
  switchboard_.Apply(place.room, place.room->Leave(place.participant, LeaveReason::kLeft));
}

Result<JoinHandlers::Entry> JoinHandlers::Enter(const Session& session,
                                                const JoinRequest& request) {
  const auto readmit = [&](const Place& place) {
    switchboard_.Apply(place.room,
                       place.room->Readmit(place.participant, ReturnerOf(session, request)));
    return Entry{place};
  };
  if (const std::optional<Place> earlier = EarlierPlace(request)) {
    if (earlier->room->name() == request.room) return readmit(*earlier);
    LeaveElsewhere(*earlier);
  }
  if (const std::optional<Pass> elsewhere = EarlierElsewhere(request)) {
    const std::optional<Place> taken = switchboard_.TakeOver(
        elsewhere->room, *elsewhere->participant, ConnectionId::kNone, /*seq=*/0);
    if (taken) return readmit(*taken);
  }
  const int64_t now_ms = net::UnixMillisNow();
  const Result<std::shared_ptr<Room>> room = switchboard_.OpenRoom(request.room);
  if (!room) return std::unexpected(room.error());
  const ParticipantId id = ParticipantId::Random(switchboard_.random());
  const Result<void> admitted = (*room)->Admit(id, now_ms, NewcomerOf(session, request));
  if (!admitted) {
    if (!(*room)->is_used()) switchboard_.rooms().Forget(**room);
    return std::unexpected(admitted.error());
  }
  return Entry{{*room, id}};
}

bool JoinHandlers::ComesBack(const JoinRequest& request) {
  const std::optional<Place> earlier = EarlierPlace(request);
  if (earlier) return earlier->room->name() == request.room;
  return EarlierElsewhere(request).has_value();
}

asio::awaitable<Result<JoinHandlers::Entry>> JoinHandlers::ComeIn(Session& session,
                                                                  const JoinRequest& request,
                                                                  Token& token,
                                                                  JoinCourse& course) {
  StageClock stages(switchboard_.meter(), course.stages, net::MonotonicNow());
  co_await switchboard_.Reach(request.room);
  stages.End(JoinStage::kReach, net::MonotonicNow());
  if (!session.is_open()) {
    co_return Fail(ErrorCode::kInvalidState, "the connection has gone meanwhile");
  }
  if (!ComesBack(request)) {
    if (!session.pass.join) {
      course.trouble = TokenTrouble::Kind::kUsed;
      co_return Fail(ErrorCode::kUnauthorized,
                     "what this token is for has ended; ask for a new invitation");
    }
    Result<TokenUse> used = co_await switchboard_.door().Use(*session.pass.join);
    stages.End(JoinStage::kToken, net::MonotonicNow());
    if (!used) {
      if (used.error().code == ErrorCode::kUnauthorized) {
        using enum TokenTrouble::Kind;
        course.trouble = switchboard_.door().IsOver(*session.pass.join) ? kExpired : kUsed;
      }
      co_return std::unexpected(used.error());
    }
    token = std::move(*used);
    // Much may have happened meanwhile.
    if (!session.is_open()) {
      co_return Fail(ErrorCode::kInvalidState, "the connection has gone meanwhile");
    }
    if (const auto served = RequireService(); !served) co_return std::unexpected(served.error());
  }
  co_return UsesPrepared(session, request) ? EnterPrepared(session, request)
                                           : Enter(session, request);
}

std::optional<Place> JoinHandlers::EarlierPlace(const JoinRequest& request) {
  if (request.resume_token.empty()) return std::nullopt;
  const auto pass = switchboard_.door().LookResume(request.resume_token);
  return pass ? switchboard_.rooms().Find(pass->room, *pass->participant) : std::nullopt;
}

std::optional<Pass> JoinHandlers::EarlierElsewhere(const JoinRequest& request) {
  if (request.resume_token.empty()) return std::nullopt;
  const auto pass = switchboard_.door().LookResume(request.resume_token);
  if (!pass || pass->room != request.room) return std::nullopt;
  return switchboard_.IsElsewhere(pass->room, *pass->participant) ? std::optional(*pass)
                                                                  : std::nullopt;
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
  const Result<void> admitted = place.room->AdmitPrepared(place.participant, net::UnixMillisNow(),
                                                          NewcomerOf(session, request));
  if (!admitted) return std::unexpected(admitted.error());
  session.prepared.reset();
  return Entry{place, Entry::Media::kPrepared};
}

Result<void> JoinHandlers::RequireService() const {
  if (switchboard_.is_stopping()) {
    return Fail(ErrorCode::kShuttingDown, "this server is being stopped; connect again");
  }
  if (switchboard_.has_media()) return {};
  return Fail(ErrorCode::kMediaUnavailable,
              "the media service is not reachable; try again in a moment");
}

}  // namespace confab::signaling
