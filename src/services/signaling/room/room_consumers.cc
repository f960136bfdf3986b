// The part of Room that keeps the books of consumers: who is to get what, and who gets it.
#include <algorithm>

#include "services/signaling/room/room.h"
#include "services/signaling/room/room_json.h"

namespace confab::signaling {

void Room::ForgetConsumersOf(Participant& receiver, const std::vector<MediaId>& producer_ids,
                             Effects& effects) {
  json::array closed;
  std::erase_if(receiver.consumers, [&](const auto& entry) {
    if (std::ranges::count(producer_ids, entry.second.producer_id) == 0) return false;
    closed.emplace_back(entry.first);
    return true;
  });
  for (const MediaId& id : producer_ids) receiver.settled_producers.erase(id);
  if (!receiver.is_told()) return;
  if (receiver.mode == Mode::kClassic) {
    for (const MediaId& id : producer_ids) {
      Tell(receiver, "producerClosed", {{"producerId", id}}, effects);
    }
  } else if (!closed.empty()) {
    Tell(receiver, "consumersClosed", {{"consumerIds", std::move(closed)}}, effects);
  }
}

std::vector<MissingConsumer> Room::TakeMissing(ParticipantId id) {
  std::vector<MissingConsumer> missing;
  Participant* receiver = Find(id);
  if (receiver == nullptr || receiver->mode != Mode::kQuick ||
      receiver->FindTransport(Direction::kRecv) == nullptr) {
    return missing;
  }
  size_t room_left = kMaxConsumersPerParticipant - receiver->consumers.size();
  for (const auto& owner : participants_) {
    if (owner->id == id) continue;
    for (const Producer& producer : owner->producers) {
      if (room_left == 0) return missing;
      if (!receiver->settled_producers.insert(producer.id).second) continue;
      missing.push_back({producer.id, owner->id, producer.kind, producer.source});
      --room_left;
    }
  }
  return missing;
}

std::vector<MediaId> Room::VideosFor(ParticipantId id) const {
  std::vector<MediaId> videos;
  for (const auto& owner : participants_) {
    if (owner->id == id) continue;
    for (const Producer& producer : owner->producers) {
      if (producer.kind == MediaKind::kVideo && !producer.paused) videos.push_back(producer.id);
    }
  }
  return videos;
}

void Room::ReturnMissing(ParticipantId id, const std::vector<MissingConsumer>& missing) {
  Participant* receiver = Find(id);
  if (receiver == nullptr) return;
  for (const MissingConsumer& item : missing) receiver->settled_producers.erase(item.producer_id);
}

Effects Room::AddConsumers(ParticipantId id, std::vector<Consumer> consumers, Delivery delivery) {
  Effects effects;
  Participant* receiver = Find(id);
  json::array announced;
  CloseMedia stale;
  for (Consumer& consumer : consumers) {
    const Producer* producer = FindProducer(consumer.producer_id).producer;
    if (receiver == nullptr || producer == nullptr ||
        receiver->FindTransport(consumer.transport_id) == nullptr) {
      stale.consumers.push_back(std::move(consumer.id));
      continue;
    }
    if (delivery == Delivery::kInReply) consumer.ready = true;
    if (delivery == Delivery::kPushed) announced.push_back(ConsumerJson(consumer, *producer));
    const MediaId consumer_id = consumer.id;
    receiver->consumers.emplace(consumer_id, std::move(consumer));
  }
  if (!stale.consumers.empty()) effects.push_back(std::move(stale));
  if (!announced.empty()) {
    Tell(*receiver, "newConsumers", {{"consumers", std::move(announced)}}, effects);
  }
  return effects;
}

Result<Effects> Room::RemoveConsumer(ParticipantId id, std::string_view consumer_id) {
  Participant* receiver = Find(id);
  if (receiver == nullptr || receiver->consumers.erase(MediaId(consumer_id)) == 0) {
    return Fail(ErrorCode::kConsumerNotFound, "consumerId names no consumer of yours");
  }
  return Effects{CloseMedia{.consumers = {MediaId(consumer_id)}}};
}

Effects Room::ConsumersLost(const std::vector<MediaId>& consumer_ids) {
  Effects effects;
  for (const auto& receiver : participants_) {
    json::array closed;
    for (const MediaId& id : consumer_ids) {
      if (receiver->consumers.erase(id) > 0) closed.emplace_back(id);
    }
    if (closed.empty() || !receiver->is_seen()) continue;
    Tell(*receiver, "consumersClosed", {{"consumerIds", std::move(closed)}}, effects);
  }
  return effects;
}

}  // namespace confab::signaling
