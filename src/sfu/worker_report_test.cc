// What a worker tells of its transports: how they came to be, where they went, how it goes.

#include <gtest/gtest.h>

#include <map>

#include "sfu/testing/simulated_call.h"
#include "sfu/worker.h"

namespace confab::sfu {
namespace {

using testing::kCameraSsrc;
using testing::SimulatedCall;

template <typename Event>
std::vector<Event> Told(const SimulatedCall& call, std::string_view transport_id) {
  std::vector<Event> told;
  for (const WorkerEvent& event : call.events) {
    const auto* one = std::get_if<Event>(&event);
    if (one != nullptr && one->transport_id == transport_id) told.push_back(*one);
  }
  return told;
}

class WorkerReportTest : public ::testing::Test {
 protected:
  // A transport that nobody comes to.
  Transport& AddLonely(const std::string& id) {
    const auto made = call_.worker.CreateTransport(
        call_.now, {.id = id, .router_id = "room", .capabilities = {}, .scope = {.room = "r"}}, {});
    EXPECT_TRUE(made.has_value());
    return **made;
  }
  void StartVideo(SimulatedCall::Client& from, SimulatedCall::Client& to) {
    call_.RunFor(TimeDelta::Millis(500));
    ASSERT_TRUE(call_.ProduceVideo(from, "camera", kCameraSsrc));
    ASSERT_TRUE(call_.Consume(to, "consumer", "camera"));
  }
  void SendFrames(SimulatedCall::Client& client, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
      call_.SendFrame(client, i * 3000, i == 0);
      call_.RunFor(TimeDelta::Millis(33));
    }
  }

  SimulatedCall call_;
};

TEST_F(WorkerReportTest, TellsOverWhichPathATransportConnectedAndHowLongThatTook) {
  const auto& client = call_.AddClient("a");
  call_.RunFor(TimeDelta::Millis(500));
  const auto connected = Told<TransportConnected>(call_, "a");
  ASSERT_EQ(connected.size(), 1u);
  ASSERT_TRUE(connected[0].path);
  EXPECT_EQ(connected[0].path->remote, client.host->address);
  EXPECT_GE(connected[0].after, SimulatedCall::kDelay);
  EXPECT_LT(connected[0].after, TimeDelta::Millis(500));
}

TEST_F(WorkerReportTest, ReportsTenSecondsAfterItConnectedAndThenEachMinute) {
  call_.AddClient("a");
  call_.RunFor(TimeDelta::Seconds(10));
  EXPECT_EQ(Told<TransportReport>(call_, "a").size(), 0u) << "ten seconds from then, not from now";
  call_.RunFor(TimeDelta::Seconds(1));
  EXPECT_EQ(Told<TransportReport>(call_, "a").size(), 1u);
  call_.RunFor(TimeDelta::Seconds(58));
  EXPECT_EQ(Told<TransportReport>(call_, "a").size(), 1u);
  call_.RunFor(TimeDelta::Seconds(2));
  EXPECT_EQ(Told<TransportReport>(call_, "a").size(), 2u);
}

TEST_F(WorkerReportTest, ReportsOneThatNobodyReaches) {
  AddLonely("lonely");
  call_.RunFor(TimeDelta::Seconds(11));
  const auto reports = Told<TransportReport>(call_, "lonely");
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].figures.checks, 0u);
  EXPECT_EQ(reports[0].figures.ice, rtc::IceState::kNew);
  EXPECT_EQ(reports[0].figures.dtls, rtc::DtlsState::kNew);
  EXPECT_FALSE(reports[0].figures.path);
  EXPECT_EQ(reports[0].scope.room, "r");
}

TEST_F(WorkerReportTest, CountsChecksPacketsAndWhatIsThere) {
  auto& sender = call_.AddClient("send");
  auto& receiver = call_.AddClient("recv");
  StartVideo(sender, receiver);
  SendFrames(sender, 30);
  call_.RunFor(TimeDelta::Seconds(10));
  const auto up = Told<TransportReport>(call_, "send");
  const auto down = Told<TransportReport>(call_, "recv");
  ASSERT_EQ(up.size(), 1u);
  ASSERT_EQ(down.size(), 1u);
  EXPECT_GT(up[0].figures.checks, 0u);
  EXPECT_EQ(up[0].figures.ice, rtc::IceState::kConnected);
  EXPECT_EQ(up[0].figures.producers, 1u);
  EXPECT_EQ(up[0].figures.consumers, 0u);
  EXPECT_EQ(up[0].figures.media.received.packets, 30u);
  EXPECT_EQ(down[0].figures.media.sent.packets, 30u);
  EXPECT_EQ(down[0].figures.consumers, 1u);
  EXPECT_GE(down[0].figures.traffic.packets_sent, 30u);
}

TEST_F(WorkerReportTest, KeepsWhatClosedProducersAndConsumersHadCounted) {
  auto& sender = call_.AddClient("send");
  auto& receiver = call_.AddClient("recv");
  StartVideo(sender, receiver);
  SendFrames(sender, 30);
  (void)call_.router().CloseProducer(**call_.router().FindProducer("camera"));
  const auto up = FiguresOf(**call_.router().FindTransport("send"));
  const auto down = FiguresOf(**call_.router().FindTransport("recv"));
  EXPECT_EQ(up.producers, 0u);
  EXPECT_EQ(up.media.received.packets, 30u);
  EXPECT_EQ(down.consumers, 0u);
  EXPECT_EQ(down.media.sent.packets, 30u);
  EXPECT_EQ(up.media.received.jitter, TimeDelta()) << "nothing jitters any more";
}

TEST_F(WorkerReportTest, SpreadsTheReportsOfManyThatCameAtOnce) {
  constexpr size_t kMany = 100;
  for (size_t i = 0; i < kMany; ++i) AddLonely(std::to_string(i));
  Timestamp now = call_.now + TransportRecord::kFirstReport;
  size_t scans = 0;
  std::map<std::string, int> told;
  while (told.size() < kMany && scans < 2 * kMany) {
    call_.worker.HandleTimeouts(now);
    const auto events = call_.worker.TakeEvents();
    EXPECT_LE(events.size(), Worker::kMaxReportsPerScan);
    for (const WorkerEvent& event : events) ++told[std::get<TransportReport>(event).transport_id];
    ++scans;
    if (told.size() < kMany) {
      EXPECT_LE(call_.worker.NextTimeout(), now + Worker::kTimerGranularity) << "others are due";
    }
    now = now + Worker::kTimerGranularity;
  }
  EXPECT_EQ(scans, kMany / Worker::kMaxReportsPerScan);
  for (const auto& [id, times] : told) EXPECT_EQ(times, 1) << id;
}

TEST_F(WorkerReportTest, TellsOfAMoveWhenTheNewPathIsProvenAndOnlyThen) {
  auto& sender = call_.AddClient("send");
  auto& receiver = call_.AddClient("recv");
  StartVideo(sender, receiver);
  SendFrames(sender, 3);
  EXPECT_EQ(Told<TransportMoved>(call_, "send").size(), 0u) << "its nomination changed nothing";
  const auto elsewhere = SocketAddress::Ipv4({203, 0, 113, 9}, 4000);
  sender.host->address = elsewhere;
  SendFrames(sender, 3);
  EXPECT_EQ(Told<TransportMoved>(call_, "send").size(), 0u) << "media alone has moved";
  call_.RunFor(rtc::IceConsent::kMaxInterval);
  const auto moves = Told<TransportMoved>(call_, "send");
  ASSERT_EQ(moves.size(), 1u);
  EXPECT_EQ(moves[0].path.remote, elsewhere);
  EXPECT_EQ(Told<TransportMoved>(call_, "recv").size(), 0u);
}

TEST_F(WorkerReportTest, TellsTheFiguresOfATransportThatItGivesUp) {
  auto& sender = call_.AddClient("send");
  auto& receiver = call_.AddClient("recv");
  StartVideo(sender, receiver);
  SendFrames(sender, 10);
  call_.lose = [](bool, BytesView) { return true; };
  call_.RunFor(TimeDelta::Seconds(40));
  const auto closed = Told<TransportClosed>(call_, "send");
  ASSERT_EQ(closed.size(), 1u);
  EXPECT_EQ(closed[0].reason, "ice-timeout");
  EXPECT_EQ(closed[0].closed.producers.size(), 1u);
  EXPECT_EQ(closed[0].figures.producers, 1u) << "as they were";
  EXPECT_EQ(closed[0].figures.media.received.packets, 10u);
  EXPECT_EQ(closed[0].figures.ice, rtc::IceState::kDisconnected);
}

TEST_F(WorkerReportTest, ReportsAPlainTransportWithoutIce) {
  call_.worker.AllowPlain({*IpNetwork::Parse("127.0.0.0/8")});
  const auto made = call_.worker.CreatePlainTransport(
      call_.now, {.id = "plain", .router_id = "room", .capabilities = {}},
      {.rtp = {rtc::LocalSocket(77), SocketAddress::Ipv4({127, 0, 0, 1}, 41'000)},
       .rtcp = {},
       .remote = rtc::RemoteAddress::kLearned,
       .srtp = rtc::SrtpProfile::kClear});
  ASSERT_TRUE(made);
  call_.RunFor(TimeDelta::Seconds(11));
  const auto reports = Told<TransportReport>(call_, "plain");
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_FALSE(reports[0].figures.ice);
  EXPECT_FALSE(reports[0].figures.dtls);
}

}  // namespace
}  // namespace confab::sfu
