// Lost packets are asked for and repeated, on both sides of a worker.
#include <gmock/gmock.h>

#include <array>
#include <map>
#include <set>

#include "rtc/rtcp/nack.h"
#include "rtc/rtcp/receiver_report.h"
#include "rtc/rtcp/rtcp_compound.h"
#include "sfu/testing/simulated_call.h"

namespace confab::sfu {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kCameraSsrc;
using testing::kFrameTicks;
using testing::SimulatedCall;
using ::testing::SizeIs;

// One sender with a camera and two receivers of it, connected and flowing.
class WorkerLoss : public ::testing::Test {
 protected:
  void SetUp() override {
    call_.RunFor(TimeDelta::Millis(500));
    ASSERT_TRUE(call_.ProduceVideo(sender_, "camera", kCameraSsrc));
    consumer_ = *call_.Consume(first_, "first", "camera");
    ASSERT_TRUE(call_.Consume(second_, "second", "camera"));
    SendFrame(true);
    SendFrame();
    for (SimulatedCall::Client* client : {&first_, &second_}) {
      ASSERT_THAT(client->host->rtp, SizeIs(2));
      client->host->rtp.clear();
    }
  }
  void SendFrame(bool keyframe = false) {
    call_.SendFrame(sender_, frames_++ * kFrameTicks, keyframe);
    call_.RunFor(TimeDelta::Millis(33));
  }
  void LoseNextFrame(bool to_server) {
    call_.lose = [to_server](bool upstream, BytesView bytes) {
      return upstream == to_server && bytes.size() > 1000;
    };
    SendFrame();
    call_.lose = nullptr;
  }
  static uint16_t FirstMissing(const SimulatedCall::Client& client) {
    return static_cast<uint16_t>(client.host->rtp.front()->sequence - 1);
  }
  // Every number that the sender was asked for, in order.
  std::vector<uint16_t> AskedFor() {
    std::vector<uint16_t> asked;
    for (const auto& compound : sender_.host->rtcp) {
      (void)rtc::ForEachRtcp(compound, [&asked](const rtc::Nack& nack) {
        EXPECT_EQ(nack.media, rtc::Ssrc(kCameraSsrc));
        nack.ForEachSequence([&asked](uint16_t sequence) { asked.push_back(sequence); });
      });
    }
    return asked;
  }
  uint16_t NewestSent() {
    return static_cast<uint16_t>(sender_.host->session.stream(sender_.video).sequence.next() - 1);
  }
  void Ask(SimulatedCall::Client& client, uint16_t sequence) {
    std::array<uint8_t, 64> packet;
    ByteWriter writer(packet);
    (void)rtc::WriteNack(writer, rtc::Ssrc(1), consumer_->ssrc(), {&sequence, 1});
    client.host->session.AdmitRtcp(writer.written());
    call_.RunFor(TimeDelta::Millis(20));
  }
  uint64_t Drops(SimulatedCall::Client& client, rtc::DropReason reason) {
    return (*call_.router().FindTransport(client.transport_id))->session().counters().drops[reason];
  }

  SimulatedCall call_;
  SimulatedCall::Client& sender_ = call_.AddClient("send");
  SimulatedCall::Client& first_ = call_.AddClient("first");
  SimulatedCall::Client& second_ = call_.AddClient("second");
  Consumer* consumer_ = nullptr;
  uint32_t frames_ = 0;
};

TEST_F(WorkerLoss, AsksTheSenderOnceForAllReceivers) {
  LoseNextFrame(true);
  SendFrame();
  const auto lost = static_cast<uint16_t>(NewestSent() - 1);
  EXPECT_THAT(AskedFor(), ElementsAre(lost));
}

TEST_F(WorkerLoss, ForwardsARepetitionUnderItsOwnNumber) {
  LoseNextFrame(true);
  SendFrame();
  call_.Repeat(sender_, AskedFor().front());
  call_.RunFor(TimeDelta::Millis(20));
  for (SimulatedCall::Client* client : {&first_, &second_}) {
    ASSERT_THAT(client->host->rtp, SizeIs(2));
    const rtc::Packet& newer = *client->host->rtp[0];
    const rtc::Packet& repeated = *client->host->rtp[1];
    EXPECT_EQ(repeated.ssrc, newer.ssrc);
    EXPECT_EQ(repeated.payload_type, newer.payload_type);
    EXPECT_EQ(repeated.sequence, static_cast<uint16_t>(newer.sequence - 1));
    EXPECT_EQ(repeated.rtp_timestamp, newer.rtp_timestamp - kFrameTicks);
    EXPECT_EQ(repeated.payload()[2], 2) << "the third packet sent";
  }
}

TEST_F(WorkerLoss, AsksAgainUntilItComes) {
  LoseNextFrame(true);
  SendFrame();
  SendFrame();
  call_.RunFor(TimeDelta::Millis(500));
  const auto asked = AskedFor();
  EXPECT_GE(asked.size(), 2u);
  EXPECT_EQ(std::set(asked.begin(), asked.end()).size(), 1u);
  call_.Repeat(sender_, asked.front());
  call_.RunFor(TimeDelta::Millis(20));
  sender_.host->rtcp.clear();
  call_.RunFor(TimeDelta::Seconds(1));
  EXPECT_THAT(AskedFor(), IsEmpty());
}

TEST_F(WorkerLoss, DropsARepetitionOfWhatCame) {
  SendFrame();
  call_.Repeat(sender_, NewestSent());
  call_.RunFor(TimeDelta::Millis(20));
  EXPECT_THAT(first_.host->rtp, SizeIs(1));
  EXPECT_EQ(Drops(sender_, rtc::DropReason::kDuplicate), 1u);
}

TEST_F(WorkerLoss, WantsAKeyframeWhenAPacketIsGivenUp) {
  LoseNextFrame(true);
  for (int i = 0; i < 100; ++i) SendFrame();
  size_t plis = 0;
  for (const auto& compound : sender_.host->rtcp) {
    (void)rtc::ForEachRtcp(compound, [&plis](const rtc::Pli&) { ++plis; });
  }
  EXPECT_GT(plis, 0u);
}

TEST_F(WorkerLoss, RepeatsToTheReceiverWhoMissesIt) {
  LoseNextFrame(false);
  SendFrame();
  const uint16_t lost = FirstMissing(first_);
  Ask(first_, lost);
  ASSERT_THAT(first_.host->rtp, SizeIs(2));
  const rtc::Packet& rtx = *first_.host->rtp[1];
  EXPECT_EQ(rtx.ssrc, *consumer_->parameters().encodings.front().rtx_ssrc);
  EXPECT_EQ(rtx.payload_type.value(), consumer_->parameters().codecs[1].payload_type);
  EXPECT_EQ(rtx.rtp_timestamp, 2 * kFrameTicks);
  ASSERT_GT(rtx.payload().size(), 5u);
  EXPECT_EQ(LoadU16(rtx.payload().data()), lost) << "the original sequence number comes first";
  EXPECT_EQ(rtx.payload()[4], 2) << "then the payload of the third packet sent";
  EXPECT_EQ(rtx.payload().size(), 1002u);
  EXPECT_THAT(second_.host->rtp, SizeIs(1)) << "only who asked is answered";
  EXPECT_THAT(AskedFor(), IsEmpty()) << "the sender is not asked for what is kept here";
}

TEST_F(WorkerLoss, CountsWhatReceiversReport) {
  const auto report = [this](uint32_t highest, int32_t lost) {
    std::array<uint8_t, 64> packet;
    ByteWriter writer(packet);
    rtc::ReceiverReport written{.sender = rtc::Ssrc(1), .reports = {}};
    (void)written.reports.Add(
        {.ssrc = consumer_->ssrc(), .cumulative_lost = lost, .extended_highest_sequence = highest});
    written.Write(writer);
    first_.host->session.AdmitRtcp(writer.written());
    call_.RunFor(TimeDelta::Millis(20));
  };
  const LossCounts before = call_.worker.media_counters().to_receivers;
  report(70'000, 3);
  report(70'100, 8);
  const LossCounts& after = call_.worker.media_counters().to_receivers;
  EXPECT_EQ(after.expected - before.expected, 100u);
  EXPECT_EQ(after.lost - before.lost, 5u);
}

TEST_F(WorkerLoss, CountsWhatItReportsToSendersAndWhatItAsksFor) {
  call_.RunFor(TimeDelta::Millis(1100));  // the interval of a report before
  const LossCounts before = call_.worker.media_counters().from_senders;
  LoseNextFrame(true);
  for (int i = 0; i < 40; ++i) SendFrame();
  const LossCounts& after = call_.worker.media_counters().from_senders;
  EXPECT_EQ(after.lost - before.lost, 1u);
  EXPECT_GT(after.expected - before.expected, 10u);
  EXPECT_GE(call_.worker.media_counters().missing_requested, 1u);
}

TEST_F(WorkerLoss, RepeatsAPacketOnceInARoundTrip) {
  // A report makes the round trip known; the link's is 10 ms.
  consumer_->OnReceiverReport({.ssrc = consumer_->ssrc(),
                               .last_sender_report = call_.worker.NtpAt(call_.now).compact(),
                               .delay_since_report_q16 = 0},
                              call_.worker.NtpAt(call_.now + TimeDelta::Millis(50)));
  LoseNextFrame(false);
  SendFrame();
  const uint16_t lost = FirstMissing(first_);
  Ask(first_, lost);
  Ask(first_, lost);
  EXPECT_THAT(first_.host->rtp, SizeIs(2));
  EXPECT_EQ(Drops(first_, rtc::DropReason::kResendTooSoon), 1u);
  call_.RunFor(TimeDelta::Millis(50));
  Ask(first_, lost);
  EXPECT_THAT(first_.host->rtp, SizeIs(3));
}

// Both receivers ask while the sender's repetition is on its way to them.
TEST_F(WorkerLoss, DoesNotRepeatWhatHasOnlyJustGoneOn) {
  consumer_->OnReceiverReport({.ssrc = consumer_->ssrc(),
                               .last_sender_report = call_.worker.NtpAt(call_.now).compact(),
                               .delay_since_report_q16 = 0},
                              call_.worker.NtpAt(call_.now + TimeDelta::Millis(50)));
  LoseNextFrame(true);
  SendFrame();
  const uint16_t lost = FirstMissing(first_);
  call_.Repeat(sender_, AskedFor().front());
  call_.RunFor(SimulatedCall::kDelay);
  Ask(first_, lost);
  EXPECT_THAT(first_.host->rtp, SizeIs(2)) << "the late original alone";
  EXPECT_EQ(Drops(first_, rtc::DropReason::kResendTooSoon), 1u);
}

TEST_F(WorkerLoss, RepeatsNoMoreThanTheBudget) {
  const uint16_t newest = static_cast<uint16_t>((*call_.router().FindTransport("first"))
                                                    ->session()
                                                    .stream(consumer_->streams().media)
                                                    .sequence.next() -
                                                1);
  for (int i = 0; i < 100; ++i) Ask(first_, newest);
  EXPECT_LE(first_.host->rtp.size(), RetransmissionBudget::kInitial / 1000 + 1);
  EXPECT_GT(first_.host->rtp.size(), 10u);
  EXPECT_EQ(Drops(first_, rtc::DropReason::kResendBudget), 100 - first_.host->rtp.size());
}

TEST_F(WorkerLoss, IgnoresWhatWasNeverSent) {
  Ask(first_, 40'000);
  EXPECT_THAT(first_.host->rtp, IsEmpty());
  EXPECT_EQ(Drops(first_, rtc::DropReason::kResendGone), 1u);
}

TEST_F(WorkerLoss, SealsEveryNumberOfEveryStreamOnce) {
  std::map<rtc::Ssrc, std::set<uint16_t>> seen;
  LoseNextFrame(false);
  SendFrame();
  const uint16_t lost = FirstMissing(first_);
  for (int i = 0; i < 5; ++i) Ask(first_, lost);
  for (const rtc::PacketRef& packet : first_.host->rtp) {
    EXPECT_TRUE(seen[packet->ssrc].insert(packet->sequence).second);
  }
  EXPECT_THAT(seen, SizeIs(2));
  EXPECT_EQ(Drops(first_, rtc::DropReason::kAlreadySealed), 0u);
}

}  // namespace
}  // namespace confab::sfu
