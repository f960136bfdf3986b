#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "services/signaling/room/room.h"

namespace confab::signaling {

// A room for three, and short words for what happens in it.
class RoomFixture : public testing::Test {
 protected:
  using Names = std::vector<std::string>;

  static constexpr Timestamp kNow = Timestamp::Millis(1000);
  static constexpr TimeDelta kGrace = TimeDelta::Seconds(15);

  ParticipantId NewId() { return ParticipantId::Random(random_); }
  ConnectionId NewConnection() { return ConnectionId{++last_connection_}; }
  ConnectionId ConnectionOf(ParticipantId id) { return room_.Find(id)->connection; }

  Entrant EntrantOf(std::string name, Mode mode = Mode::kQuick) {
    return {.name = std::move(name), .mode = mode, .connection = NewConnection()};
  }
  ParticipantId Admit(std::string name, Mode mode = Mode::kQuick) {
    const ParticipantId id = NewId();
    EXPECT_TRUE(room_.Admit(id, 0, EntrantOf(std::move(name), mode)).has_value());
    return id;
  }
  ParticipantId Prepare() {
    const ParticipantId id = NewId();
    EXPECT_TRUE(room_.Prepare(id, EntrantOf("")).has_value());
    return id;
  }
  void AddTransports(ParticipantId id) {
    const uint32_t attempt = room_.Find(id)->attempt;
    const std::string suffix = "-" + std::to_string(++last_transport_);
    EXPECT_TRUE(
        room_.AddTransport(id, attempt, {.id = "send" + suffix, .direction = Direction::kSend}));
    EXPECT_TRUE(
        room_.AddTransport(id, attempt, {.id = "recv" + suffix, .direction = Direction::kRecv}));
  }
  Effects Seat(ParticipantId id) {
    Result<Effects> effects = room_.Seat(id, room_.Find(id)->attempt);
    EXPECT_TRUE(effects.has_value());
    return effects ? std::move(*effects) : Effects();
  }
  ParticipantId Join(std::string name, Mode mode = Mode::kQuick) {
    const ParticipantId id = Admit(std::move(name), mode);
    AddTransports(id);
    Seat(id);
    return id;
  }
  Producer ProducerOf(ParticipantId id, std::string own_id) {
    return {.own_id = own_id,
            .id = Room::ProducerIdOf(id, own_id),
            .transport_id = room_.Find(id)->transports.at(0).id,
            .kind = MediaKind::kVideo,
            .source = Source::kCamera};
  }
  MediaId Produce(ParticipantId id, std::string own_id) {
    const Producer producer = ProducerOf(id, std::move(own_id));
    EXPECT_TRUE(room_.AddProducer(id, producer).has_value());
    return producer.id;
  }
  // What the media service would answer to `missing`.
  std::vector<Consumer> ConsumersFor(ParticipantId id,
                                     const std::vector<MissingConsumer>& missing) {
    std::vector<Consumer> consumers;
    for (const MissingConsumer& item : missing) {
      consumers.push_back({.id = "c" + std::to_string(++last_consumer_),
                           .producer_id = item.producer_id,
                           .owner = item.owner,
                           .transport_id = room_.Find(id)->transports.at(1).id,
                           .kind = item.kind,
                           .source = item.source,
                           .type = "simple"});
    }
    return consumers;
  }
  Effects ConsumeAll(ParticipantId id, Delivery delivery = Delivery::kPushed) {
    return room_.AddConsumers(id, ConsumersFor(id, room_.TakeMissing(id)), delivery);
  }

  // The names of the events that go to a participant, in order.
  Names SentTo(ParticipantId id, const Effects& effects) {
    Names names;
    for (const Effect& effect : effects) {
      const auto* sent = std::get_if<SendEvent>(&effect);
      if (sent != nullptr && sent->to == ConnectionOf(id)) names.push_back(sent->name);
    }
    return names;
  }
  json::object PayloadTo(ParticipantId id, const Effects& effects, std::string_view name) {
    for (const Effect& effect : effects) {
      const auto* sent = std::get_if<SendEvent>(&effect);
      if (sent != nullptr && sent->to == ConnectionOf(id) && sent->name == name) {
        return sent->payload;
      }
    }
    ADD_FAILURE() << "no " << name;
    return {};
  }
  static std::vector<ConnectionId> Replaced(const Effects& effects) {
    std::vector<ConnectionId> connections;
    for (const Effect& effect : effects) {
      if (const auto* replaced = std::get_if<ReplaceConnection>(&effect)) {
        connections.push_back(replaced->connection);
      }
    }
    return connections;
  }
  static CloseMedia Closed(const Effects& effects) {
    CloseMedia all;
    for (const Effect& effect : effects) {
      const auto* close = std::get_if<CloseMedia>(&effect);
      if (close == nullptr) continue;
      all.transports.insert(all.transports.end(), close->transports.begin(),
                            close->transports.end());
      all.producers.insert(all.producers.end(), close->producers.begin(), close->producers.end());
      all.consumers.insert(all.consumers.end(), close->consumers.begin(), close->consumers.end());
    }
    return all;
  }
  // The first, or nullptr.
  static const RecordFlow* FlowIn(const Effects& effects) {
    for (const Effect& effect : effects) {
      if (const auto* recorded = std::get_if<RecordFlow>(&effect)) return recorded;
    }
    return nullptr;
  }
  template <typename Kind>
  static bool Has(const Effects& effects) {
    for (const Effect& effect : effects) {
      if (std::holds_alternative<Kind>(effect)) return true;
    }
    return false;
  }

  Prng random_{1};
  Room room_{RoomId::Random(random_), "room", 0, {.participants = 3, .grace = kGrace}};
  uint64_t last_connection_ = 0;
  int last_transport_ = 0;
  int last_consumer_ = 0;
};

}  // namespace confab::signaling
