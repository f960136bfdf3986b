#include "services/signaling/room/room.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "services/signaling/room/room_json.h"

namespace confab::signaling {
namespace {

// Who comes back brings none, and keeps what it had.
void TakeGrants(Participant& participant, const Entrant& entrant) {
  if (!entrant.grants) return;
  participant.grants = *entrant.grants;
  participant.identity = entrant.identity;
  participant.role = entrant.role;
}

void Enter(Participant& participant, Entrant entrant) {
  participant.name = std::move(entrant.name);
  participant.mode = entrant.mode;
  participant.rtp_capabilities = std::move(entrant.rtp_capabilities);
  participant.view = entrant.view;
  TakeGrants(participant, entrant);
  participant.connection = entrant.connection;
  participant.trace = std::move(entrant.trace);
  participant.in_sync = false;
  participant.media_is_settled = false;
  participant.is_restoring = false;
  participant.lost_at = Timestamp::Never();
  ++participant.attempt;
}

}  // namespace

std::string_view ToString(LeaveReason reason) {
  switch (reason) {
    case LeaveReason::kLeft: return "left";
    case LeaveReason::kTimeout: return "timeout";
    case LeaveReason::kRemoved: return "removed";
  }
  return "";
}

Room::Room(RoomId id, std::string name, int64_t created_at_ms, RoomLimits limits)
    : id_(id), name_(std::move(name)), created_at_ms_(created_at_ms), limits_(limits) {}

const Participant* Room::Find(ParticipantId id) const {
  const auto found = std::ranges::find(participants_, id, [](const auto& p) { return p->id; });
  return found == participants_.end() ? nullptr : found->get();
}

Participant* Room::Find(ParticipantId id) {
  return const_cast<Participant*>(std::as_const(*this).Find(id));
}

const Participant* Room::FindHere(ParticipantId id) const {
  const Participant* participant = Find(id);
  return participant == nullptr || participant->is_elsewhere ? nullptr : participant;
}

void Room::Tell(Participant& participant, std::string_view name, const json::object& payload,
                Effects& effects) {
  if (participant.is_elsewhere) return;  // its own instance tells it
  const LoggedEvent& event = participant.log.Append(name, payload);
  if (!participant.in_sync || !participant.is_connected()) return;
  effects.push_back(SendEvent{participant.connection, event.name, event.payload});
}

void Room::TellOthers(ParticipantId except, std::string_view name, const json::object& payload,
                      Effects& effects) {
  const Participant* subject = Find(except);
  if (subject != nullptr && !subject->is_elsewhere) effects.push_back(ShareParticipant{except});
  if (subject != nullptr && subject->grants.hidden) return;
  for (const auto& participant : participants_) {
    if (participant->id == except || !participant->is_told()) continue;
    Tell(*participant, name, payload, effects);
  }
}

void Room::TellConnected(const Participant& participant, Effects& effects) {
  const json::object payload{{"participantId", participant.id.ToString()},
                             {"connected", participant.is_connected()}};
  TellOthers(participant.id, "participantUpdated", payload, effects);
}

size_t Room::seats() const {
  return static_cast<size_t>(std::ranges::count_if(
      participants_, [](const auto& each) { return each->phase != Phase::kPrepared; }));
}

size_t Room::seats_here() const {
  return static_cast<size_t>(std::ranges::count_if(participants_, [](const auto& each) {
    return !each->is_elsewhere && each->phase != Phase::kPrepared;
  }));
}

bool Room::is_used() const {
  return std::ranges::any_of(participants_, [](const auto& each) { return !each->is_elsewhere; });
}

Result<void> Room::CheckSeat() const {
  if (!is_full()) return {};
  return Fail(ErrorCode::kRoomFull,
              fmt::format("the room has {} participants, as many as it may; try again when "
                          "someone has left",
                          limits_.participants));
}

Participant& Room::Add(ParticipantId id, Entrant entrant) {
  auto participant = std::make_unique<Participant>();
  participant->id = id;
  Enter(*participant, std::move(entrant));
  return *participants_.emplace_back(std::move(participant));
}

Result<void> Room::Admit(ParticipantId id, int64_t now_ms, Entrant entrant) {
  DCHECK(!is_closed_);
  if (Result<void> free = CheckSeat(); !free) return free;
  Add(id, std::move(entrant)).joined_at_ms = now_ms;
  return {};
}

Result<void> Room::Prepare(ParticipantId id, Entrant entrant) {
  DCHECK(!is_closed_);
  if (Result<void> free = CheckSeat(); !free) return free;
  if (participants_.size() - seats() >= kMaxPreparedPerRoom) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("{} joins are prepared already, as many as may", kMaxPreparedPerRoom));
  }
  Add(id, std::move(entrant)).phase = Phase::kPrepared;
  return {};
}

Result<void> Room::AdmitPrepared(ParticipantId id, int64_t now_ms, Entrant entrant) {
  if (Result<void> free = CheckSeat(); !free) return free;
  Participant& participant = *Find(id);
  participant.phase = Phase::kJoining;
  participant.joined_at_ms = now_ms;
  participant.name = std::move(entrant.name);
  participant.view = entrant.view;
  participant.trace = std::move(entrant.trace);
  TakeGrants(participant, entrant);
  return {};
}

Effects Room::Readmit(ParticipantId id, Entrant entrant) {
  Effects effects;
  Participant& participant = *Find(id);
  const bool was_lost = !participant.is_connected();
  if (entrant.name.empty()) entrant.name = participant.name;
  const bool is_renamed = participant.name != entrant.name;
  if (!was_lost) effects.push_back(ReplaceConnection{participant.connection});
  ClearMedia(participant, Telling::kProducersToo, effects);
  Enter(participant, std::move(entrant));
  if (!participant.is_seen() || (!was_lost && !is_renamed)) return effects;
  json::object payload{{"participantId", id.ToString()}, {"connected", true}};
  if (is_renamed) payload["name"] = participant.name;
  TellOthers(id, "participantUpdated", payload, effects);
  return effects;
}

Result<Effects> Room::Seat(ParticipantId id, uint32_t attempt) {
  Participant* participant = Find(id);
  if (participant == nullptr || !participant->is_connected()) {
    return Fail(ErrorCode::kInvalidState, "the participant has gone meanwhile");
  }
  if (participant->attempt != attempt) {
    return Fail(ErrorCode::kMediaUnavailable, "the media was lost meanwhile; try again");
  }
  Effects effects;
  const bool is_new = !participant->is_seen();
  participant->phase = Phase::kJoined;
  participant->media_is_settled = true;
  participant->in_sync = true;
  if (is_new) {
    effects.push_back(RecordCame{id});
    TellOthers(id, "participantJoined", {{"participant", ParticipantJson(*participant)}}, effects);
  } else {
    effects.push_back(ShareParticipant{id});  // its transports are other ones
  }
  // Producers that came while the attempt was on its way.
  if (participant->mode == Mode::kQuick) effects.push_back(ConsumeMissing{id});
  return effects;
}

Effects Room::Abandon(ParticipantId id, ConnectionId connection, Timestamp now) {
  Effects effects;
  Participant* participant = Find(id);
  if (participant == nullptr) return effects;
  if (participant->is_connected() && participant->connection != connection) return effects;
  if (participant->is_seen()) return LoseConnection(id, connection, now);
  ClearMedia(*participant, Telling::kConsumersOnly, effects);
  Erase(id, effects);
  return effects;
}

void Room::Erase(ParticipantId id, Effects& effects) {
  std::erase_if(participants_, [&](const auto& participant) { return participant->id == id; });
  CloseIfUnused(effects);
}

void Room::CloseIfUnused(Effects& effects) {
  if (seats_here() > 0 || is_closed_) return;
  // The prepared ones have nobody left to join; what others there are, others tell of.
  const bool is_inhabited = seats() > 0;
  for (const auto& prepared : participants_) {
    if (!prepared->is_elsewhere) ClearMedia(*prepared, Telling::kConsumersOnly, effects);
  }
  participants_.clear();
  is_closed_ = true;
  effects.push_back(CloseRoom{.is_inhabited = is_inhabited});
}

Effects Room::Leave(ParticipantId id, LeaveReason reason) {
  Effects effects;
  Participant* participant = Find(id);
  if (participant == nullptr) return effects;
  const bool was_seen = participant->is_seen();
  participant->in_sync = false;
  ClearMedia(*participant, Telling::kConsumersOnly, effects);
  if (was_seen) {
    effects.push_back(
        RecordLeft{id, ToString(reason), participant->connection, participant->trace});
    TellOthers(id, "participantLeft",
               {{"participantId", id.ToString()}, {"reason", ToString(reason)}}, effects);
  }
  Erase(id, effects);
  return effects;
}

Effects Room::Remove(ParticipantId id) {
  Effects effects;
  const Participant* participant = Find(id);
  if (participant == nullptr) return effects;
  if (participant->is_connected()) effects.push_back(RemoveConnection{participant->connection});
  for (Effect& effect : Leave(id, LeaveReason::kRemoved)) effects.push_back(std::move(effect));
  return effects;
}

Effects Room::LoseConnection(ParticipantId id, ConnectionId connection, Timestamp now) {
  Effects effects;
  Participant* participant = Find(id);
  if (participant == nullptr || !participant->is_connected() ||
      participant->connection != connection) {
    return effects;
  }
  participant->connection = ConnectionId::kNone;
  participant->in_sync = false;
  participant->lost_at = now;
  if (participant->is_seen()) TellConnected(*participant, effects);
  return effects;
}

void Room::Attach(Participant& participant, ConnectionId connection, Effects& effects) {
  const bool was_lost = !participant.is_connected();
  if (!was_lost) effects.push_back(ReplaceConnection{participant.connection});
  participant.connection = connection;
  participant.in_sync = true;
  participant.lost_at = Timestamp::Never();
  if (was_lost) TellConnected(participant, effects);
}

Result<ResumeOutcome> Room::Resume(ParticipantId id, ConnectionId connection, uint64_t seq) {
  Participant* participant = Find(id);
  if (participant == nullptr || !participant->is_seen()) {
    return Fail(ErrorCode::kSessionExpired, "there is nothing left to resume; join again");
  }
  ResumeOutcome outcome;
  EventLog& log = participant->log;
  if (const auto missed = log.Since(seq)) {
    outcome.seq = log.last_seq();
    outcome.events.emplace();
    for (const LoggedEvent* event : *missed) outcome.events->push_back(*event);
  } else {
    log.StartAfter(std::max(seq, log.last_seq()));
    outcome.seq = log.NumberState();
  }
  Attach(*participant, connection, outcome.effects);
  if (participant->is_restoring) {
    ++participant->attempt;
    participant->in_sync = false;
  }
  return outcome;
}

Timestamp Room::NextTimeout() const {
  Timestamp next = Timestamp::Never();
  for (const auto& participant : participants_) {
    if (!participant->is_seen()) continue;  // its attempt ends by itself
    next = std::min(next, participant->lost_at + limits_.grace);
  }
  return next;
}

Effects Room::HandleTimeout(Timestamp now) {
  std::vector<ParticipantId> expired;
  for (const auto& participant : participants_) {
    if (participant->is_seen() && participant->lost_at + limits_.grace <= now) {
      expired.push_back(participant->id);
    }
  }
  Effects effects;
  for (const ParticipantId id : expired) {
    for (Effect& effect : Leave(id, LeaveReason::kTimeout)) effects.push_back(std::move(effect));
  }
  return effects;
}

Effects Room::Rename(ParticipantId id, std::string name) {
  Effects effects;
  Participant* participant = Find(id);
  if (participant == nullptr || participant->name == name) return effects;
  participant->name = std::move(name);
  TellOthers(id, "participantUpdated",
             {{"participantId", id.ToString()}, {"name", participant->name}}, effects);
  return effects;
}

json::array Room::OthersJson(ParticipantId id) const {
  json::array others;
  for (const auto& participant : participants_) {
    if (participant->id == id || !participant->is_seen() || participant->grants.hidden) continue;
    others.push_back(ParticipantJson(*participant));
  }
  return others;
}

json::array Room::ConsumersJson(ParticipantId id) {
  json::array consumers;
  for (const auto& [consumer_id, consumer] : Find(id)->consumers) {
    if (const Producer* producer = FindProducer(consumer.producer_id).producer) {
      consumers.push_back(ConsumerJson(consumer, *producer));
    }
  }
  return consumers;
}

json::array Room::ProducersJson(ParticipantId id) const {
  json::array producers;
  for (const auto& participant : participants_) {
    if (participant->id == id) continue;
    for (const Producer& producer : participant->producers) {
      producers.push_back({{"producerId", producer.id},
                           {"participantId", participant->id.ToString()},
                           {"kind", ToString(producer.kind)},
                           {"source", ToString(producer.source)},
                           {"paused", producer.paused}});
    }
  }
  return producers;
}

}  // namespace confab::signaling
