// Peers whose address changes in the middle of a call.

#include <gtest/gtest.h>

#include "rtc/demux.h"
#include "rtc/rtcp/receiver_report.h"
#include "sfu/testing/simulated_call.h"
#include "sfu/worker.h"

namespace confab::sfu {
namespace {

using testing::kCameraSsrc;
using testing::kFrameTicks;
using testing::SimulatedCall;

const SocketAddress kElsewhere = SocketAddress::Ipv4({203, 0, 113, 9}, 4000);

// A sender, a receiver and a producer; media has flowed, and the next checks are seconds away.
class MovingPeers : public ::testing::Test {
 protected:
  void SetUp() override {
    call_.RunFor(TimeDelta::Millis(500));
    ASSERT_TRUE(call_.ProduceVideo(sender_, "camera", kCameraSsrc));
    ASSERT_TRUE(call_.Consume(receiver_, "consumer", "camera"));
    SendFrames(3);
    SendReport();
    ASSERT_EQ(received(), 3u);
  }
  void SendFrames(int count, int packets = 1) {
    for (int i = 0; i < count; ++i) {
      call_.SendFrame(sender_, frame_ * kFrameTicks, frame_ == 0, packets);
      ++frame_;
      call_.RunFor(TimeDelta::Millis(33));
    }
  }
  // What a receiver says once a second, and nothing else: 32 octets of SRTCP or so.
  void SendReport() {
    std::array<uint8_t, 8> report;
    ByteWriter writer(report);
    rtc::ReceiverReport{.sender = rtc::Ssrc(1), .reports = {}}.Write(writer);
    receiver_.host->session.AdmitRtcp(writer.written());
    call_.RunFor(TimeDelta::Millis(33));
  }
  size_t received() const { return receiver_.host->rtp.size(); }
  const rtc::Session& Server(const std::string& id) {
    return (*call_.router().FindTransport(id))->session();
  }
  // The sender's next packet, taken off the wire before it gets anywhere.
  std::vector<uint8_t> TakePacket() {
    rtc::PacketRef packet = sender_.host->pool.Acquire();
    packet.writable().payload_size = packet.writable().size = 100;
    packet.writable().buffer()[0] = 0x10;
    sender_.host->session.Admit({.stream = sender_.video,
                                 .source_sequence = static_cast<int64_t>(sender_.sent_video.size()),
                                 .packet = packet,
                                 .plan = {}});
    sender_.sent_video.push_back(packet);
    auto datagrams = sender_.host->TakeDatagrams(call_.now);
    EXPECT_EQ(datagrams.size(), 1u);
    return std::move(datagrams.back().second);
  }
  void Inject(const SocketAddress& from, BytesView bytes) {
    rtc::PacketRef packet = call_.worker.AcquirePacket();
    std::ranges::copy(bytes, packet.writable().buffer().begin());
    packet.writable().size = static_cast<uint16_t>(bytes.size());
    packet.writable().received_at = call_.now;
    packet.writable().path = {rtc::LocalSocket(0), from};
    call_.worker.Receive(call_.now, {&packet, 1});
  }
  uint64_t strangers() const {
    return call_.worker.counters().drops[rtc::DropReason::kUnknownPath];
  }

  SimulatedCall call_;
  SimulatedCall::Client& sender_ = call_.AddClient("send");
  SimulatedCall::Client& receiver_ = call_.AddClient("recv");
  uint32_t frame_ = 0;
};

TEST_F(MovingPeers, GoOnAtOnceWithoutACheck) {
  const rtc::Path old = *Server("send").ice().selected();
  sender_.host->address = kElsewhere;
  SendFrames(5);
  EXPECT_EQ(received(), 8u) << "not one was lost";
  EXPECT_EQ(Server("send").ice().selected(), old) << "no check has come";
  EXPECT_EQ(Server("send").send_path()->remote, kElsewhere);
  EXPECT_EQ(call_.worker.counters().path_moves, 1u) << "the path is known from then on";
  const size_t reports = sender_.host->rtcp.size();
  call_.RunFor(TimeDelta::Millis(1500));
  EXPECT_GT(sender_.host->rtcp.size(), reports) << "RTCP finds the new address";
}

TEST_F(MovingPeers, AreProvenByTheirNextCheck) {
  sender_.host->address = kElsewhere;
  SendFrames(1);
  ASSERT_TRUE(Server("send").trial_path());
  call_.RunFor(rtc::IceConsent::kMaxInterval);
  EXPECT_FALSE(Server("send").trial_path());
  ASSERT_TRUE(Server("send").ice().selected());
  EXPECT_EQ(Server("send").ice().selected()->remote, kElsewhere);
}

TEST_F(MovingPeers, AreSentThreeTimesWhatTheySentUntilTheyAreProven) {
  receiver_.host->address = kElsewhere;
  SendReport();
  ASSERT_EQ(Server("recv").send_path()->remote, kElsewhere);
  SendFrames(5, 4);
  EXPECT_EQ(received(), 3u) << "a packet of 1000 octets is more than three reports";
  const auto& drops = Server("recv").counters().drops;
  EXPECT_GE(drops[rtc::DropReason::kUnprovenPath], 20u);
  for (int i = 0; i < 40; ++i) SendReport();
  SendFrames(1);
  EXPECT_EQ(received(), 4u);
  call_.RunFor(rtc::IceConsent::kMaxInterval);
  ASSERT_FALSE(Server("recv").trial_path());
  SendFrames(5, 4);
  EXPECT_EQ(received(), 24u) << "a check has lifted the limit";
}

TEST_F(MovingPeers, ComeBackWithTheirNextPacketFromTheOldAddress) {
  const SocketAddress home = sender_.host->address;
  Inject(kElsewhere, TakePacket());
  ASSERT_EQ(Server("send").send_path()->remote, kElsewhere) << "a copy that was faster";
  SendFrames(1);
  EXPECT_EQ(Server("send").send_path()->remote, home);
}

TEST_F(MovingPeers, AreNotMovedByAPacketThatIsOlderThanOthers) {
  const SocketAddress home = sender_.host->address;
  const std::vector<uint8_t> held_back = TakePacket();
  SendFrames(1);
  const uint64_t before = Server("send").counters().packets_received;
  Inject(kElsewhere, held_back);
  EXPECT_EQ(Server("send").counters().packets_received, before + 1) << "it is genuine";
  EXPECT_EQ(Server("send").send_path()->remote, home);
  EXPECT_FALSE(Server("send").trial_path());
}

TEST_F(MovingPeers, AreNotMovedByReplaysAndForgeries) {
  const std::vector<uint8_t> packet = TakePacket();
  Inject(sender_.host->address, packet);
  const uint64_t before = strangers();
  Inject(kElsewhere, packet);
  std::vector<uint8_t> forged = packet;
  forged[3] = static_cast<uint8_t>(forged[3] + 1);  // the next sequence number
  Inject(kElsewhere, forged);
  EXPECT_EQ(strangers(), before + 2);
  EXPECT_FALSE(Server("send").trial_path());
  EXPECT_EQ(Server("send").counters().drops[rtc::DropReason::kAuthentication], 0u)
      << "the session is not blamed";
}

TEST_F(MovingPeers, AreSearchedForAsOftenAsTheLimitSays) {
  std::vector<uint8_t> junk(60, 0x80);
  for (size_t i = 0; i < Worker::kMaxSearchesPerSecond; ++i) Inject(kElsewhere, junk);
  const std::vector<uint8_t> first = TakePacket();
  Inject(kElsewhere, first);
  EXPECT_FALSE(Server("send").trial_path()) << "strangers have used up this second";
  call_.RunFor(TimeDelta::Seconds(1));
  Inject(kElsewhere, TakePacket());
  EXPECT_TRUE(Server("send").trial_path());
}

TEST_F(MovingPeers, AreSearchedForAFewTimesATurn) {
  std::vector<rtc::PacketRef> turn;
  const auto add = [&](BytesView bytes) {
    rtc::PacketRef packet = call_.worker.AcquirePacket();
    std::ranges::copy(bytes, packet.writable().buffer().begin());
    packet.writable().size = static_cast<uint16_t>(bytes.size());
    packet.writable().path = {rtc::LocalSocket(0), kElsewhere};
    turn.push_back(std::move(packet));
  };
  const std::vector<uint8_t> junk(60, 0x80);
  for (size_t i = 0; i < Worker::kMaxSearchesPerTurn; ++i) add(junk);
  add(TakePacket());
  call_.worker.Receive(call_.now, turn);
  EXPECT_FALSE(Server("send").trial_path());
}

TEST_F(MovingPeers, AreForgottenWhenTheirTransportCloses) {
  sender_.host->address = kElsewhere;
  SendFrames(1);
  ASSERT_TRUE(Server("send").trial_path());
  call_.worker.CloseTransport(**call_.router().FindTransport("send"));
  const uint64_t before = strangers();
  SendFrames(3);
  EXPECT_EQ(strangers(), before + 3);
}

}  // namespace
}  // namespace confab::sfu
