#include "services/signaling/call/call_log.h"

#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

#include "base/hashed_name.h"
#include "services/signaling/call/report_fields.h"

namespace confab::signaling {

using observe::LogEvent, observe::LogField, observe::LogLevel;

namespace {

struct StageKey {
  JoinStage stage;
  std::string_view key;
};
constexpr std::array<StageKey, 5> kStageKeys{{{JoinStage::kReach, "reach_us"},
                                              {JoinStage::kToken, "token_us"},
                                              {JoinStage::kHome, "home_us"},
                                              {JoinStage::kTransports, "transports_us"},
                                              {JoinStage::kConsumers, "consumers_us"}}};

void AddTimes(std::vector<LogField>& fields, const JoinCourse& course) {
  fields.emplace_back("took_us", course.took);
  for (const auto& [stage, key] : kStageKeys) {
    if (const auto time = course.stages.of(stage)) fields.emplace_back(key, *time);
  }
}

std::string_view WordOf(const std::optional<Direction>& direction) {
  if (!direction) return "both";
  return *direction == Direction::kSend ? "send" : "recv";
}

}  // namespace

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

void CallLog::RoomMoved(const Room& room, std::string_view from) const {
  if (room.media_instance().empty() || room.media_instance() == from) return;
  logger_.Log(LogLevel::kWarning, LogEvent::kRoomMoved, {.room = HashedName(room.name())},
              {{"media", room.media_instance()}, {"from", from}});
}

void CallLog::Joined(const Place& place, const JoinCourse& course) const {
  std::vector<LogField> fields{{"media", place.room->media_instance()}};
  AddTimes(fields, course);
  fields.emplace_back("prepared", course.is_prepared);
  logger_.Log(LogLevel::kInfo, LogEvent::kParticipantJoined, ScopeOf(place), fields);
}

void CallLog::JoinRefused(const Session& session, const JoinCourse& course, const Error& error,
                          std::string_view id) const {
  std::vector<LogField> fields{{"error_id", id}, {"code", error.code}, {"message", error.message}};
  if (course.trouble) fields.emplace_back("reason", ToString(*course.trouble));
  AddTimes(fields, course);
  logger_.Log(LogLevel::kWarning, LogEvent::kParticipantRefused, ScopeOf(session), fields);
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

void CallLog::TransportConnected(const Place& place, std::string_view transport,
                                 Timestamp now) const {
  std::vector<LogField> fields{{"transport", transport}};
  const Participant* owner = std::as_const(*place.room).Find(place.participant);
  if (const Transport* known = owner == nullptr ? nullptr : owner->FindTransport(transport)) {
    fields.emplace_back("direction", WordOf(known->direction));
    if (!known->made_at.is_never()) fields.emplace_back("after_us", now - known->made_at);
  }
  logger_.Log(LogLevel::kInfo, LogEvent::kTransportConnected, ScopeOf(place), fields);
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

void CallLog::FlowChanged(const Place& place, const RecordFlow& change) const {
  const bool is_paused = change.flow == Flow::kPaused;
  logger_.Log(LogLevel::kInfo, is_paused ? LogEvent::kProducerPaused : LogEvent::kProducerResumed,
              ScopeOf(place),
              {{"producer", change.producer},
               {"source", ToString(change.source)},
               {"by", change.by == RecordFlow::By::kSelf ? "self" : "moderator"}});
}

void CallLog::Reported(const Place& place, const ClientReport& report) const {
  if (!logger_.is_enabled(LogLevel::kInfo)) return;
  logger_.Log(LogLevel::kInfo, LogEvent::kClientReport, ScopeOf(place), FieldsOf(report));
}

void CallLog::ClientFailed(const Session& session, const ClientFailure& failure) const {
  logger_.Log(LogLevel::kWarning, LogEvent::kClientFailed, ScopeOf(session),
              {{"error_id", failure.id},
               {"code", failure.code},
               {"message", failure.message},
               {"ago_ms", failure.ago.ms()}});
}

void CallLog::HandlerFailed(const Session& session, std::string_view event,
                            std::string_view what) const {
  logger_.Log(LogLevel::kError, LogEvent::kInternalError, ScopeOf(session),
              {{"refused", event}, {"message", what}});
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
