// The part of Room that keeps the books of transports and producers.
#include <fmt/format.h>

#include <algorithm>

#include "services/signaling/room/room.h"
#include "services/signaling/room/room_json.h"

namespace confab::signaling {

MediaId Room::ProducerIdOf(ParticipantId owner, std::string_view own_id) {
  return fmt::format("{}-{}", owner.ToString(), own_id);
}

Room::OwnedProducer Room::FindProducer(std::string_view producer_id) {
  // The owner's id is in front: no search through everybody.
  constexpr size_t kIdSize = 26;
  const auto owner_id = ParticipantId::Parse(producer_id.substr(0, kIdSize));
  Participant* owner = owner_id ? Find(*owner_id) : nullptr;
  if (owner == nullptr) return {};
  const auto found = std::ranges::find(owner->producers, producer_id, &Producer::id);
  if (found == owner->producers.end()) return {};
  return {owner, &*found};
}

Result<void> Room::AddTransport(ParticipantId id, uint32_t attempt, Transport transport) {
  Participant* participant = Find(id);
  if (participant == nullptr || participant->attempt != attempt) {
    return Fail(ErrorCode::kInvalidState,
                "the participant left, joined again or lost its media meanwhile");
  }
  if (participant->transports.size() >= kMaxTransportsPerParticipant) {
    return Fail(
        ErrorCode::kLimitExceeded,
        fmt::format("a participant may have at most {} transports", kMaxTransportsPerParticipant));
  }
  participant->transports.push_back(std::move(transport));
  return {};
}

Effects Room::DropMedia(ParticipantId id) {
  Effects effects;
  Participant& participant = *Find(id);
  ClearMedia(participant, Telling::kProducersToo, effects);
  participant.media_is_settled = false;
  ++participant.attempt;
  return effects;
}

namespace {

bool MaySend(const auth::Grants& grants, Source source) {
  if (grants.hidden) return false;
  switch (source) {
    case Source::kMicrophone: return grants.audio;
    case Source::kCamera: return grants.video;
    case Source::kScreen:
    case Source::kScreenAudio: return grants.screen;
  }
  return false;
}

}  // namespace

Result<void> Room::CheckProducer(ParticipantId id, const Producer& producer) {
  Participant* participant = Find(id);
  const Transport* transport =
      participant == nullptr ? nullptr : participant->FindTransport(producer.transport_id);
  if (transport == nullptr || transport->direction == Direction::kRecv) {
    return Fail(ErrorCode::kTransportNotFound,
                "transportId names no transport of yours that sends");
  }
  if (!MaySend(participant->grants, producer.source)) {
    return Fail(ErrorCode::kForbidden,
                fmt::format("your invitation does not allow you to send a {}; ask the host",
                            ToString(producer.source)));
  }
  if (participant->FindProducer(producer.own_id) != nullptr) {
    return Fail(ErrorCode::kDuplicateId, "you have a producer of this id already; choose another");
  }
  if (participant->producers.size() >= kMaxProducersPerParticipant) {
    return Fail(
        ErrorCode::kLimitExceeded,
        fmt::format("a participant may have at most {} producers", kMaxProducersPerParticipant));
  }
  return {};
}

Result<Effects> Room::AddProducer(ParticipantId id, Producer producer) {
  if (Result<void> allowed = CheckProducer(id, producer); !allowed) {
    return std::unexpected(allowed.error());
  }
  Effects effects;
  Participant& owner = *Find(id);
  TellAdded(owner, owner.producers.emplace_back(std::move(producer)), effects);
  return effects;
}

void Room::TellAdded(const Participant& owner, const Producer& producer, Effects& effects) {
  const std::string owner_text = owner.id.ToString();
  TellOthers(owner.id, "producerAdded",
             {{"participantId", owner_text}, {"producer", ProducerJson(producer)}}, effects);
  for (const auto& other : participants_) {
    if (other->id == owner.id || !other->is_told()) continue;
    if (other->mode == Mode::kQuick) {
      effects.push_back(ConsumeMissing{other->id});
    } else {
      Tell(*other, "newProducer",
           {{"producerId", producer.id},
            {"participantId", owner_text},
            {"kind", ToString(producer.kind)},
            {"source", ToString(producer.source)}},
           effects);
    }
  }
}

Effects Room::RefuseProducer(ParticipantId id, std::string_view own_id, const json::object& error) {
  Effects effects;
  if (Participant* owner = Find(id)) {
    Tell(*owner, "producerRefused", {{"producerId", own_id}, {"error", error}}, effects);
  }
  return effects;
}

void Room::ForgetProducers(Participant& owner, const std::vector<MediaId>& ids, Telling telling,
                           Effects& effects) {
  if (ids.empty()) return;
  std::erase_if(owner.producers,
                [&](const Producer& p) { return std::ranges::count(ids, p.id) > 0; });
  for (const auto& receiver : participants_) {
    if (receiver->id != owner.id) ForgetConsumersOf(*receiver, ids, effects);
  }
  if (telling == Telling::kConsumersOnly) return;
  for (const MediaId& id : ids) {
    TellOthers(owner.id, "producerRemoved",
               {{"participantId", owner.id.ToString()}, {"producerId", id}}, effects);
  }
}

Result<Effects> Room::RemoveProducer(ParticipantId id, std::string_view own_id) {
  Participant* owner = Find(id);
  const Producer* producer = owner == nullptr ? nullptr : owner->FindProducer(own_id);
  if (producer == nullptr) {
    return Fail(ErrorCode::kProducerNotFound, "producerId names no producer of yours");
  }
  Effects effects;
  const std::vector<MediaId> ids{producer->id};
  ForgetProducers(*owner, ids, Telling::kProducersToo, effects);
  return effects;
}

Result<Effects> Room::SetProducerFlow(ParticipantId id, std::string_view own_id, Flow flow) {
  Participant* owner = Find(id);
  Producer* producer = owner == nullptr ? nullptr : owner->FindProducer(own_id);
  if (producer == nullptr) {
    return Fail(ErrorCode::kProducerNotFound, "producerId names no producer of yours");
  }
  Effects effects;
  const bool paused = flow == Flow::kPaused;
  if (producer->paused == paused) return effects;
  SetPaused(*owner, *producer, paused, effects);
  effects.push_back(RecordFlow{
      .participant = id, .producer = producer->id, .source = producer->source, .flow = flow});
  return effects;
}

void Room::SetPaused(const Participant& owner, Producer& producer, bool paused, Effects& effects) {
  producer.paused = paused;
  TellOthers(
      owner.id, "producerUpdated",
      {{"participantId", owner.id.ToString()}, {"producerId", producer.id}, {"paused", paused}},
      effects);
}

Effects Room::Mute(ParticipantId id, std::span<const MediaId> producer_ids) {
  Effects effects;
  Participant* owner = Find(id);
  if (owner == nullptr) return effects;
  for (Producer& producer : owner->producers) {
    if (producer.paused || std::ranges::count(producer_ids, producer.id) == 0) continue;
    SetPaused(*owner, producer, true, effects);
    Tell(*owner, "producerUpdated",
         {{"participantId", id.ToString()}, {"producerId", producer.own_id}, {"paused", true}},
         effects);
    effects.push_back(RecordFlow{.participant = id,
                                 .producer = producer.id,
                                 .source = producer.source,
                                 .flow = Flow::kPaused,
                                 .by = RecordFlow::By::kModerator});
  }
  return effects;
}

void Room::ForgetTransport(Participant& owner, std::string_view transport_id, Effects& effects) {
  std::vector<MediaId> producer_ids;
  for (const Producer& producer : owner.producers) {
    if (producer.transport_id == transport_id) producer_ids.push_back(producer.id);
  }
  ForgetProducers(owner, producer_ids, Telling::kProducersToo, effects);
  std::erase_if(owner.consumers, [&](const auto& entry) {
    if (entry.second.transport_id != transport_id) return false;
    owner.settled_producers.erase(entry.second.producer_id);
    return true;
  });
  std::erase_if(owner.transports, [&](const Transport& t) { return t.id == transport_id; });
  if (owner.is_seen()) effects.push_back(ShareParticipant{owner.id});
}

void Room::ClearMedia(Participant& participant, Telling telling, Effects& effects) {
  CloseMedia close;
  for (const Transport& transport : participant.transports)
    close.transports.push_back(transport.id);
  if (!close.transports.empty()) effects.push_back(std::move(close));
  std::vector<MediaId> producer_ids;
  for (const Producer& producer : participant.producers) producer_ids.push_back(producer.id);
  ForgetProducers(participant, producer_ids, telling, effects);
  participant.transports.clear();
  participant.consumers.clear();
  participant.settled_producers.clear();
}

Result<Effects> Room::RemoveTransport(ParticipantId id, std::string_view transport_id) {
  Participant* owner = Find(id);
  if (owner == nullptr || owner->FindTransport(transport_id) == nullptr) {
    return Fail(ErrorCode::kTransportNotFound, "transportId names no transport of yours");
  }
  Effects effects{CloseMedia{.transports = {MediaId(transport_id)}}};
  ForgetTransport(*owner, transport_id, effects);
  return effects;
}

Effects Room::TransportLost(std::string_view transport_id, std::string_view reason) {
  Effects effects;
  for (const auto& owner : participants_) {
    if (owner->FindTransport(transport_id) == nullptr) continue;
    const std::string id(transport_id);
    ForgetTransport(*owner, id, effects);
    if (owner->is_seen()) {
      Tell(*owner, "transportClosed", {{"transportId", id}, {"reason", reason}}, effects);
    }
    break;
  }
  return effects;
}

Effects Room::ProducerLost(std::string_view producer_id) {
  Effects effects;
  const OwnedProducer found = FindProducer(producer_id);
  // Elsewhere its own instance hears it.
  if (found.producer == nullptr || found.owner->is_elsewhere) return effects;
  const std::string own_id = found.producer->own_id;
  ForgetProducers(*found.owner, {MediaId(producer_id)}, Telling::kProducersToo, effects);
  Tell(*found.owner, "producerRemoved",
       {{"participantId", found.owner->id.ToString()}, {"producerId", own_id}}, effects);
  return effects;
}

Effects Room::AllMediaLost() {
  Effects effects;
  for (const auto& participant : participants_) {
    ++participant->attempt;
    while (!participant->transports.empty()) {
      const MediaId id = participant->transports.back().id;
      for (Effect& effect : TransportLost(id, "media-lost")) effects.push_back(std::move(effect));
    }
    participant->settled_producers.clear();
  }
  return effects;
}

}  // namespace confab::signaling
