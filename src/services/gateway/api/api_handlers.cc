#include "services/gateway/api/api_handlers.h"

#include "base/id.h"
#include "services/gateway/api/api_replies.h"
#include "services/gateway/api/api_requests.h"

namespace confab::gateway {
namespace {

namespace pb = rooms::v1;

struct TokenTag;
struct RoomTag;

// Of the token with which the gateway is let into the logs, for one question.
constexpr const char* kLogsSubject = "gateway";
constexpr int64_t kLogsTokenSeconds = 30;

// Whom the audit trail names.
std::string ActorOf(const Principal& principal) {
  return "api:" + principal.id;
}

}  // namespace

ApiHandlers::Reply ApiHandlers::State(ApiCall& call) {
  auto states = co_await parts_.rooms.State(call.scope);
  if (!states) co_return std::unexpected(states.error());
  json::array signaling;
  uint64_t rooms = 0, participants = 0;
  for (const pb::GetStateResponse& state : *states) {
    rooms += state.rooms();
    participants += state.participants();
    signaling.push_back(ToJson(state));
  }
  json::array media;
  for (const MediaState& state : co_await parts_.media.State(call.scope))
    media.push_back(ToJson(state));
  co_return ApiReply{200,
                     {{"version", parts_.version},
                      {"rooms", rooms},
                      {"participants", participants},
                      {"signaling", std::move(signaling)},
                      {"media", std::move(media)}}};
}

ApiHandlers::Reply ApiHandlers::ListRooms(ApiCall& call) {
  const auto size = PageSize(call.request);
  if (!size) co_return std::unexpected(size.error());
  pb::ListRoomsRequest request;
  request.set_page_size(*size);
  request.set_after_name(call.request.QueryValue("after").value_or(""));
  auto page = co_await parts_.rooms.List(std::move(request), call.scope);
  if (!page) co_return std::unexpected(page.error());
  json::array list;
  for (const pb::Room& room : page->rooms()) list.push_back(ToJson(room));
  json::object body{{"rooms", std::move(list)}};
  body["next"] = page->has_more() && page->rooms_size() > 0
                     ? json::value(page->rooms(page->rooms_size() - 1).name())
                     : json::value(nullptr);
  co_return ApiReply{200, std::move(body)};
}

ApiHandlers::Reply ApiHandlers::CreateRoom(ApiCall&) {
  SecureRandom random;
  const std::string room = Id<RoomTag>::Random(random).ToString();
  co_return ApiReply{201, {{"room", room}, {"path", "/r/" + room}}};
}

ApiHandlers::Reply ApiHandlers::FindRoom(ApiCall& call) {
  auto room = RoomOf(call);
  if (!room) co_return std::unexpected(room.error());
  auto found = co_await parts_.rooms.Find(std::move(*room), call.scope);
  if (!found) co_return std::unexpected(found.error());
  co_return ApiReply{200, ToJson(found->room())};
}

ApiHandlers::Reply ApiHandlers::CloseRoom(ApiCall& call) {
  auto room = RoomOf(call);
  if (!room) co_return std::unexpected(room.error());
  pb::CloseRoomRequest request;
  request.set_name(*room);
  request.set_actor(ActorOf(call.principal));
  const auto closed = co_await parts_.rooms.Close(std::move(request), call.scope);
  if (!closed) co_return std::unexpected(closed.error());
  co_return ApiReply{200, {{"removed", closed->removed()}}};
}

ApiHandlers::Reply ApiHandlers::ListParticipants(ApiCall& call) {
  auto room = RoomOf(call);
  if (!room) co_return std::unexpected(room.error());
  const auto found = co_await parts_.rooms.Find(std::move(*room), call.scope);
  if (!found) co_return std::unexpected(found.error());
  co_return ApiReply{200, {{"participants", ParticipantsOf(*found)}}};
}

ApiHandlers::Reply ApiHandlers::RemoveParticipant(ApiCall& call) {
  auto room = RoomOf(call);
  if (!room) co_return std::unexpected(room.error());
  pb::RemoveParticipantRequest request;
  request.set_room(*room);
  request.set_participant_id(std::string(call.request.Param("participant")));
  request.set_actor(ActorOf(call.principal));
  const auto removed = co_await parts_.rooms.Remove(std::move(request), call.scope);
  if (!removed) co_return std::unexpected(removed.error());
  co_return ApiReply{204, {}};
}

ApiHandlers::Reply ApiHandlers::MuteParticipant(ApiCall& call) {
  auto room = RoomOf(call);
  if (!room) co_return std::unexpected(room.error());
  auto source = SourceOf(call.body);
  if (!source) co_return std::unexpected(source.error());
  pb::MuteParticipantRequest request;
  request.set_room(*room);
  request.set_participant_id(std::string(call.request.Param("participant")));
  request.set_actor(ActorOf(call.principal));
  if (*source) request.add_sources(std::move(**source));
  const auto muted = co_await parts_.rooms.Mute(std::move(request), call.scope);
  if (!muted) co_return std::unexpected(muted.error());
  co_return ApiReply{200, {{"producer_ids", ToJson(muted->producer_ids())}}};
}

Result<ApiReply> ApiHandlers::Invite(auth::JoinClaims claims, const std::string& room) {
  SecureRandom random;
  claims.token_id = Id<TokenTag>::Random(random).ToString();
  claims.room = room;
  const auto token = parts_.authority.SignJoin(claims, parts_.unix_seconds());
  if (!token) return std::unexpected(token.error());
  return ApiReply{201,
                  {{"token", *token},
                   {"room", room},
                   {"path", "/r/" + room},
                   {"ice_servers", IceServers(claims.token_id)}}};
}

ApiHandlers::Reply ApiHandlers::CreateGuestToken(ApiCall& call) {
  const auto room = RoomOf(call);
  if (!room) co_return std::unexpected(room.error());
  auth::JoinClaims claims;
  claims.role = kRoles[0];
  co_return Invite(std::move(claims), *room);
}

// Who it is for and what they may do, the issuer's token says; the body could say anything.
ApiHandlers::Reply ApiHandlers::CreateUserToken(ApiCall& call) {
  const auto room = RoomOf(call);
  if (!room) co_return std::unexpected(room.error());
  const auto& person = call.principal.person;
  if (!person) co_return Fail(ErrorCode::kInternal, "The door let somebody in without a name.");
  auth::JoinClaims claims;
  claims.identity = person->identity;
  claims.name = person->name;
  claims.role = person->role;
  claims.grants = person->grants;
  co_return Invite(std::move(claims), *room);
}

ApiHandlers::Reply ApiHandlers::CreateToken(ApiCall& call) {
  const auto room = RoomOf(call);
  if (!room) co_return std::unexpected(room.error());
  auto request = ParseTokenRequest(call.body);
  if (!request) co_return std::unexpected(request.error());
  if (request->lifetime_s) {
    request->claims.expires_at_s = parts_.unix_seconds() + *request->lifetime_s;
  }
  co_return Invite(std::move(request->claims), *room);
}

json::array ApiHandlers::IceServers(std::string_view participant) const {
  json::array servers;
  if (parts_.turn.secret.empty()) return servers;
  const int64_t expires_at_s =
      parts_.unix_seconds() + static_cast<int64_t>(parts_.turn.lifetime.seconds());
  const TurnCredentials made = MakeTurnCredentials(parts_.turn.secret, participant, expires_at_s);
  for (const TurnServer& server : parts_.turn_servers()) {
    json::array urls;
    for (const TurnUrl& url : server.urls) urls.push_back(json::value(url.text));
    servers.push_back(json::object{
        {"urls", std::move(urls)}, {"username", made.username}, {"credential", made.credential}});
  }
  return servers;
}

ApiHandlers::Reply ApiHandlers::ListTargets(ApiCall&) {
  co_return ApiReply{.status = 200, .body = {}, .list = parts_.targets.ToJson()};
}

// Never the caller's own: it goes unencrypted to whatever discovery names, and may open more.
Result<std::string> ApiHandlers::LogsToken(const std::string& room) {
  const int64_t now_s = parts_.unix_seconds();
  auth::ApiClaims claims;
  claims.subject = kLogsSubject;
  claims.scopes = {std::string(ToString(Scope::kLogs))};
  claims.room = room;
  claims.expires_at_s = now_s + kLogsTokenSeconds;
  return parts_.authority.SignApi(std::move(claims), now_s);
}

ApiHandlers::Reply ApiHandlers::ExplainRoom(ApiCall& call) {
  auto room = RoomOf(call);
  if (!room) co_return std::unexpected(room.error());
  auto at = TimeOf(call.request);
  if (!at) co_return std::unexpected(at.error());
  auto token = LogsToken(*room);
  if (!token) co_return std::unexpected(token.error());
  ExplainQuestion question{.room = std::move(*room),
                           .at = std::move(*at),
                           .token = std::move(*token),
                           .trace = call.scope.trace};
  auto told = co_await parts_.logs.Explain(std::move(question));
  if (!told) co_return std::unexpected(told.error());
  co_return ApiReply{.status = 200, .body = {}, .list = {}, .text = std::move(*told)};
}

ApiHandlers::Reply ApiHandlers::CreateTurnCredentials(ApiCall& call) {
  co_return ApiReply{201,
                     {{"ice_servers", IceServers(call.principal.participant)},
                      {"lifetime_s", static_cast<int64_t>(parts_.turn.lifetime.seconds())}}};
}

}  // namespace confab::gateway
