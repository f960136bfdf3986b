#pragma once

#include <functional>
#include <optional>

#include "services/signaling/call/switchboard.h"
#include "services/signaling/handlers/consumer_flow.h"
#include "services/signaling/handlers/event_table.h"
#include "services/signaling/handlers/transport_maker.h"

namespace confab::signaling {

// lookRoom, joinRoom, resume, recreateTransports, leaveRoom.
class JoinHandlers {
 public:
  explicit JoinHandlers(Switchboard& switchboard)
      : switchboard_(switchboard), transports_(switchboard), flow_(switchboard) {}
  void AddTo(EventTable& table);

 private:
  using Reply = asio::awaitable<Result<json::value>>;

  Result<json::value> Look(Session& session, const json::value& payload);
  Reply Join(Session& session, const json::value& payload);
  Result<json::value> Resume(Session& session, const json::value& payload);
  Reply Recreate(Session& session, const json::value& payload);
  Result<json::value> Leave(Session& session, const json::value& payload);

  // Whether the join uses what `prepareJoin` made. What it does not use is let go.
  bool UsesPrepared(Session& session, const JoinRequest& request);
  // Who has come in, and whether the connection's join token was used up for it.
  struct Entry {
    Place place;
    enum class Token : uint8_t { kKept, kUsed } token = Token::kKept;
  };
  Result<Entry> EnterPrepared(Session& session, const JoinRequest& request);
  // Starts what the client has set up, and makes the sending transport: the reply's `transports`.
  asio::awaitable<Result<json::object>> CompletePrepared(Place place, uint32_t attempt,
                                                         JoinRequest& request);
  // Finds the participant that comes back, or makes a new one.
  Result<Entry> Enter(const Session& session, const JoinRequest& request);
  // The participant that the request's resume token is for, where it is still there.
  std::optional<Place> EarlierPlace(const JoinRequest& request);
  // A token that came with the join takes the place of the handshake's. Error: kUnauthorized,
  // kForbidden (it is for another room).
  Result<void> TakeToken(Session& session, const JoinRequest& request);
  // Admits whom the token admits, once. Error: kUnauthorized, and what `admit` says.
  Result<void> UseToken(const Session& session, const std::function<Result<void>()>& admit);
  // A token of another room: the same person has moved on.
  void LeaveElsewhere(const Place& place);
  json::object JoinReply(const Place& place);

  Switchboard& switchboard_;
  TransportMaker transports_;
  ConsumerFlow flow_;
};

}  // namespace confab::signaling
