#include "services/gateway/api/api_routes.h"

namespace confab::gateway {
namespace {

constexpr std::string_view kRoom = "/rooms/{room}";

std::vector<ApiRoute> RoomRoutes(ApiHandlers& h) {
  return {
      {.method = "GET",
       .pattern = "/rooms",
       .operation_id = "listRooms",
       .summary = "The open rooms",
       .description = "In the order of their names, a page at a time: pass `next` as `after`.",
       .scope = Scope::kRoomsRead,
       .query = {{"limit", "Rooms in a page.",
                  R"({"type":"integer","minimum":1,"maximum":1000,"default":100})"},
                 {"after", "Only rooms whose names sort after this.", R"({"type":"string"})"}},
       .response_schema = "RoomList",
       .failures = {503},
       .handler = [&h](ApiCall& call) { return h.ListRooms(call); }},
      {.method = "POST",
       .pattern = "/rooms",
       .operation_id = "createRoom",
       .summary = "A name for a new room",
       .description = "128 random bits, so that nobody guesses it. The room opens when the first "
                      "participant joins.",
       .scope = Scope::kRoomsWrite,
       .response_schema = "NewRoom",
       .success = 201,
       .handler = [&h](ApiCall& call) { return h.CreateRoom(call); }},
      {.method = "GET",
       .pattern = kRoom,
       .operation_id = "readRoom",
       .summary = "One open room",
       .scope = Scope::kRoomsRead,
       .response_schema = "Room",
       .failures = {404, 503},
       .handler = [&h](ApiCall& call) { return h.FindRoom(call); }},
      {.method = "DELETE",
       .pattern = kRoom,
       .operation_id = "closeRoom",
       .summary = "Removes everyone and closes the room",
       .description = "Whoever has a token for it may open it anew.",
       .scope = Scope::kRoomsWrite,
       .response_schema = "Removed",
       .failures = {404, 503},
       .handler = [&h](ApiCall& call) { return h.CloseRoom(call); }},
  };
}

ApiRoute ExplainRoute(ApiHandlers& h) {
  return {
      .method = "GET",
      .pattern = "/rooms/{room}/explanation",
      .operation_id = "explainRoom",
      .summary = "One call explained",
      .description =
          "What the log lines tell of a room's call, live or recent: who joined when and how long "
          "each stage took, which path media takes, what was sent, received and lost, every error "
          "with its sentence, and what is found to be wrong. The log viewer answers it.",
      .scope = Scope::kLogs,
      .query = {{"at", "A UTC time within the call; without it the newest call.",
                 R"({"type":"string","maxLength":32})"}},
      .response_schema = "Explanation",
      .failures = {404, 503},
      .handler = [&h](ApiCall& call) { return h.ExplainRoom(call); }};
}

std::vector<ApiRoute> ParticipantRoutes(ApiHandlers& h) {
  return {
      {.method = "GET",
       .pattern = "/rooms/{room}/participants",
       .operation_id = "listParticipants",
       .summary = "Who is in a room, and what they send",
       .scope = Scope::kRoomsRead,
       .response_schema = "ParticipantList",
       .failures = {404, 503},
       .handler = [&h](ApiCall& call) { return h.ListParticipants(call); }},
      {.method = "DELETE",
       .pattern = "/rooms/{room}/participants/{participant}",
       .operation_id = "removeParticipant",
       .summary = "Takes a participant out of the call",
       .description = "Its tokens are worth nothing any more.",
       .scope = Scope::kModerate,
       .success = 204,
       .failures = {404, 503},
       .handler = [&h](ApiCall& call) { return h.RemoveParticipant(call); }},
      {.method = "POST",
       .pattern = "/rooms/{room}/participants/{participant}/mute",
       .operation_id = "muteParticipant",
       .summary = "Mutes a participant",
       .description =
           "As if it had muted itself: it may unmute. Without `source` all of its sound.",
       .scope = Scope::kModerate,
       .request_schema = "MuteRequest",
       .response_schema = "Muted",
       .failures = {404, 503},
       .handler = [&h](ApiCall& call) { return h.MuteParticipant(call); }},
  };
}

std::vector<ApiRoute> TokenRoutes(ApiHandlers& h) {
  return {
      {.method = "POST",
       .pattern = "/rooms/{room}/guest-tokens",
       .operation_id = "createGuestToken",
       .summary = "A guest's invitation",
       .description = "Who knows the room's name may enter it as a guest, unless the operator "
                      "switched that off. Valid 10 minutes, for one participant.",
       .scope = Scope::kGuest,
       .response_schema = "Invitation",
       .success = 201,
       .handler = [&h](ApiCall& call) { return h.CreateGuestToken(call); }},
      {.method = "POST",
       .pattern = "/rooms/{room}/user-tokens",
       .operation_id = "createUserToken",
       .summary = "An invitation for who signed in",
       .description = "For the person whose token of the OpenID Connect issuer comes as bearer: "
                      "identity and name are from there, role and grants from their groups. Valid "
                      "10 minutes, for one participant.",
       .scope = Scope::kSignedIn,
       .response_schema = "Invitation",
       .success = 201,
       .handler = [&h](ApiCall& call) { return h.CreateUserToken(call); }},
      {.method = "POST",
       .pattern = "/rooms/{room}/tokens",
       .operation_id = "createToken",
       .summary = "An invitation with a name, a role and grants",
       .description = "Valid 10 minutes unless `lifetime_s` says otherwise, for one participant.",
       .scope = Scope::kTokensWrite,
       .request_schema = "TokenRequest",
       .response_schema = "Invitation",
       .success = 201,
       .handler = [&h](ApiCall& call) { return h.CreateToken(call); }},
      {.method = "POST",
       .pattern = "/turn-credentials",
       .operation_id = "createTurnCredentials",
       .summary = "TURN servers and credentials for them",
       .description = "For whoever may enter a room (join token) or is in it (resume token). The "
                      "servers that answer, the nearest first.",
       .scope = Scope::kJoined,
       .response_schema = "TurnCredentials",
       .success = 201,
       .handler = [&h](ApiCall& call) { return h.CreateTurnCredentials(call); }},
  };
}

}  // namespace

std::vector<ApiRoute> ApiRoutes(ApiHandlers& handlers) {
  std::vector<ApiRoute> routes = RoomRoutes(handlers);
  routes.push_back(ExplainRoute(handlers));
  for (ApiRoute& route : ParticipantRoutes(handlers)) routes.push_back(std::move(route));
  for (ApiRoute& route : TokenRoutes(handlers)) routes.push_back(std::move(route));
  routes.push_back({.method = "GET",
                    .pattern = "/state",
                    .operation_id = "readState",
                    .summary = "How the system is",
                    .description = "Versions, rooms and participants of each signaling instance, "
                                   "and the media instances that it reaches.",
                    .scope = Scope::kStateRead,
                    .response_schema = "State",
                    .failures = {503},
                    .handler = [&handlers](ApiCall& call) { return handlers.State(call); }});
  routes.push_back({.method = "GET",
                    .pattern = "/prometheus-targets",
                    .operation_id = "listPrometheusTargets",
                    .summary = "Where the metrics are",
                    .description =
                        "Every process that discovery knows, for Prometheus' `http_sd_configs`. "
                        "deploy/prometheus has a configuration that uses it.",
                    .scope = Scope::kMetricsRead,
                    .response_schema = "PrometheusTargets",
                    .handler = [&handlers](ApiCall& call) { return handlers.ListTargets(call); }});
  return routes;
}

}  // namespace confab::gateway
