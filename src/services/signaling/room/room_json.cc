#include "services/signaling/room/room_json.h"

namespace confab::signaling {

json::object ProducerJson(const Producer& producer) {
  return {{"id", producer.id},
          {"kind", ToString(producer.kind)},
          {"source", ToString(producer.source)},
          {"paused", producer.paused}};
}

json::object ParticipantJson(const Participant& participant) {
  json::array producers;
  for (const Producer& producer : participant.producers)
    producers.push_back(ProducerJson(producer));
  return {{"id", participant.id.ToString()},
          {"name", participant.name},
          {"joinedAt", participant.joined_at_ms},
          {"connected", participant.is_connected()},
          {"producers", std::move(producers)}};
}

json::object ConsumerJson(const Consumer& consumer, const Producer& producer) {
  const std::string owner = consumer.owner.ToString();
  return {{"id", consumer.id},
          {"producerId", consumer.producer_id},
          {"participantId", owner},
          {"kind", ToString(consumer.kind)},
          {"source", ToString(consumer.source)},
          {"type", consumer.type},
          {"rtpParameters", consumer.rtp_parameters},
          {"streamId", owner + (IsScreen(consumer.source) ? "-screen" : "-user")},
          {"producerPaused", producer.paused}};
}

}  // namespace confab::signaling
