#include "services/signaling/call/call_log.h"

#include <fmt/format.h>

#include <utility>

#include "base/hashed_name.h"

namespace confab::signaling {

using observe::LogEvent, observe::LogLevel;

std::string CallLog::NameOf(ConnectionId connection) const {
  if (connection == ConnectionId::kNone) return "";
  return fmt::format("{}-{}", instance_, std::to_underlying(connection));
}

CallScope CallLog::ScopeOf(const Place& place) const {
  CallScope scope{.room = HashedName(place.room->name()),
                  .participant = place.participant.ToString()};
  const Participant* participant = std::as_const(*place.room).Find(place.participant);
  if (participant == nullptr) return scope;
  scope.session = NameOf(participant->connection);
  scope.trace = participant->trace;
  return scope;
}

CallScope CallLog::ScopeOf(const Session& session) const {
  CallScope scope;
  if (session.place) scope = ScopeOf(*session.place);
  if (scope.room.empty()) scope.room = HashedName(session.pass.room);
  scope.session = NameOf(session.id());
  if (scope.trace.empty()) scope.trace = session.trace;
  return scope;
}

void CallLog::ConnectionOpened(const Session& session) const {
  logger_.Log(LogLevel::kDebug, LogEvent::kConnectionOpened, ScopeOf(session), {});
}

void CallLog::ConnectionClosed(const Session& session) const {
  logger_.Log(LogLevel::kDebug, LogEvent::kConnectionClosed, ScopeOf(session), {});
}

void CallLog::RoomOpened(const std::string& room) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kRoomOpened, {.room = HashedName(room)}, {});
}

void CallLog::RoomClosed(const std::string& room) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kRoomClosed, {.room = HashedName(room)}, {});
}

void CallLog::Joined(const Place& place, TimeDelta took) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kParticipantJoined, ScopeOf(place),
              {{"media", place.room->media_instance()}, {"took_us", took}});
}

void CallLog::Left(const CallScope& scope, std::string_view reason) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kParticipantLeft, scope, {{"reason", reason}});
}

void CallLog::ConnectionLost(const Place& place) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kParticipantLost, ScopeOf(place), {});
}

void CallLog::Resumed(const Place& place, From from) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kParticipantResumed, ScopeOf(place),
              {{"from", from == From::kHere ? "here" : "elsewhere"}});
}

void CallLog::TransportConnected(const Place& place, std::string_view transport) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kTransportConnected, ScopeOf(place),
              {{"transport", transport}});
}

void CallLog::TransportLost(const Place& place, std::string_view transport,
                            std::string_view reason) const {
  logger_.Log(LogLevel::kWarning, LogEvent::kTransportClosed, ScopeOf(place),
              {{"transport", transport}, {"reason", reason}});
}

void CallLog::ProducerAdded(const Place& place, const Producer& producer) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kProducerAdded, ScopeOf(place),
              {{"producer", producer.id},
               {"source", ToString(producer.source)},
               {"paused", producer.paused}});
}

void CallLog::ProducerClosed(const Place& place, std::string_view producer) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kProducerClosed, ScopeOf(place), {{"producer", producer}});
}

void CallLog::ConsumeFailed(const Place& place, const Error& error) const {
  logger_.Log(LogLevel::kWarning, LogEvent::kMediaCallFailed, ScopeOf(place),
              {{"call", "Consume"}, {"code", error.code}, {"message", error.message}});
}

void CallLog::MediaLost(std::string_view media_instance) const {
  logger_.Log(LogLevel::kWarning, LogEvent::kMediaLost, {{"media", media_instance}});
}

void CallLog::MediaBack(std::string_view media_instance) const {
  logger_.Log(LogLevel::kInfo, LogEvent::kMediaBack, {{"media", media_instance}});
}

}  // namespace confab::signaling
