#pragma once

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
  Result<Place> EnterPrepared(Session& session, const JoinRequest& request);
  // Starts what the client has set up, and makes the sending transport: the reply's `transports`.
  asio::awaitable<Result<json::object>> CompletePrepared(Place place, uint32_t attempt,
                                                         JoinRequest& request);
  // Finds the participant that comes back, or makes a new one.
  Result<Place> Enter(const Session& session, const JoinRequest& request);
  // A token of another room: the same person has moved on.
  void LeaveElsewhere(const Place& place);
  json::object JoinReply(const Place& place);

  Switchboard& switchboard_;
  TransportMaker transports_;
  ConsumerFlow flow_;
};

}  // namespace confab::signaling
