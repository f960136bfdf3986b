#include <gmock/gmock.h>

#include "services/signaling/room/room.h"
#include "services/signaling/testing/room_fixture.h"

namespace confab::signaling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class RoomElsewhereTest : public RoomFixture {
 protected:
  static v1::SharedParticipant Shared(std::string name) {
    v1::SharedParticipant shared;
    shared.set_name(std::move(name));
    shared.set_is_connected(true);
    shared.mutable_grants()->set_audio(true);
    shared.mutable_grants()->set_video(true);
    return shared;
  }
  static v1::SharedParticipant WithCamera(ParticipantId id, v1::SharedParticipant shared,
                                          bool paused = false) {
    v1::SharedProducer& camera = *shared.add_producers();
    camera.set_own_id("cam");
    camera.set_id(Room::ProducerIdOf(id, "cam"));
    camera.set_transport_id("send");
    camera.set_kind("video");
    camera.set_source("camera");
    camera.set_paused(paused);
    return shared;
  }
  static v1::SharedParticipant WithTransports(v1::SharedParticipant shared) {
    v1::SharedTransport& send = *shared.add_transports();
    send.set_id("send");
    send.set_direction("send");
    v1::SharedTransport& recv = *shared.add_transports();
    recv.set_id("recv");
    recv.set_direction("recv");
    recv.set_is_connected(true);
    return shared;
  }
  // The media service has the transports, and these consumers on "recv".
  static media::v1::StatsResponse Described(
      const std::vector<std::pair<std::string, std::string>>& consumers) {
    media::v1::StatsResponse described;
    for (const char* id : {"send", "recv"}) described.add_transports()->set_transport_id(id);
    for (const auto& [id, producer_id] : consumers) {
      media::v1::ConsumerStats& stats = *described.add_consumers();
      stats.set_consumer_id(id);
      stats.set_producer_id(producer_id);
      stats.set_transport_id("recv");
      stats.set_type("simple");
    }
    return described;
  }
  Effects TakeOver(ParticipantId id, const v1::SharedParticipant& shared, uint64_t seq = 0) {
    return room_.TakeOver(id, shared, NewConnection(), seq);
  }
};

TEST_F(RoomElsewhereTest, TellsThoseHereWhoComesAndGoesElsewhere) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = NewId();
  EXPECT_THAT(SentTo(alice, room_.SetElsewhere(bob, Shared("Bob"))),
              ElementsAre("participantJoined"));
  EXPECT_THAT(room_.OthersJson(alice), SizeIs(1));
  EXPECT_THAT(SentTo(alice, room_.SetElsewhere(bob, Shared("Bob"))), IsEmpty());
  const Effects left = room_.DropElsewhere(bob, "timeout");
  EXPECT_EQ(PayloadTo(alice, left, "participantLeft").at("reason"), "timeout");
  EXPECT_THAT(room_.OthersJson(alice), IsEmpty());
}

TEST_F(RoomElsewhereTest, TellsWhatHasChanged) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = NewId();
  room_.SetElsewhere(bob, Shared("Bob"));
  EXPECT_EQ(PayloadTo(alice, room_.SetElsewhere(bob, Shared("Rob")), "participantUpdated"),
            (json::object{{"seq", 2}, {"participantId", bob.ToString()}, {"name", "Rob"}}));
  v1::SharedParticipant lost = Shared("Rob");
  lost.set_is_connected(false);
  EXPECT_EQ(PayloadTo(alice, room_.SetElsewhere(bob, lost), "participantUpdated").at("connected"),
            false);
}

TEST_F(RoomElsewhereTest, OffersWhatIsSentElsewhere) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = NewId();
  const Effects came = room_.SetElsewhere(bob, WithCamera(bob, Shared("Bob")));
  EXPECT_THAT(SentTo(alice, came), ElementsAre("participantJoined", "producerAdded"));
  EXPECT_TRUE(Has<ConsumeMissing>(came));
  ConsumeAll(alice);
  EXPECT_THAT(room_.Find(alice)->consumers, SizeIs(1));
  EXPECT_THAT(room_.VideosFor(alice), ElementsAre(Room::ProducerIdOf(bob, "cam")));
  EXPECT_THAT(SentTo(alice, room_.SetElsewhere(bob, WithCamera(bob, Shared("Bob"), true))),
              ElementsAre("producerUpdated"));
  EXPECT_THAT(SentTo(alice, room_.SetElsewhere(bob, Shared("Bob"))),
              ElementsAre("consumersClosed", "producerRemoved"));
  EXPECT_THAT(room_.Find(alice)->consumers, IsEmpty());
}

TEST_F(RoomElsewhereTest, TellsNobodyOfAHiddenOne) {
  const ParticipantId alice = Join("Alice");
  v1::SharedParticipant recorder = Shared("Recorder");
  recorder.mutable_grants()->set_hidden(true);
  EXPECT_THAT(SentTo(alice, room_.SetElsewhere(NewId(), recorder)), IsEmpty());
  EXPECT_THAT(room_.OthersJson(alice), IsEmpty());
}

TEST_F(RoomElsewhereTest, CountsThoseElsewhereAsSeats) {
  Join("Alice");
  room_.SetElsewhere(NewId(), Shared("Bob"));
  room_.SetElsewhere(NewId(), Shared("Carol"));
  EXPECT_TRUE(room_.is_full());
  EXPECT_FALSE(room_.Admit(NewId(), 0, EntrantOf("Dave")).has_value());
}

TEST_F(RoomElsewhereTest, ClosesWithTheLastOneHereAndSaysWhetherOthersStay) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = NewId();
  room_.SetElsewhere(bob, Shared("Bob"));
  const Effects left = room_.Leave(alice, LeaveReason::kLeft);
  ASSERT_TRUE(Has<CloseRoom>(left));
  EXPECT_TRUE(std::get<CloseRoom>(left.back()).is_inhabited);
  EXPECT_TRUE(room_.is_closed());
}

TEST_F(RoomElsewhereTest, SharesWhatOthersSee) {
  const ParticipantId alice = Admit("Alice");
  AddTransports(alice);
  const auto shares = [](const Effects& effects) { return Has<ShareParticipant>(effects); };
  EXPECT_TRUE(shares(Seat(alice)));
  EXPECT_TRUE(shares(*room_.AddProducer(alice, ProducerOf(alice, "cam"))));
  EXPECT_TRUE(shares(*room_.SetProducerFlow(alice, "cam", Flow::kPaused)));
  EXPECT_TRUE(shares(room_.Rename(alice, "Alicia")));
  const v1::SharedParticipant shared = room_.Shared(alice);
  EXPECT_EQ(shared.name(), "Alicia");
  EXPECT_THAT(shared.transports(), SizeIs(2));
  ASSERT_THAT(shared.producers(), SizeIs(1));
  EXPECT_TRUE(shared.producers(0).paused());
  EXPECT_TRUE(shares(room_.LoseConnection(alice, ConnectionOf(alice), kNow)));
  // Not what happens elsewhere: that is told by whose it is.
  const ParticipantId bob = NewId();
  EXPECT_FALSE(shares(room_.SetElsewhere(bob, WithCamera(bob, Shared("Bob")))));
}

TEST_F(RoomElsewhereTest, TakesOverWithMediaAsItIs) {
  const ParticipantId alice = Join("Alice");
  const MediaId camera = Produce(alice, "cam");
  const ParticipantId bob = NewId();
  const v1::SharedParticipant shared = WithTransports(WithCamera(bob, Shared("Bob")));
  room_.SetElsewhere(bob, shared);
  const Effects taken = TakeOver(bob, shared, 40);
  EXPECT_TRUE(Has<ShareParticipant>(taken));
  EXPECT_THAT(SentTo(alice, taken), IsEmpty()) << "for the others nothing has changed";
  EXPECT_EQ(room_.Shared(bob).term(), 1U);
  media::v1::StatsResponse described = Described({{"c1", camera}});
  media::v1::ProducerStats& own = *described.add_producers();
  own.set_producer_id(Room::ProducerIdOf(bob, "cam"));
  own.set_transport_id("send");
  const Effects restored = room_.Restore(bob, room_.Find(bob)->attempt, described);
  EXPECT_THAT(Closed(restored).producers, IsEmpty());
  EXPECT_THAT(Closed(restored).consumers, IsEmpty());
  EXPECT_EQ(room_.Settle(bob), 41U);
  EXPECT_THAT(room_.Find(bob)->producers, SizeIs(1));
  EXPECT_THAT(room_.ConsumersJson(bob), SizeIs(1));
  EXPECT_THAT(room_.TakeMissing(bob), IsEmpty());
  EXPECT_EQ(PayloadTo(bob, room_.Rename(alice, "Alicia"), "participantUpdated").at("seq"), 42);
}

// The answer to the first was lost with its connection.
TEST_F(RoomElsewhereTest, TellsTheStateAgainToOneWhoHasNotGotIt) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = NewId();
  TakeOver(bob, Shared("Bob"), 40);
  EXPECT_EQ(room_.Resume(bob, NewConnection(), 40)->events, std::nullopt)
      << "while it is being made";
  const uint64_t state = room_.Settle(bob);
  room_.Rename(alice, "Alicia");
  EXPECT_EQ(room_.Resume(bob, NewConnection(), 40)->events, std::nullopt);
  const Result<ResumeOutcome> newer = room_.Resume(bob, NewConnection(), state);
  EXPECT_EQ(newer->events, std::nullopt) << "there has been a newer one";
  EXPECT_THAT(*room_.Resume(bob, NewConnection(), newer->seq)->events, IsEmpty());
}

TEST_F(RoomElsewhereTest, ClosesWhatTheMediaServiceHasBeyondTheBooks) {
  Join("Alice");
  const ParticipantId bob = NewId();
  TakeOver(bob, WithTransports(Shared("Bob")));
  media::v1::StatsResponse described = Described({{"c1", "gone"}});
  media::v1::ProducerStats& unanswered = *described.add_producers();
  unanswered.set_producer_id("new");
  unanswered.set_transport_id("send");
  const CloseMedia closed = Closed(room_.Restore(bob, room_.Find(bob)->attempt, described));
  EXPECT_THAT(closed.producers, ElementsAre("new"));
  EXPECT_THAT(closed.consumers, ElementsAre("c1"));
}

// Where the server asks for consumers, one of a producer is enough; where the client does, it may
// have asked again because an answer was lost, and plays any of them.
TEST_F(RoomElsewhereTest, ClosesASecondConsumerOnlyWhereTheServerAskedForIt) {
  const MediaId camera = Produce(Join("Alice"), "cam");
  const media::v1::StatsResponse described = Described({{"c1", camera}, {"c2", camera}});
  for (const bool is_classic : {false, true}) {
    const ParticipantId bob = NewId();
    v1::SharedParticipant shared = WithTransports(Shared("Bob"));
    shared.set_is_classic(is_classic);
    TakeOver(bob, shared);
    const Effects restored = room_.Restore(bob, room_.Find(bob)->attempt, described);
    EXPECT_THAT(Closed(restored).consumers, SizeIs(is_classic ? 0 : 1));
    EXPECT_THAT(room_.Find(bob)->consumers, SizeIs(is_classic ? 2 : 1));
  }
}

TEST_F(RoomElsewhereTest, RestoresAnewForWhoComesBackBeforeItWasToldAnything) {
  const ParticipantId alice = Join("Alice");
  Produce(alice, "cam");
  const ParticipantId bob = NewId();
  TakeOver(bob, WithTransports(Shared("Bob")));
  const uint32_t attempt = room_.Find(bob)->attempt;
  const ConnectionId again{77};
  ASSERT_TRUE(room_.Resume(bob, again, 0));
  EXPECT_TRUE(room_.Find(bob)->is_restoring);
  EXPECT_FALSE(room_.Find(bob)->in_sync);
  media::v1::StatsResponse described = Described({});
  media::v1::ConsumerStats& picture = *described.add_consumers();
  picture.set_consumer_id("picture");
  picture.set_producer_id(Room::ProducerIdOf(alice, "cam"));
  picture.set_transport_id("recv");
  EXPECT_THAT(room_.Restore(bob, attempt, described), IsEmpty());
  EXPECT_THAT(room_.Find(bob)->consumers, IsEmpty()) << "that was for the connection before";
  for (int i = 0; i < 2; ++i) {
    const Effects restored = room_.Restore(bob, room_.Find(bob)->attempt, described);
    EXPECT_THAT(Closed(restored).consumers, IsEmpty());
    EXPECT_THAT(room_.Find(bob)->consumers, SizeIs(1));
  }
  room_.Settle(bob);
  EXPECT_FALSE(room_.Find(bob)->is_restoring);
  EXPECT_TRUE(room_.Find(bob)->in_sync);
}

TEST_F(RoomElsewhereTest, BelievesTheMediaServiceWhichProducersArePaused) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = NewId();
  TakeOver(bob, WithTransports(WithCamera(bob, Shared("Bob"))));
  media::v1::StatsResponse described = Described({});
  media::v1::ProducerStats& camera = *described.add_producers();
  camera.set_producer_id(Room::ProducerIdOf(bob, "cam"));
  camera.set_transport_id("send");
  const uint32_t attempt = room_.Find(bob)->attempt;
  EXPECT_THAT(SentTo(alice, room_.Restore(bob, attempt, described)), IsEmpty())
      << "it may be one that does not say so";
  camera.set_paused(true);
  const Effects paused = room_.Restore(bob, attempt, described);
  EXPECT_EQ(PayloadTo(alice, paused, "producerUpdated").at("paused"), true);
  EXPECT_TRUE(room_.Shared(bob).producers(0).paused());
  EXPECT_THAT(SentTo(alice, room_.Restore(bob, attempt, described)), IsEmpty());
}

TEST_F(RoomElsewhereTest, LosesWhatTheMediaServiceDoesNotHave) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = NewId();
  TakeOver(bob, WithTransports(WithCamera(bob, Shared("Bob"))));
  ConsumeAll(alice);
  const Effects lost = room_.Restore(bob, room_.Find(bob)->attempt, {});
  EXPECT_THAT(SentTo(alice, lost), ElementsAre("consumersClosed", "producerRemoved"));
  EXPECT_THAT(room_.Find(bob)->transports, IsEmpty());
  const auto& told = room_.Find(bob)->log.events();
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_EQ(told.front().name, "transportClosed");
  room_.Settle(bob);
}

TEST_F(RoomElsewhereTest, YieldsWithoutClosingMedia) {
  const ParticipantId alice = Join("Alice");
  const ParticipantId bob = Join("Bob");
  Produce(bob, "cam");
  ConsumeAll(alice);
  const ConnectionId connection = ConnectionOf(bob);
  const Effects yielded = room_.Yield(bob);
  EXPECT_THAT(Replaced(yielded), ElementsAre(connection));
  EXPECT_THAT(Closed(yielded).transports, IsEmpty());
  EXPECT_THAT(SentTo(alice, yielded), IsEmpty());
  EXPECT_THAT(room_.Find(alice)->consumers, SizeIs(1)) << "his picture goes on";
  EXPECT_EQ(room_.FindHere(bob), nullptr);
  // What its own instance hears, we do not act upon.
  EXPECT_THAT(room_.ProducerLost(Room::ProducerIdOf(bob, "cam")), IsEmpty());
  EXPECT_TRUE(room_.NextTimeout().is_never());
}

TEST_F(RoomElsewhereTest, ClosesWhenItHasYieldedTheLast) {
  const ParticipantId alice = Join("Alice");
  const Effects yielded = room_.Yield(alice);
  ASSERT_TRUE(Has<CloseRoom>(yielded));
  EXPECT_TRUE(std::get<CloseRoom>(yielded.back()).is_inhabited);
}

}  // namespace
}  // namespace confab::signaling
