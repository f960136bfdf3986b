#include "sfu/worker.h"

#include <gtest/gtest.h>

#include "rtc/rtcp/pli.h"
#include "rtc/rtcp/receiver_report.h"
#include "rtc/rtcp/rtcp_compound.h"
#include "rtc/rtcp/sdes.h"
#include "rtc/rtcp/sender_report.h"
#include "sfu/testing/simulated_call.h"

namespace confab::sfu {
namespace {

using testing::kCameraSsrc;
using testing::kFrameTicks;
using testing::SimulatedCall;

// A call of one sender and one receiver, connected, with a producer.
class WorkerCall : public ::testing::Test {
 protected:
  void SetUp() override {
    call_.RunFor(TimeDelta::Millis(500));
    ASSERT_TRUE(sender_.host->session.connected());
    ASSERT_TRUE(receiver_.host->session.connected());
    ASSERT_TRUE(call_.ProduceVideo(sender_, "camera", kCameraSsrc));
  }
  void SendFrames(int count, uint32_t first) {
    for (int i = 0; i < count; ++i) {
      call_.SendFrame(sender_, (first + static_cast<uint32_t>(i)) * kFrameTicks, false);
      call_.RunFor(TimeDelta::Millis(33));
    }
  }
  const std::vector<rtc::PacketRef>& received() { return receiver_.host->rtp; }
  size_t PlisAtSender() {
    size_t plis = 0;
    for (const auto& compound : sender_.host->rtcp) {
      (void)rtc::ForEachRtcp(compound, [&plis](const rtc::Pli&) { ++plis; });
    }
    return plis;
  }

  SimulatedCall call_;
  SimulatedCall::Client& sender_ = call_.AddClient("send");
  SimulatedCall::Client& receiver_ = call_.AddClient("recv");
};

TEST_F(WorkerCall, StartsANewcomerFromTheCachedKeyframeWithoutAskingForAnother) {
  call_.SendFrame(sender_, 0, true, 3);
  call_.RunFor(TimeDelta::Millis(33));
  SendFrames(5, 1);
  ASSERT_TRUE(call_.Consume(receiver_, "consumer", "camera"));
  call_.RunFor(TimeDelta::Millis(20));
  ASSERT_EQ(received().size(), 8u) << "the keyframe's 3 packets and 5 frames";
  EXPECT_EQ(PlisAtSender(), 0u);
  for (size_t i = 1; i < received().size(); ++i) {
    EXPECT_EQ(received()[i]->sequence, static_cast<uint16_t>(received()[i - 1]->sequence + 1));
  }
}

TEST_F(WorkerCall, DrawsTheCatchUpTogetherBeforeTheLiveEdge) {
  call_.SendFrame(sender_, 0, true);
  call_.RunFor(TimeDelta::Millis(33));
  SendFrames(5, 1);
  ASSERT_TRUE(call_.Consume(receiver_, "consumer", "camera"));
  call_.RunFor(TimeDelta::Millis(20));
  ASSERT_EQ(received().size(), 6u);
  EXPECT_EQ(received().back()->rtp_timestamp, 5 * kFrameTicks) << "the newest keeps its time";
  for (size_t i = 1; i < 6; ++i) {
    EXPECT_EQ(received()[i]->rtp_timestamp - received()[i - 1]->rtp_timestamp, 90u);
  }
}

TEST_F(WorkerCall, AsksForAKeyframeWhenNoneIsCachedAndWaitsForIt) {
  SendFrames(3, 0);
  ASSERT_TRUE(call_.Consume(receiver_, "consumer", "camera"));
  call_.RunFor(TimeDelta::Millis(20));
  EXPECT_EQ(PlisAtSender(), 1u);
  SendFrames(2, 3);
  EXPECT_TRUE(received().empty()) << "nothing that cannot be decoded";
  call_.SendFrame(sender_, 5 * kFrameTicks, true, 2);
  call_.RunFor(TimeDelta::Millis(20));
  EXPECT_EQ(received().size(), 2u);
}

TEST_F(WorkerCall, CostsTheSenderOneKeyframeForManyNewcomers) {
  SendFrames(3, 0);
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(call_.Consume(receiver_, "consumer" + std::to_string(i), "camera"));
  }
  call_.RunFor(TimeDelta::Millis(20));
  EXPECT_EQ(PlisAtSender(), 1u);
}

TEST_F(WorkerCall, GoesOnByOneAfterAPause) {
  call_.SendFrame(sender_, 0, true);
  call_.RunFor(TimeDelta::Millis(33));
  const auto consumer = call_.Consume(receiver_, "consumer", "camera");
  ASSERT_TRUE(consumer);
  SendFrames(2, 1);
  call_.router().PauseConsumer(call_.now, **consumer);
  SendFrames(90, 3);
  ASSERT_EQ(received().size(), 3u);
  call_.router().ResumeConsumer(call_.now, **consumer);
  call_.RunFor(TimeDelta::Millis(20));
  call_.SendFrame(sender_, 100 * kFrameTicks, true);
  call_.RunFor(TimeDelta::Millis(20));
  ASSERT_EQ(received().size(), 4u);
  EXPECT_EQ(received()[3]->sequence, static_cast<uint16_t>(received()[2]->sequence + 1));
  EXPECT_EQ(received()[3]->rtp_timestamp, 100 * kFrameTicks);
}

TEST_F(WorkerCall, ForwardsWhatCameBeforeItsProduce) {
  sender_.video = *sender_.host->session.AddStream(
      {.ssrc = rtc::Ssrc(99), .payload_type = rtc::PayloadType(96), .mid = "", .extensions = {}});
  call_.SendFrame(sender_, 0, true, 2);
  call_.RunFor(TimeDelta::Millis(20));
  RtpParameters parameters = testing::Vp8Parameters(99);
  parameters.mid = "screen";
  ASSERT_TRUE(call_.router().Produce(call_.now, "send",
                                     {.id = "screen",
                                      .kind = rtc::MediaKind::kVideo,
                                      .parameters = parameters,
                                      .cname = "participant"}));
  ASSERT_TRUE(call_.Consume(receiver_, "consumer", "screen"));
  call_.RunFor(TimeDelta::Millis(20));
  EXPECT_EQ(received().size(), 2u);
}

TEST_F(WorkerCall, KnowsWhatCameBeforeItsProduceByMid) {
  rtc::ExtensionMap extensions;
  ASSERT_TRUE(extensions.Add(4, rtc::RtpExtension::kMid));
  sender_.video = *sender_.host->session.AddStream({.ssrc = rtc::Ssrc(99),
                                                    .payload_type = rtc::PayloadType(96),
                                                    .mid = "screen",
                                                    .extensions = extensions});
  call_.SendFrame(sender_, 0, true, 2);
  call_.RunFor(TimeDelta::Millis(20));
  RtpParameters parameters = testing::Vp8Parameters(99);
  parameters.mid = "screen";
  parameters.header_extensions.push_back(
      {std::string(rtc::UriOf(rtc::RtpExtension::kMid)), uint8_t{4}});
  parameters.encodings = {RtpEncodingParameters{}};
  ASSERT_TRUE(call_.router().Produce(call_.now, "send",
                                     {.id = "screen",
                                      .kind = rtc::MediaKind::kVideo,
                                      .parameters = parameters,
                                      .cname = "participant"}));
  ASSERT_TRUE(call_.Consume(receiver_, "consumer", "screen"));
  call_.RunFor(TimeDelta::Millis(20));
  EXPECT_EQ(received().size(), 2u);
}

TEST_F(WorkerCall, CountsWhatWaitedInVainForItsProduce) {
  const auto dropped = [this] {
    const auto transport = call_.router().FindTransport("send");
    return (*transport)->session().counters().drops[rtc::DropReason::kUnknownSsrc];
  };
  sender_.video = *sender_.host->session.AddStream(
      {.ssrc = rtc::Ssrc(99), .payload_type = rtc::PayloadType(96), .mid = "", .extensions = {}});
  call_.SendFrame(sender_, 0, true, 3);
  call_.RunFor(EarlyBuffer::kMaxAge + TimeDelta::Millis(100));
  EXPECT_EQ(dropped(), 0u);
  SendFrames(1, 60);
  EXPECT_EQ(dropped(), 3u);
  for (size_t i = 0; i < EarlyBuffer::kMaxPackets; ++i) {
    call_.SendFrame(sender_, 61 * kFrameTicks, false);
  }
  call_.RunFor(TimeDelta::Millis(33));
  EXPECT_EQ(dropped(), 4u) << "one more than may wait";
  (void)call_.worker.CloseTransport(**call_.router().FindTransport("send"));
  const rtc::DropCounters& closed = call_.worker.counters().closed_sessions.drops;
  EXPECT_EQ(closed[rtc::DropReason::kUnknownSsrc], 4u + EarlyBuffer::kMaxPackets);
}

TEST_F(WorkerCall, CountsWhatItDoesNotForwardOfASecondSimulcastStream) {
  RtpParameters parameters = testing::Vp8Parameters(101);
  parameters.mid = "layered";
  parameters.encodings.push_back(testing::Vp8Parameters(103).encodings.front());
  ASSERT_TRUE(call_.router().Produce(call_.now, "send",
                                     {.id = "layered",
                                      .kind = rtc::MediaKind::kVideo,
                                      .parameters = parameters,
                                      .cname = "participant"}));
  ASSERT_TRUE(call_.Consume(receiver_, "consumer", "layered"));
  sender_.video = *sender_.host->session.AddStream(
      {.ssrc = rtc::Ssrc(103), .payload_type = rtc::PayloadType(96), .mid = "", .extensions = {}});
  call_.SendFrame(sender_, 0, true, 2);
  call_.RunFor(TimeDelta::Millis(33));
  EXPECT_TRUE(received().empty());
  const auto transport = call_.router().FindTransport("send");
  const rtc::DropCounters& drops = (*transport)->session().counters().drops;
  EXPECT_EQ(drops[rtc::DropReason::kLayerNotForwarded], 2u);
}

// Whoever closes a camera hears of it after the next packets have left.
TEST_F(WorkerCall, TakesANewProducerAfterManyThatWereClosedWithPacketsOnTheirWay) {
  (void)call_.router().CloseProducer(**call_.router().FindProducer("camera"));
  constexpr uint32_t kTimes = 70;
  for (uint32_t i = 1; i <= kTimes; ++i) {
    const auto producer = call_.ProduceVideo(sender_, "again", kCameraSsrc + 2 * i);
    ASSERT_TRUE(producer);
    call_.SendFrame(sender_, 0, true);
    call_.RunFor(TimeDelta::Millis(33));
    call_.SendFrame(sender_, kFrameTicks, false);
    (void)call_.router().CloseProducer(**producer);
    call_.RunFor(TimeDelta::Millis(33));
  }
  ASSERT_TRUE(call_.ProduceVideo(sender_, "last", kCameraSsrc + 1000));
  ASSERT_TRUE(call_.Consume(receiver_, "consumer", "last"));
  call_.SendFrame(sender_, 0, true);
  call_.RunFor(TimeDelta::Millis(33));
  EXPECT_EQ(received().size(), 1u);
}

TEST_F(WorkerCall, ReportsToBothSides) {
  call_.SendFrame(sender_, 0, true);
  call_.RunFor(TimeDelta::Millis(33));
  ASSERT_TRUE(call_.Consume(receiver_, "consumer", "camera"));
  SendFrames(90, 1);
  size_t receiver_reports = 0;
  for (const auto& compound : sender_.host->rtcp) {
    (void)rtc::ForEachRtcp(compound, [&](const rtc::ReceiverReport& report) {
      for (const rtc::ReportBlock& block : report.reports) {
        EXPECT_EQ(block.ssrc, rtc::Ssrc(kCameraSsrc));
        EXPECT_EQ(block.cumulative_lost, 0);
        ++receiver_reports;
      }
    });
  }
  EXPECT_GE(receiver_reports, 2u);
  size_t sender_reports = 0;
  std::string cname;
  struct Visitor {
    size_t& reports;
    std::string& cname;
    rtc::Ssrc expected;
    void operator()(const rtc::SenderReport& report) const {
      EXPECT_EQ(report.sender, expected);
      EXPECT_GT(report.packet_count, 0u);
      ++reports;
    }
    void operator()(const rtc::Sdes& sdes) const { cname = sdes.chunks[0].cname; }
  };
  for (const auto& compound : receiver_.host->rtcp) {
    (void)rtc::ForEachRtcp(compound, Visitor{sender_reports, cname, received()[0]->ssrc});
  }
  EXPECT_GE(sender_reports, 2u);
  EXPECT_EQ(cname, "participant");
}

TEST_F(WorkerCall, PassesAPictureLossToTheSender) {
  call_.SendFrame(sender_, 0, true);
  call_.RunFor(TimeDelta::Millis(33));
  const auto consumer = call_.Consume(receiver_, "consumer", "camera");
  ASSERT_TRUE(consumer);
  call_.RunFor(TimeDelta::Millis(20));
  std::array<uint8_t, 12> pli;
  ByteWriter writer(pli);
  rtc::Pli{.sender = rtc::Ssrc(1), .media = (*consumer)->ssrc()}.Write(writer);
  receiver_.host->session.AdmitRtcp(pli);
  call_.RunFor(TimeDelta::Millis(20));
  EXPECT_EQ(PlisAtSender(), 1u);
}

TEST_F(WorkerCall, ClosesATransportThatFallsSilentAndTellsWhatWentWithIt) {
  ASSERT_TRUE(call_.Consume(receiver_, "consumer", "camera"));
  call_.RunFor(TimeDelta::Millis(100));
  std::erase_if(call_.clients, [](const auto& client) { return client->transport_id == "send"; });
  call_.RunFor(TimeDelta::Seconds(40));
  const TransportClosed* closed = nullptr;
  for (const WorkerEvent& event : call_.events) {
    if (const auto* e = std::get_if<TransportClosed>(&event)) closed = e;
  }
  ASSERT_NE(closed, nullptr);
  EXPECT_EQ(closed->transport_id, "send");
  EXPECT_EQ(closed->reason, "ice-timeout");
  EXPECT_EQ(closed->closed.producers, std::vector<std::string>{"camera"});
  EXPECT_EQ(closed->closed.consumers, std::vector<std::string>{"consumer"});
  EXPECT_FALSE(call_.router().FindProducer("camera"));
  EXPECT_TRUE(call_.router().FindTransport("recv"));
  const MediaCounters& counters = call_.worker.media_counters();
  EXPECT_EQ(counters.connected, 2u);
  EXPECT_EQ(counters.handshakes.total(), 2u);
  EXPECT_EQ(counters.ended[static_cast<size_t>(TransportEnd::kLost)], 1u);
}

TEST(Worker, TellsATransportThatNobodyReachedFromOneThatWasLeft) {
  SimulatedCall call;
  call.AddClient("blocked");
  call.clients.clear();
  call.AddClient("left");
  call.RunFor(TimeDelta::Millis(500));
  (void)call.worker.CloseTransport(**call.router().FindTransport("left"));
  call.RunFor(TimeDelta::Seconds(40));
  const MediaCounters& counters = call.worker.media_counters();
  EXPECT_EQ(counters.ended[static_cast<size_t>(TransportEnd::kNeverReached)], 1u);
  EXPECT_EQ(counters.ended[static_cast<size_t>(TransportEnd::kClosed)], 1u);
  EXPECT_EQ(counters.ended[static_cast<size_t>(TransportEnd::kLost)], 0u);
}

// ICE and DTLS give up after the same time, so one turn can find both too late.
TEST(Worker, ClosesATransportOnceThatFailsInTwoWaysAtOnce) {
  SimulatedCall call;
  call.AddClient("half");
  // Long enough for a check and the ClientHello, too short for the handshake.
  call.RunFor(SimulatedCall::kDelay * 3 + TimeDelta::Millis(2));
  const auto transport = call.router().FindTransport("half");
  ASSERT_TRUE(transport);
  ASSERT_EQ((*transport)->session().dtls().state(), rtc::DtlsState::kConnecting);
  (void)call.worker.TakeEvents();
  call.now = call.now + rtc::IceLite::kInactivityTimeout + TimeDelta::Seconds(1);
  call.worker.HandleTimeouts(call.now);
  const auto events = call.worker.TakeEvents();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<TransportClosed>(events[0]));
}

TEST_F(WorkerCall, KeepsNoPacketsOnceAllIsClosed) {
  call_.SendFrame(sender_, 0, true, 5);
  call_.RunFor(TimeDelta::Millis(33));
  ASSERT_TRUE(call_.Consume(receiver_, "consumer", "camera"));
  call_.RunFor(TimeDelta::Millis(33));
  EXPECT_GT(call_.worker.packets_in_use(), 0u);
  call_.worker.CloseRouter(call_.router());
  EXPECT_EQ(call_.worker.packets_in_use(), 0u);
}

TEST_F(WorkerCall, LetsGoOfPacketsSoonAfterTheirTime) {
  call_.SendFrame(sender_, 0, true, 5);
  call_.RunFor(PacketCache::kMaxAge);
  EXPECT_EQ(call_.worker.packets_in_use(), 5u);
  call_.RunFor(PacketCache::kSweepInterval * 2);
  EXPECT_EQ(call_.worker.packets_in_use(), 0u);
}

TEST_F(WorkerCall, KeepsPacketsForAShorterTimeWhereTheyAreScarce) {
  call_.SendFrame(sender_, 0, true, 5);
  call_.RunFor(TimeDelta::Seconds(1));
  EXPECT_EQ(call_.worker.packets_in_use(), 5u);
  std::vector<rtc::PacketRef> taken;
  while (call_.worker.packets_in_use() <= rtc::PacketPool::kScarceFrom) {
    taken.push_back(call_.worker.AcquirePacket());
  }
  call_.RunFor(PacketCache::kSweepInterval * 2);
  EXPECT_EQ(call_.worker.packets_in_use(), taken.size());
}

TEST_F(WorkerCall, RemembersWhatClosedSessionsCounted) {
  call_.SendFrame(sender_, 0, true, 5);
  call_.RunFor(TimeDelta::Millis(33));
  const rtc::SessionCounters live = (*call_.router().FindTransport("send"))->session().counters();
  ASSERT_GE(live.packets_received, 5u);
  EXPECT_EQ(call_.worker.counters().closed_sessions.packets_received, 0u);
  call_.worker.CloseTransport(**call_.router().FindTransport("send"));
  const rtc::SessionCounters& closed = call_.worker.counters().closed_sessions;
  EXPECT_EQ(closed.packets_received, live.packets_received);
  EXPECT_EQ(closed.bytes_received, live.bytes_received);
}

TEST_F(WorkerCall, ForgetsThePathOfAConnectionThatEndedUntilThePeerChecksAgain) {
  const rtc::Session& session = (*call_.router().FindTransport("recv"))->session();
  const rtc::Path path = *session.ice().selected();
  ASSERT_TRUE(call_.worker.IsValidated(path));
  call_.worker.PathClosed({path.local, SocketAddress::Ipv4({203, 0, 113, 1}, 1)});
  ASSERT_TRUE(call_.worker.IsValidated(path)) << "another's end";
  call_.worker.PathClosed(path);
  EXPECT_FALSE(call_.worker.IsValidated(path));
  EXPECT_FALSE(session.ice().selected()) << "nothing is sent there any more";
  call_.RunFor(rtc::IceConsent::kMaxInterval);
  EXPECT_TRUE(call_.worker.IsValidated(path));
  EXPECT_EQ(session.ice().selected(), path);
}

TEST_F(WorkerCall, DropsDatagramsFromStrangersWithoutState) {
  const uint64_t before = call_.worker.counters().drops[rtc::DropReason::kUnknownPath];
  for (uint8_t i = 0; i < 100; ++i) {
    rtc::PacketRef packet = call_.worker.AcquirePacket();
    packet.writable().buffer()[0] = 0x80;
    packet.writable().size = 40;
    packet.writable().path = {rtc::LocalSocket(0), SocketAddress::Ipv4({203, 0, 113, i}, 1)};
    call_.worker.Receive(call_.now, {&packet, 1});
  }
  EXPECT_EQ(call_.worker.counters().drops[rtc::DropReason::kUnknownPath], before + 100);
  EXPECT_EQ(call_.worker.packets_in_use(), 0u);
}

}  // namespace
}  // namespace confab::sfu
