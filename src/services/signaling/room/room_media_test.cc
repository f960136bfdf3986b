#include <gtest/gtest.h>

#include "base/testing/error_of.h"

#include "services/signaling/testing/room_fixture.h"

namespace confab::signaling {
namespace {

class RoomMediaTest : public RoomFixture {};

TEST_F(RoomMediaTest, AnnouncesAProducerAndAsksForItsConsumers) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  const ParticipantId carol = Join("Carol", Mode::kClassic);
  const Result<Effects> effects = room_.AddProducer(alice, ProducerOf(alice, "cam"));
  ASSERT_TRUE(effects.has_value());
  EXPECT_EQ(SentTo(bob, *effects), Names{"producerAdded"});
  EXPECT_EQ(SentTo(carol, *effects), (Names{"producerAdded", "newProducer"}));
  EXPECT_EQ(SentTo(alice, *effects), Names{});
  const auto& consume = std::get<ConsumeMissing>(effects->at(3));
  EXPECT_EQ(consume.participant, bob);
}

TEST_F(RoomMediaTest, ConsumesEveryProducerOfOthersOnce) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  const MediaId cam = Produce(alice, "cam");
  const MediaId mic = Produce(alice, "mic");
  Produce(bob, "cam");
  const auto missing = room_.TakeMissing(bob);
  ASSERT_EQ(missing.size(), 2u);
  EXPECT_EQ(missing[0].producer_id, cam);
  EXPECT_EQ(missing[1].producer_id, mic);
  EXPECT_TRUE(room_.TakeMissing(bob).empty());
  room_.ReturnMissing(bob, missing);
  EXPECT_EQ(room_.TakeMissing(bob).size(), 2u);
}

TEST_F(RoomMediaTest, DoesNotPushToClassicParticipantsOrWithoutATransport) {
  const ParticipantId alice = Join("Alice");
  Produce(alice, "cam");
  EXPECT_TRUE(room_.TakeMissing(Join("Bob", Mode::kClassic)).empty());
  EXPECT_TRUE(room_.TakeMissing(Admit("Carol")).empty());
}

TEST_F(RoomMediaTest, ConsumersOfAReplyAreReadyAndPushedOnesAreNot) {
  const ParticipantId alice = Join("Alice");
  Produce(alice, "cam");
  const ParticipantId bob = Admit("Bob");
  AddTransports(bob);
  EXPECT_TRUE(ConsumeAll(bob, Delivery::kInReply).empty());
  Seat(bob);
  EXPECT_TRUE(room_.Find(bob)->consumers.at("c1").flows());
  Produce(alice, "screen");
  EXPECT_EQ(SentTo(bob, ConsumeAll(bob)), Names{"newConsumers"});
  EXPECT_FALSE(room_.Find(bob)->consumers.at("c2").flows());
  EXPECT_EQ(room_.ConsumersJson(bob).size(), 2u);
}

TEST_F(RoomMediaTest, PreparedConsumersWaitUnannouncedAndFollowTheRoom) {
  const ParticipantId alice = Join("Alice");
  const MediaId cam = Produce(alice, "cam");
  const ParticipantId bob = Prepare();
  AddTransports(bob);
  EXPECT_TRUE(ConsumeAll(bob, Delivery::kPrepared).empty());
  EXPECT_FALSE(room_.Find(bob)->consumers.at("c1").flows());
  EXPECT_EQ(room_.ConsumersJson(bob).size(), 1u);
  const Result<Effects> more = room_.AddProducer(alice, ProducerOf(alice, "screen"));
  ASSERT_TRUE(more.has_value());
  EXPECT_FALSE(Has<ConsumeMissing>(*more));
  EXPECT_EQ(room_.TakeMissing(bob).size(), 1u);
  const Result<Effects> removed = room_.RemoveProducer(alice, "cam");
  ASSERT_TRUE(removed.has_value());
  EXPECT_EQ(SentTo(bob, *removed), Names{});
  EXPECT_EQ(room_.ConsumersJson(bob), json::array());
}

TEST_F(RoomMediaTest, ClosesConsumersWhoseProducerOrTransportWentMeanwhile) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  Produce(alice, "cam");
  std::vector<Consumer> late = ConsumersFor(bob, room_.TakeMissing(bob));
  ASSERT_TRUE(room_.RemoveProducer(alice, "cam").has_value());
  const Effects effects = room_.AddConsumers(bob, late, Delivery::kPushed);
  EXPECT_EQ(Closed(effects).consumers, std::vector<MediaId>{"c1"});
  EXPECT_EQ(SentTo(bob, effects), Names{});

  Produce(alice, "cam");
  late = ConsumersFor(bob, room_.TakeMissing(bob));
  room_.DropMedia(bob);
  EXPECT_EQ(Closed(room_.AddConsumers(bob, late, Delivery::kPushed)).consumers.size(), 1u);
  EXPECT_TRUE(room_.Find(bob)->consumers.empty());
}

TEST_F(RoomMediaTest, ASeatCatchesUpWithWhatCameDuringTheJoin) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Admit("Bob");
  AddTransports(bob);
  EXPECT_TRUE(room_.TakeMissing(bob).empty());
  Produce(alice, "cam");
  EXPECT_FALSE(room_.Find(bob)->media_is_settled);
  EXPECT_TRUE(Has<ConsumeMissing>(Seat(bob)));
  EXPECT_EQ(room_.TakeMissing(bob).size(), 1u);
}

TEST_F(RoomMediaTest, TellsOthersWhenAProducerCloses) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  const ParticipantId carol = Join("Carol", Mode::kClassic);
  const MediaId cam = Produce(alice, "cam");
  ConsumeAll(bob);
  const Result<Effects> effects = room_.RemoveProducer(alice, "cam");
  ASSERT_TRUE(effects.has_value());
  EXPECT_EQ(SentTo(bob, *effects), (Names{"consumersClosed", "producerRemoved"}));
  EXPECT_EQ(SentTo(carol, *effects), (Names{"producerClosed", "producerRemoved"}));
  const json::value closed = PayloadTo(carol, *effects, "producerClosed").at("producerId");
  EXPECT_EQ(closed, json::value(cam));
  EXPECT_EQ(ErrorOf(room_.RemoveProducer(alice, "cam")).code, ErrorCode::kProducerNotFound);
  EXPECT_EQ(ErrorOf(room_.RemoveProducer(bob, "cam")).code, ErrorCode::kProducerNotFound);
}

TEST_F(RoomMediaTest, ClosesATransportWithWhatIsOnIt) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  Produce(alice, "cam");
  ConsumeAll(bob);
  const MediaId send = room_.Find(alice)->producers.front().transport_id;
  EXPECT_EQ(ErrorOf(room_.RemoveTransport(bob, send)).code, ErrorCode::kTransportNotFound);
  const Result<Effects> effects = room_.RemoveTransport(alice, send);
  ASSERT_TRUE(effects.has_value());
  EXPECT_EQ(Closed(*effects).transports, std::vector<MediaId>{send});
  EXPECT_EQ(SentTo(bob, *effects), (Names{"consumersClosed", "producerRemoved"}));
  EXPECT_EQ(SentTo(alice, *effects), Names{}) << "it has asked for that";
  EXPECT_EQ(ErrorOf(room_.RemoveTransport(alice, send)).code, ErrorCode::kTransportNotFound);
}

TEST_F(RoomMediaTest, KeepsTheLimitsOfProducersAndTransports) {
  const ParticipantId alice = Join("Alice");
  for (size_t i = 0; i < kMaxProducersPerParticipant; ++i) Produce(alice, std::to_string(i));
  EXPECT_EQ(ErrorOf(room_.AddProducer(alice, ProducerOf(alice, "more"))).code,
            ErrorCode::kLimitExceeded);
  EXPECT_EQ(ErrorOf(room_.AddProducer(alice, ProducerOf(alice, "0"))).code,
            ErrorCode::kDuplicateId);
  AddTransports(alice);
  EXPECT_EQ(ErrorOf(room_.AddTransport(alice, room_.Find(alice)->attempt, {.id = "more"})).code,
            ErrorCode::kLimitExceeded);
}

TEST_F(RoomMediaTest, ProducesOnlyOnTransportsOfOnesOwnThatSend) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  Producer producer = ProducerOf(alice, "cam");
  producer.transport_id = room_.Find(alice)->transports.at(1).id;
  EXPECT_EQ(ErrorOf(room_.CheckProducer(alice, producer)).code, ErrorCode::kTransportNotFound);
  producer.transport_id = room_.Find(bob)->transports.at(0).id;
  EXPECT_EQ(ErrorOf(room_.CheckProducer(alice, producer)).code, ErrorCode::kTransportNotFound);
}

TEST_F(RoomMediaTest, TwoParticipantsMayUseTheSameIdOfTheirOwn) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  const MediaId one = Produce(alice, "cam");
  const MediaId other = Produce(bob, "cam");
  EXPECT_NE(one, other);
  EXPECT_EQ(room_.FindProducer(one).owner->id, alice);
  EXPECT_EQ(room_.FindProducer(other).owner->id, bob);
  EXPECT_EQ(room_.FindProducer("cam").producer, nullptr);
  EXPECT_EQ(room_.FindProducer("").producer, nullptr);
}

TEST_F(RoomMediaTest, AProducersIdFitsWithTheLongestOwnId) {
  const MediaId id = Room::ProducerIdOf(NewId(), std::string(kMaxOwnProducerIdSize, 'x'));
  EXPECT_LE(id.size(), 64u);
}

TEST_F(RoomMediaTest, TellsOfAPauseOnce) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  Produce(alice, "mic");
  const Result<Effects> paused = room_.SetProducerFlow(alice, "mic", Flow::kPaused);
  ASSERT_TRUE(paused.has_value());
  EXPECT_EQ(PayloadTo(bob, *paused, "producerUpdated").at("paused"), true);
  const RecordFlow* recorded = FlowIn(*paused);
  ASSERT_NE(recorded, nullptr);
  EXPECT_EQ(recorded->participant, alice);
  EXPECT_EQ(recorded->producer, Room::ProducerIdOf(alice, "mic"));
  EXPECT_EQ(recorded->source, Source::kCamera);
  EXPECT_EQ(recorded->flow, Flow::kPaused);
  EXPECT_EQ(recorded->by, RecordFlow::By::kSelf);
  EXPECT_TRUE(room_.SetProducerFlow(alice, "mic", Flow::kPaused)->empty());
}

TEST_F(RoomMediaTest, WhoIsMutedIsToldUnderItsOwnIdAndOthersUnderTheirs) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  const MediaId mic = Produce(alice, "mic");
  const std::vector<MediaId> asked{mic, "unknown"};
  const Effects effects = room_.Mute(alice, asked);
  EXPECT_EQ(PayloadTo(bob, effects, "producerUpdated").at("producerId").as_string(), mic);
  EXPECT_EQ(PayloadTo(alice, effects, "producerUpdated").at("producerId"), "mic");
  EXPECT_EQ(PayloadTo(alice, effects, "producerUpdated").at("paused"), true);
  ASSERT_NE(FlowIn(effects), nullptr);
  EXPECT_EQ(FlowIn(effects)->producer, mic);
  EXPECT_EQ(FlowIn(effects)->by, RecordFlow::By::kModerator);
  EXPECT_TRUE(room_.Mute(alice, asked).empty()) << "it is muted already";
  EXPECT_FALSE(room_.SetProducerFlow(alice, "mic", Flow::kRunning)->empty()) << "it may unmute";
}

TEST_F(RoomMediaTest, ALostTransportTakesItsProducersAndTellsItsOwner) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  Produce(alice, "cam");
  ConsumeAll(bob);
  const MediaId transport = room_.Find(alice)->transports.at(0).id;
  const Effects effects = room_.TransportLost(transport, "ice-timeout");
  EXPECT_EQ(SentTo(bob, effects), (Names{"consumersClosed", "producerRemoved"}));
  EXPECT_EQ(PayloadTo(alice, effects, "transportClosed").at("reason"), "ice-timeout");
  EXPECT_EQ(room_.Find(alice)->transports.size(), 1u);
  EXPECT_TRUE(room_.TransportLost(transport, "ice-timeout").empty());
}

TEST_F(RoomMediaTest, ALostReceivingTransportIsConsumedAnewOnTheNext) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  Produce(alice, "cam");
  ConsumeAll(bob);
  room_.TransportLost(room_.Find(bob)->transports.at(1).id, "dtls-failed");
  EXPECT_TRUE(room_.Find(bob)->consumers.empty());
  room_.DropMedia(bob);
  AddTransports(bob);
  EXPECT_EQ(room_.TakeMissing(bob).size(), 1u);
}

TEST_F(RoomMediaTest, WhenAllMediaIsLostEveryTransportIsToldAndJoinsFail) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  const ParticipantId carol = Admit("Carol");
  const uint32_t attempt = room_.Find(carol)->attempt;
  Produce(alice, "cam");
  ConsumeAll(bob);
  const Effects effects = room_.AllMediaLost();
  EXPECT_EQ(SentTo(alice, effects), (Names{"transportClosed", "transportClosed"}));
  EXPECT_EQ(SentTo(bob, effects),
            (Names{"consumersClosed", "producerRemoved", "transportClosed", "transportClosed"}));
  EXPECT_FALSE(room_.Seat(carol, attempt).has_value());
  EXPECT_TRUE(room_.Abandon(carol, ConnectionOf(carol), kNow).empty()) << "nothing of hers is left";
  EXPECT_EQ(room_.Find(carol), nullptr);
  EXPECT_TRUE(room_.Find(alice)->producers.empty());
  EXPECT_TRUE(Closed(effects).transports.empty());
}

TEST_F(RoomMediaTest, WhatTheMediaServiceClosesByItselfIsTold) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  const MediaId cam = Produce(alice, "cam");
  ConsumeAll(bob);
  EXPECT_EQ(SentTo(bob, room_.ConsumersLost({"c1", "unknown"})), Names{"consumersClosed"});
  EXPECT_TRUE(room_.ConsumersLost({"c1"}).empty());
  const Effects effects = room_.ProducerLost(cam);
  EXPECT_EQ(PayloadTo(alice, effects, "producerRemoved").at("producerId"), "cam");
  EXPECT_EQ(PayloadTo(bob, effects, "producerRemoved").at("producerId"), json::value(cam));
  EXPECT_TRUE(room_.ProducerLost(cam).empty());
}

TEST_F(RoomMediaTest, LeavingClosesTheConsumersOfOthersBeforeTheGoodbye) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  Produce(alice, "cam");
  ConsumeAll(bob);
  const Effects effects = room_.Leave(alice, LeaveReason::kLeft);
  EXPECT_EQ(SentTo(bob, effects), (Names{"consumersClosed", "participantLeft"}));
}

TEST_F(RoomMediaTest, TakesOnlyWhatTheTokenGrants) {
  using Field = bool auth::Grants::*;
  const std::vector<std::pair<Source, Field>> cases{{Source::kMicrophone, &auth::Grants::audio},
                                                    {Source::kCamera, &auth::Grants::video},
                                                    {Source::kScreen, &auth::Grants::screen},
                                                    {Source::kScreenAudio, &auth::Grants::screen}};
  const ParticipantId alice = Join("Alice");
  const auto is_forbidden = [&](const Producer& producer) {
    const Result<void> checked = room_.CheckProducer(alice, producer);
    return !checked && checked.error().code == ErrorCode::kForbidden;
  };
  for (const auto& [source, field] : cases) {
    Producer producer = ProducerOf(alice, "p" + std::string(ToString(source)));
    producer.source = source;
    producer.kind = KindOf(source);
    auth::Grants grants;
    grants.*field = false;
    room_.Find(alice)->grants = grants;
    EXPECT_TRUE(is_forbidden(producer)) << ToString(source);
    room_.Find(alice)->grants = {};
    EXPECT_TRUE(room_.CheckProducer(alice, producer).has_value());
    room_.Find(alice)->grants.hidden = true;
    EXPECT_TRUE(is_forbidden(producer)) << ToString(source);
  }
}

}  // namespace
}  // namespace confab::signaling
