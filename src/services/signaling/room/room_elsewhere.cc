// The part of Room that knows of other signaling instances: their participants, and those that come
// over or go over to one of them.
#include <algorithm>
#include <set>

#include "base/check.h"
#include "services/signaling/protocol/rtp_writer.h"
#include "services/signaling/room/room.h"
#include "services/signaling/room/room_json.h"
#include "services/signaling/room/shared_participant.h"

namespace confab::signaling {

v1::SharedParticipant Room::Shared(ParticipantId id) const {
  v1::SharedParticipant shared = ToShared(*FindHere(id));
  shared.set_room_created_at_ms(created_at_ms_);
  return shared;
}

// ---- Theirs

Effects Room::SetElsewhere(ParticipantId id, const v1::SharedParticipant& shared) {
  Effects effects;
  Participant* known = Find(id);
  const bool is_new = known == nullptr;
  if (is_new) {
    known = participants_.emplace_back(std::make_unique<Participant>()).get();
    known->id = id;
    known->is_elsewhere = true;
    known->phase = Phase::kJoined;
    known->name = shared.name();
    known->is_connected_elsewhere = shared.is_connected();
  }
  DCHECK(known->is_elsewhere);
  known->term = shared.term();
  known->joined_at_ms = shared.joined_at_ms();
  known->grants = GrantsOf(shared);
  known->role = shared.role();
  known->identity = shared.identity();
  known->mode = shared.is_classic() ? Mode::kClassic : Mode::kQuick;
  if (is_new) {
    // Its producers are told of by themselves.
    TellOthers(id, "participantJoined", {{"participant", ParticipantJson(*known)}}, effects);
  }
  UpdateElsewhere(*known, shared, effects);
  UpdateProducers(*known, shared, effects);
  return effects;
}

void Room::UpdateElsewhere(Participant& participant, const v1::SharedParticipant& shared,
                           Effects& effects) {
  json::object changed{{"participantId", participant.id.ToString()}};
  if (participant.name != shared.name()) changed["name"] = participant.name = shared.name();
  if (participant.is_connected_elsewhere != shared.is_connected()) {
    changed["connected"] = participant.is_connected_elsewhere = shared.is_connected();
  }
  if (changed.size() > 1) TellOthers(participant.id, "participantUpdated", changed, effects);
}

void Room::UpdateProducers(Participant& participant, const v1::SharedParticipant& shared,
                           Effects& effects) {
  std::vector<Producer> producers = ProducersOf(shared);
  std::vector<MediaId> gone;
  for (const Producer& producer : participant.producers) {
    const bool is_there =
        std::ranges::find(producers, producer.id, &Producer::id) != producers.end();
    if (!is_there) gone.push_back(producer.id);
  }
  ForgetProducers(participant, gone, Telling::kProducersToo, effects);
  for (Producer& producer : producers) {
    const auto known = std::ranges::find(participant.producers, producer.id, &Producer::id);
    if (known == participant.producers.end()) {
      TellAdded(participant, participant.producers.emplace_back(std::move(producer)), effects);
    } else if (known->paused != producer.paused) {
      SetPaused(participant, *known, producer.paused, effects);
    }
  }
}

Effects Room::DropElsewhere(ParticipantId id, std::string_view reason) {
  Effects effects;
  Participant* participant = Find(id);
  if (participant == nullptr || !participant->is_elsewhere) return effects;
  ClearMedia(*participant, Telling::kConsumersOnly, effects);
  TellOthers(id, "participantLeft", {{"participantId", id.ToString()}, {"reason", reason}},
             effects);
  std::erase_if(participants_, [&](const auto& each) { return each->id == id; });
  return effects;
}

// ---- From there to here, and back

Effects Room::TakeOver(ParticipantId id, const v1::SharedParticipant& shared,
                       ConnectionId connection, uint64_t seq) {
  Effects effects = SetElsewhere(id, shared);
  Participant& participant = *Find(id);
  const bool was_lost = !participant.is_connected();
  participant.is_elsewhere = false;
  participant.term = shared.term() + 1;
  participant.connection = connection;
  participant.in_sync = false;
  participant.media_is_settled = true;
  participant.is_restoring = true;
  ++participant.attempt;
  participant.log.StartAfter(seq);
  participant.trace = shared.trace();
  participant.rtp_capabilities = shared.rtp_capabilities();
  participant.transports = TransportsOf(shared);
  if (was_lost) TellConnected(participant, effects);
  effects.push_back(ShareParticipant{id});
  return effects;
}

Effects Room::Restore(ParticipantId id, uint32_t attempt,
                      const media::v1::StatsResponse& described) {
  Effects effects;
  Participant* participant = Find(id);
  if (participant == nullptr || participant->is_elsewhere || participant->attempt != attempt) {
    return effects;
  }
  std::set<std::string_view> there;
  for (const auto& transport : described.transports()) there.insert(transport.transport_id());
  std::vector<MediaId> gone;
  for (const Transport& transport : participant->transports) {
    if (!there.contains(transport.id)) gone.push_back(transport.id);
  }
  for (const MediaId& transport : gone) {
    for (Effect& effect : TransportLost(transport, "media-lost")) {
      effects.push_back(std::move(effect));
    }
  }
  RestoreProducers(*participant, described, effects);
  RestoreConsumers(*participant, described, effects);
  if (participant->mode == Mode::kQuick) effects.push_back(ConsumeMissing{id});
  return effects;
}

void Room::RestoreProducers(Participant& owner, const media::v1::StatsResponse& described,
                            Effects& effects) {
  std::set<std::string_view> there;
  CloseMedia unknown;
  for (const auto& producer : described.producers()) {
    if (owner.FindTransport(producer.transport_id()) == nullptr) continue;
    there.insert(producer.producer_id());
    const auto known = std::ranges::find(owner.producers, producer.producer_id(), &Producer::id);
    if (known == owner.producers.end()) {
      // Its owner was never answered, or sees in the answer that it is missing: it asks again.
      unknown.producers.push_back(producer.producer_id());
    } else if (producer.has_paused() && producer.paused() != known->paused) {
      SetPaused(owner, *known, producer.paused(), effects);
    }
  }
  if (!unknown.producers.empty()) effects.push_back(std::move(unknown));
  std::vector<MediaId> gone;
  for (const Producer& producer : owner.producers) {
    if (!there.contains(producer.id)) gone.push_back(producer.id);
  }
  for (const MediaId& producer : gone) {
    for (Effect& effect : ProducerLost(producer)) effects.push_back(std::move(effect));
  }
}

void Room::RestoreConsumers(Participant& receiver, const media::v1::StatsResponse& described,
                            Effects& effects) {
  CloseMedia unknown;
  for (const auto& entry : described.consumers()) {
    if (receiver.FindTransport(entry.transport_id()) == nullptr) continue;
    if (receiver.consumers.contains(entry.consumer_id())) continue;  // by an earlier Restore
    const OwnedProducer found = FindProducer(entry.producer_id());
    // A client that asks for each itself may have asked twice, because the first answer was lost:
    // which one it plays is not known here.
    const bool is_second =
        receiver.mode == Mode::kQuick && receiver.settled_producers.contains(entry.producer_id());
    if (found.producer == nullptr || is_second) {
      unknown.consumers.push_back(entry.consumer_id());
      continue;
    }
    receiver.settled_producers.insert(entry.producer_id());
    // Paused: by its own wish, or because it is not set up yet. Either is ended by the client.
    receiver.consumers.emplace(entry.consumer_id(),
                               Consumer{.id = entry.consumer_id(),
                                        .producer_id = entry.producer_id(),
                                        .owner = found.owner->id,
                                        .transport_id = entry.transport_id(),
                                        .kind = found.producer->kind,
                                        .source = found.producer->source,
                                        .type = entry.type(),
                                        .rtp_parameters = ToJson(entry.rtp_parameters()),
                                        .ready = true,
                                        .paused_by_client = entry.paused()});
  }
  if (!unknown.consumers.empty()) effects.push_back(std::move(unknown));
}

uint64_t Room::Settle(ParticipantId id) {
  Participant& participant = *Find(id);
  participant.in_sync = true;
  participant.is_restoring = false;
  return participant.log.NumberState();
}

Effects Room::Yield(ParticipantId id) {
  Effects effects;
  Participant* participant = Find(id);
  if (participant == nullptr || participant->is_elsewhere) return effects;
  if (participant->is_connected()) effects.push_back(ReplaceConnection{participant->connection});
  participant->is_connected_elsewhere = participant->is_connected();
  participant->is_elsewhere = true;
  participant->connection = ConnectionId::kNone;
  participant->in_sync = false;
  participant->lost_at = Timestamp::Never();
  ++participant->attempt;
  participant->log = {};
  participant->transports.clear();
  participant->consumers.clear();
  participant->settled_producers.clear();
  CloseIfUnused(effects);
  return effects;
}

}  // namespace confab::signaling
