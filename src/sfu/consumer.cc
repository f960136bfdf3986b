#include "sfu/consumer.h"

#include <algorithm>

#include "rtc/session/rtx.h"
#include "sfu/producer.h"
#include "sfu/transport.h"

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

Consumer::Consumer(ConsumerOptions options, Producer& producer, Transport& transport)
    : options_(std::move(options)), producer_(&producer), transport_(&transport) {}

Consumer::Wants Consumer::Start(Timestamp now) {
  rebase_ = true;
  if (!producer_->is_video()) {
    flow_ = Flow::kFlowing;
    return Wants::kNothing;
  }
  flow_ = Flow::kAwaitingKeyframe;
  if (producer_->paused() || StartFromCache(now)) return Wants::kNothing;
  return Wants::kKeyframe;
}

bool Consumer::StartFromCache(Timestamp now) {
  std::vector<rtc::PacketRef> packets;
  producer_->main_stream().cache().CollectFromKeyframe(now, packets);
  if (packets.empty()) return false;
  // Whoever was sent this keyframe before would get its frames again, with older timestamps.
  if (newest_sent_ && packets.front()->unwrapped_sequence <= *newest_sent_) return false;
  flow_ = Flow::kFlowing;
  CatchUp(packets);
  return true;
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
  switch (flow_) {
    case Flow::kFlowing:
      // Newer ones were passed over before the start: one that they overtook is no beginning.
      if (rebase_ && packet->unwrapped_sequence < producer_->main_stream().newest()) {
        return transport_->session().CountDrop(rtc::DropReason::kNumberGone);
      }
      return Send(packet, packet->rtp_timestamp);
    case Flow::kAwaitingKeyframe: return ForwardToWaiting(packet);
    case Flow::kStopped: return transport_->session().CountDrop(rtc::DropReason::kConsumerPaused);
  }
}

// A keyframe whose packets came out of order, or one by retransmission, begins when it is whole:
// what came before its first packet was not forwarded and could not be asked for. So does one whose
// first packet does not say that it is the first.
void Consumer::ForwardToWaiting(const rtc::PacketRef& packet) {
  const bool newest = packet->unwrapped_sequence == producer_->main_stream().cache().newest();
  if (newest && packet->keyframe && packet->starts_frame) {
    flow_ = Flow::kFlowing;
    return Send(packet, packet->rtp_timestamp);
  }
  if ((!newest || packet->keyframe) && StartFromCache(packet->received_at)) return;
  transport_->session().CountDrop(rtc::DropReason::kAwaitingKeyframe);
  // The sender can be heard, but requests and repeats were lost, perhaps in an outage: once more.
  if (!producer_->main_stream().keyframes().wanted()) {
    producer_->transport().RequestKeyframe(packet->received_at, *producer_);
  }
}

void Consumer::Send(const rtc::PacketRef& packet, uint32_t rtp_timestamp) {
  rtc::SendIntent intent{.stream = options_.streams.media,
                         .source_sequence = packet->unwrapped_sequence,
                         .packet = packet,
                         .plan = {}};
  intent.plan.rtp_timestamp = rtp_timestamp;
  intent.plan.marker = packet->marker;
  intent.plan.rebase = std::exchange(rebase_, false);
  newest_sent_ =
      std::max(newest_sent_.value_or(packet->unwrapped_sequence), packet->unwrapped_sequence);
  Admit(std::move(intent));
}

void Consumer::Skip(int64_t unwrapped_sequence) {
  if (flow_ != Flow::kFlowing || rebase_) return;
  Admit({.stream = options_.streams.media,
         .source_sequence = unwrapped_sequence,
         .packet = {},
         .plan = {}});
}

void Consumer::Admit(rtc::SendIntent intent) {
  transport_->session().Admit(std::move(intent));
  transport_->Schedule();
}

void Consumer::Retransmit(Timestamp now, uint16_t sequence) {
  rtc::Session& session = transport_->session();
  if (!options_.streams.rtx) return session.CountDrop(rtc::DropReason::kResendGone);
  rtc::SentPacket* sent = session.FindSent(options_.streams.media, sequence);
  const rtc::PacketRef* packet =
      sent == nullptr ? nullptr : producer_->main_stream().cache().Find(sent->source_sequence);
  if (packet == nullptr) return session.CountDrop(rtc::DropReason::kResendGone);
  // What the sender repeated has only just gone on: the request is older.
  const bool crossed = now - sent->sent_at < round_trip_ * 3 / 4;
  if (crossed || now - sent->repeated_at < round_trip_) {
    return session.CountDrop(rtc::DropReason::kResendTooSoon);
  }
  if (!budget_.Take(session.stream(options_.streams.media).payload_octets, (*packet)->size)) {
    return session.CountDrop(rtc::DropReason::kResendBudget);
  }
  sent->repeated_at = now;
  ++transport_->counters().repeated;
  Admit({.stream = *options_.streams.rtx,
         .source_sequence = 0,
         .packet = *packet,
         .plan = rtc::RtxPlan(sent->plan, sequence)});
}

std::optional<rtc::SenderReport> Consumer::MakeSenderReport(Timestamp now, const NodeClock& clock) {
  const rtc::OutgoingStream& stream = transport_->session().stream(options_.streams.media);
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
  transport_->counters().to_receivers += reported_.Take(block);
  if (block.last_sender_report == 0) return;
  // RFC 3550 §6.4.1: A - LSR - DLSR, in 1/65536 s.
  const auto round_trip_q16 =
      static_cast<int32_t>(now.compact() - block.last_sender_report - block.delay_since_report_q16);
  if (round_trip_q16 > 0) {
    round_trip_ = TimeDelta::Micros((int64_t{round_trip_q16} * 1'000'000) >> 16);
    transport_->counters().round_trips.Observe(round_trip_);
  }
}

}  // namespace confab::sfu
