#pragma once

#include <functional>
#include <string>
#include <vector>

#include "auth/authority.h"
#include "services/gateway/api/api_route.h"
#include "services/gateway/api/logs_port.h"
#include "services/gateway/api/media_port.h"
#include "services/gateway/api/rooms_port.h"
#include "services/gateway/api/scrape_targets.h"
#include "services/gateway/turn/turn_credentials.h"
#include "services/gateway/turn/turn_server.h"

namespace confab::gateway {

struct TurnOptions {
  std::string secret;  // shared with the TURN servers; "": none are offered
  TimeDelta lifetime = TimeDelta::Seconds(300);  // to begin an allocation with
};

// What the routes do. Lives on the service's thread; what it is given must outlive it.
class ApiHandlers {
 public:
  struct Parts {
    auth::Authority& authority;
    RoomsPort& rooms;
    MediaPort& media;
    LogsPort& logs;
    std::string version;
    TurnOptions turn;
    // The TURN servers that answer, the nearest first.
    std::function<std::vector<TurnServer>()> turn_servers;
    std::function<int64_t()> unix_seconds;
    ScrapeTargets& targets;
  };
  using Reply = asio::awaitable<Result<ApiReply>>;

  explicit ApiHandlers(Parts parts) : parts_(std::move(parts)) {}

  Reply State(ApiCall& call);
  Reply ListRooms(ApiCall& call);
  Reply CreateRoom(ApiCall& call);
  Reply FindRoom(ApiCall& call);
  Reply CloseRoom(ApiCall& call);
  Reply ListParticipants(ApiCall& call);
  Reply RemoveParticipant(ApiCall& call);
  Reply MuteParticipant(ApiCall& call);
  Reply CreateGuestToken(ApiCall& call);
  Reply CreateUserToken(ApiCall& call);
  Reply CreateToken(ApiCall& call);
  Reply CreateTurnCredentials(ApiCall& call);
  Reply ListTargets(ApiCall& call);
  Reply ExplainRoom(ApiCall& call);

 private:
  // What the log viewer lets the gateway in by: for this room's logs alone, for half a minute.
  Result<std::string> LogsToken(const std::string& room);
  Result<ApiReply> Invite(auth::JoinClaims claims, const std::string& room);
  // RTCIceServer objects with fresh credentials.
  json::array IceServers(std::string_view participant) const;

  Parts parts_;
};

}  // namespace confab::gateway
