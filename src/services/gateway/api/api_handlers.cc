#include "services/gateway/api/api_handlers.h"

#include <fmt/format.h>

#include <charconv>

#include "auth/grant_words.h"
#include "base/id.h"
#include "net/field_reader.h"
#include "services/gateway/api/access.h"

namespace confab::gateway {
namespace {

namespace pb = rooms::v1;
using net::FieldReader, net::ReadFailure;

struct TokenTag;
struct RoomTag;

constexpr net::TextLimits kName{0, 256};  // signaling cleans it and counts characters
constexpr net::TextLimits kIdentity{1, 128};
constexpr net::IntegerLimits kLifetimeSeconds{10, 24 * 3600};
constexpr size_t kShownName = 32;  // of a name that is none
constexpr uint32_t kDefaultPage = 100;
constexpr uint32_t kMaxPage = 1000;
// Of the token with which who signed in is let into the logs, for one question.
constexpr const char* kSignedInSubject = "signed-in";
constexpr int64_t kLogsTokenSeconds = 30;
constexpr size_t kMaxTimeSize = 32;
constexpr std::array<std::string_view, 3> kRoles{"guest", "member", "moderator"};

json::object ToJson(const pb::Room& room) {
  return {{"id", room.id()},
          {"name", room.name()},
          {"created_at_ms", room.created_at_ms()},
          {"participants", room.participants()},
          {"max_participants", room.max_participants()}};
}

json::object ToJson(const pb::Participant& participant) {
  json::array producers;
  for (const pb::Producer& producer : participant.producers()) {
    producers.push_back(json::object{{"id", producer.id()},
                                     {"kind", producer.kind()},
                                     {"source", producer.source()},
                                     {"paused", producer.paused()}});
  }
  return {{"id", participant.id()},
          {"name", participant.name()},
          {"joined_at_ms", participant.joined_at_ms()},
          {"connected", participant.connected()},
          {"producers", std::move(producers)}};
}

// Whom the audit trail names.
std::string ActorOf(const Principal& principal) {
  return "api:" + principal.id;
}

json::array Participants(const pb::GetRoomResponse& room) {
  json::array list;
  for (const pb::Participant& participant : room.participants())
    list.push_back(ToJson(participant));
  return list;
}

Result<std::string> RoomOf(const ApiCall& call) {
  const std::string_view room = call.request.Param("room");
  if (net::IsId(room)) return std::string(room);
  return Fail(ErrorCode::kInvalidMessage,
              "A room's name has 1 to 64 characters of A-Z a-z 0-9 _ -.");
}

Result<uint32_t> PageSize(const net::HttpRequest& request) {
  const auto text = request.QueryValue("limit");
  if (!text) return kDefaultPage;
  uint32_t size = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), size);
  if (error == std::errc() && end == text->data() + text->size() && size >= 1 && size <= kMaxPage) {
    return size;
  }
  return Fail(ErrorCode::kInvalidMessage,
              fmt::format("limit must be a whole number from 1 to {}.", kMaxPage));
}

// The log viewer reads it; here it must only be nothing that changes the address of the question.
Result<std::string> TimeOf(const net::HttpRequest& request) {
  std::string at = request.QueryValue("at").value_or("");
  const bool is_plain =
      at.size() <= kMaxTimeSize && at.find_first_not_of("0123456789-T:.Z") == std::string::npos;
  if (is_plain) return at;
  return Fail(ErrorCode::kInvalidMessage, "at must be a UTC time such as 2026-01-31T23:59:59Z.");
}

// As in a token, a name that is none is refused: a misspelled restriction would be believed in.
auth::Grants ReadGrants(FieldReader reader) {
  auth::Grants grants;
  for (const auto& [word, field] : auth::kGrantWords) {
    grants.*field = reader.OptionalFlag(word).value_or(grants.*field);
  }
  for (const auto& field : reader.object()) {
    const std::string_view name = field.key();
    if (auth::FindGrant(name) == nullptr) reader.Refuse(name.substr(0, kShownName), "is no grant");
  }
  return grants;
}

struct TokenRequest {
  auth::JoinClaims claims;
  std::optional<int64_t> lifetime_s;
};

Result<TokenRequest> ParseTokenRequest(const json::object& body) {
  ReadFailure failure;
  const json::value payload(body);
  FieldReader reader(payload, failure);
  TokenRequest request;
  request.claims.identity = reader.OptionalText("identity", kIdentity).value_or("");
  request.claims.name = reader.OptionalText("name", kName).value_or("");
  request.claims.role = kRoles[reader.OptionalChoice("role", kRoles).value_or(1)];
  if (auto grants = reader.OptionalObject("grants")) {
    request.claims.grants = ReadGrants(*grants);
  } else {
    request.claims.grants.moderate = request.claims.role == "moderator";
  }
  request.lifetime_s = reader.OptionalInteger("lifetime_s", kLifetimeSeconds);
  if (failure.failed()) return std::unexpected(failure.error());
  return request;
}

json::object ToJson(const MediaState& media) {
  json::object object{{"id", media.id}, {"is_up", media.answer.has_value()}};
  if (!media.answer) return object;
  const media::v1::GetStateResponse& state = *media.answer;
  object["version"] = state.version();
  object["region"] = state.region();
  object["uptime_ms"] = state.uptime_ms();
  object["workers"] = state.workers();
  object["routers"] = state.routers();
  object["transports"] = state.transports();
  object["producers"] = state.producers();
  object["consumers"] = state.consumers();
  object["ports"] = json::array(state.ports().begin(), state.ports().end());
  return object;
}

json::array ToJson(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  json::array list;
  for (const std::string& text : texts) list.push_back(json::value(text));
  return list;
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
    json::array media;
    for (const pb::MediaInstance& instance : state.media()) {
      media.push_back(json::object{
          {"id", instance.id()}, {"is_up", instance.is_up()}, {"rooms", instance.rooms()}});
    }
    signaling.push_back(json::object{{"id", state.instance()},
                                     {"version", state.version()},
                                     {"region", state.region()},
                                     {"uptime_ms", state.uptime_ms()},
                                     {"rooms", state.rooms()},
                                     {"participants", state.participants()},
                                     {"connections", state.connections()},
                                     {"media", std::move(media)}});
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
  co_return ApiReply{200, {{"participants", Participants(*found)}}};
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
  constexpr std::array<std::string_view, 4> kSources{"microphone", "camera", "screen",
                                                     "screen-audio"};
  ReadFailure failure;
  const json::value payload(call.body);
  FieldReader reader(payload, failure);
  const auto source = reader.OptionalChoice("source", kSources);
  if (failure.failed()) co_return std::unexpected(failure.error());
  pb::MuteParticipantRequest request;
  request.set_room(*room);
  request.set_participant_id(std::string(call.request.Param("participant")));
  request.set_actor(ActorOf(call.principal));
  if (source) request.add_sources(std::string(kSources[*source]));
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

// The caller's own; the log viewer knows no issuer of people's tokens, so who signed in gets one.
Result<std::string> ApiHandlers::LogsToken(const ApiCall& call, const std::string& room) {
  if (!call.principal.person) return std::string(BearerToken(call.request));
  const int64_t now_s = parts_.unix_seconds();
  auth::ApiClaims claims;
  claims.subject = kSignedInSubject;
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
  auto token = LogsToken(call, *room);
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
