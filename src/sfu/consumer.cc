#include "sfu/consumer.h"

#include "sfu/producer.h"
#include "sfu/webrtc_transport.h"

namespace confab::sfu {
namespace {

size_t CountFrames(const std::vector<rtc::PacketRef>& packets) {
  size_t frames = 0;
  for (size_t i = 0; i < packets.size(); ++i) {
    if (i == 0 || packets[i]->rtp_timestamp != packets[i - 1]->rtp_timestamp) ++frames;
  }
  return frames;
}

}  // namespace

Consumer::Consumer(ConsumerOptions options, Producer& producer, WebRtcTransport& transport)
    : options_(std::move(options)), producer_(&producer), transport_(&transport) {}

Consumer::Wants Consumer::Start(Timestamp now) {
  rebase_ = true;
  if (!producer_->is_video()) {
    flow_ = Flow::kFlowing;
    return Wants::kNothing;
  }
  std::vector<rtc::PacketRef> packets;
  producer_->main_stream().cache().CollectFromKeyframe(now, packets);
  if (packets.empty() || producer_->paused()) {
    flow_ = Flow::kAwaitingKeyframe;
    return producer_->paused() ? Wants::kNothing : Wants::kKeyframe;
  }
  flow_ = Flow::kFlowing;
  CatchUp(packets);
  return Wants::kNothing;
}

// The last frame keeps its own time, so that what follows live continues from it; those before it
// are drawn together just before it.
void Consumer::CatchUp(const std::vector<rtc::PacketRef>& packets) {
  const uint32_t rate = producer_->main_stream().clock_rate();
  const auto step = static_cast<uint32_t>(kCatchUpStep.us() * rate / 1'000'000);
  const uint32_t last = packets.back()->rtp_timestamp;
  auto frames_after = static_cast<uint32_t>(CountFrames(packets));
  for (size_t i = 0; i < packets.size(); ++i) {
    if (i == 0 || packets[i]->rtp_timestamp != packets[i - 1]->rtp_timestamp) --frames_after;
    Send(packets[i], last - frames_after * step);
  }
}

void Consumer::Forward(const rtc::PacketRef& packet) {
  if (flow_ == Flow::kFlowing) return Send(packet, packet->rtp_timestamp);
  if (flow_ == Flow::kAwaitingKeyframe && packet->keyframe) {
    flow_ = Flow::kFlowing;
    return Send(packet, packet->rtp_timestamp);
  }
  transport_->session().CountDrop(flow_ == Flow::kStopped ? rtc::DropReason::kConsumerPaused
                                                          : rtc::DropReason::kAwaitingKeyframe);
}

void Consumer::Send(const rtc::PacketRef& packet, uint32_t rtp_timestamp) {
  rtc::SendIntent intent{.stream = options_.stream,
                         .source_sequence = packet->unwrapped_sequence,
                         .packet = packet,
                         .plan = {}};
  intent.plan.rtp_timestamp = rtp_timestamp;
  intent.plan.marker = packet->marker;
  intent.plan.rebase = std::exchange(rebase_, false);
  transport_->session().Admit(std::move(intent));
  transport_->Schedule();
}

void Consumer::Skip(int64_t unwrapped_sequence) {
  if (flow_ != Flow::kFlowing || rebase_) return;
  transport_->session().Admit(
      {.stream = options_.stream, .source_sequence = unwrapped_sequence, .packet = {}, .plan = {}});
  transport_->Schedule();
}

std::optional<rtc::SenderReport> Consumer::MakeSenderReport(Timestamp now, const NodeClock& clock) {
  const rtc::OutgoingStream& stream = transport_->session().stream(options_.stream);
  const NtpTime ntp = clock.At(now);
  const auto rtp_timestamp = producer_->main_stream().clock().RtpTimestampAt(ntp);
  if (stream.packets == 0 || !rtp_timestamp) return std::nullopt;
  return rtc::SenderReport{.sender = ssrc(),
                           .ntp = ntp,
                           .rtp_timestamp = *rtp_timestamp,
                           .packet_count = static_cast<uint32_t>(stream.packets),
                           .octet_count = static_cast<uint32_t>(stream.payload_octets),
                           .reports = {}};
}

void Consumer::OnReceiverReport(const rtc::ReportBlock& block, NtpTime now) {
  packets_lost_ = block.cumulative_lost;
  if (block.last_sender_report == 0) return;
  // RFC 3550 §6.4.1: A - LSR - DLSR, in 1/65536 s.
  const auto round_trip_q16 =
      static_cast<int32_t>(now.compact() - block.last_sender_report - block.delay_since_report_q16);
  if (round_trip_q16 > 0) {
    round_trip_ = TimeDelta::Micros((int64_t{round_trip_q16} * 1'000'000) >> 16);
  }
}

}  // namespace confab::sfu
