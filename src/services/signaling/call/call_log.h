#pragma once

#include <string>
#include <string_view>

#include "base/call_scope.h"
#include "base/error.h"
#include "base/units.h"
#include "observe/logger.h"
#include "services/signaling/call/session.h"
#include "services/signaling/protocol/reports.h"

namespace confab::signaling {

// What the log says of a call: who comes and goes, and what happens to their media. Names are not
// in it, neither people's nor rooms' (base/hashed_name.h). On the io_context's thread.
class CallLog {
 public:
  // `instance`: ours, with which the names of connections begin.
  CallLog(observe::Logger logger, std::string instance)
      : logger_(std::move(logger)), instance_(std::move(instance)) {}

  // Whom lines, and the media service, name.
  CallScope ScopeOf(const Place& place) const;
  CallScope ScopeOf(const Session& session) const;

  void ConnectionOpened(const Session& session) const;
  void ConnectionClosed(const Session& session) const;
  void RoomOpened(const std::string& room) const;
  void RoomClosed(const std::string& room) const;
  // To `room`'s media instance, from this one; where rooms have no leases.
  void RoomMoved(const Room& room, std::string_view from) const;
  void Joined(const Place& place, const JoinCourse& course) const;
  // `id`: the error's, as the client has it.
  void JoinRefused(const Session& session, const JoinCourse& course, const Error& error,
                   std::string_view id) const;
  void Left(const CallScope& scope, std::string_view reason) const;
  void ConnectionLost(const Place& place) const;
  // `kElsewhere`: the participant was another signaling instance's until now.
  enum class From : uint8_t { kHere, kElsewhere };
  void Resumed(const Place& place, From from) const;
  void TransportConnected(const Place& place, std::string_view transport, Timestamp now) const;
  void TransportLost(const Place& place, std::string_view transport, std::string_view reason) const;
  void ProducerAdded(const Place& place, const Producer& producer) const;
  void ProducerClosed(const Place& place, std::string_view producer) const;
  void FlowChanged(const Place& place, const RecordFlow& change) const;
  void Reported(const Place& place, const ClientReport& report) const;
  void ClientFailed(const Session& session, const ClientFailure& failure) const;
  // A mistake of the program: this event's handler ended by an exception.
  void HandlerFailed(const Session& session, std::string_view event, std::string_view what) const;
  void ConsumeFailed(const Place& place, const Error& error) const;
  void MediaLost(std::string_view media_instance) const;
  void MediaBack(std::string_view media_instance) const;

  // "" where there is none.
  std::string NameOf(ConnectionId connection) const;

 private:
  observe::Logger logger_;
  std::string instance_;
};

}  // namespace confab::signaling
