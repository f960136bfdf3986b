#pragma once

#include "services/signaling/call/switchboard.h"
#include "services/signaling/handlers/event_table.h"
#include "services/signaling/handlers/transport_maker.h"
#include "services/signaling/protocol/requests.h"

namespace confab::signaling {

// Whether this transport is still there, prepared for the connection's join of that room.
bool HasPrepared(const Session& session, std::string_view room, std::string_view transport_id);

// prepareJoin: a receiving transport and paused consumers of everyone in the room, for someone who
// is looking at the preview. The join then has nothing to negotiate. intendJoin: the pointer is on
// the button, so that a fresh keyframe of every picture may already be there when it is pressed.
class PrepareHandlers {
 public:
  explicit PrepareHandlers(Switchboard& switchboard)
      : switchboard_(switchboard), transports_(switchboard) {}
  void AddTo(EventTable& table);

 private:
  using Reply = asio::awaitable<Result<json::value>>;

  Reply Prepare(Session& session, const json::value& payload);
  Result<json::value> Intend(Session& session, const json::value& payload);
  // A new place in the room; nothing where there is nobody to prepare for, or no seat.
  std::optional<Place> Open(const Session& session, PrepareRequest& request);
  static json::object Snapshot(const Place& place);

  Switchboard& switchboard_;
  TransportMaker transports_;
};

}  // namespace confab::signaling
