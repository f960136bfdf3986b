#include "sim/media/received_stream.h"

#include <algorithm>

#include "rtc/session/feedback.h"
#include "rtc/session/rtx.h"

namespace confab::sim {

ReceivedStream::ReceivedStream(ReceivedStreamOptions options)
    : options_(options), statistics_(options.ssrc, options.clock_rate) {}

void ReceivedStream::OnPacket(Timestamp now, rtc::Packet& packet) {
  const bool restored = packet.ssrc != options_.ssrc;
  if (restored && !rtc::RestoreFromRtx(packet, options_.ssrc, options_.payload_type)) return;
  const auto sequence = Number(now, packet, restored);
  if (!restored) {
    statistics_.OnPacket(packet.sequence, packet.rtp_timestamp, packet.size, packet.received_at);
  }
  if (!sequence) {
    ++counters_.duplicates;
    return;
  }
  ++counters_.packets;
  if (restored) ++counters_.restored;
  last_packet_at_ = now;
  if (const auto part = ReadFramePart(options_.kind, packet.payload())) {
    frames_.OnPart(now, *sequence, *part);
  } else {
    ++counters_.unreadable;
  }
}

std::optional<int64_t> ReceivedStream::Number(Timestamp now, const rtc::Packet& packet,
                                              bool restored) {
  if (restored) {
    const int64_t sequence = unwrapper_.Peek(packet.sequence);
    return nack_.OnRepeated(now, sequence) ? std::optional(sequence) : std::nullopt;
  }
  const int64_t sequence = unwrapper_.Unwrap(packet.sequence);
  if (!is_video()) return sequence;
  const auto arrival = nack_.OnPacket(now, sequence);
  return arrival == rtc::NackRequester::Arrival::kKnown ? std::nullopt : std::optional(sequence);
}

void ReceivedStream::HandleTimeout(Timestamp now, rtc::Session& session) {
  frames_.HandleTimeout(now);
  if (!is_video()) return;
  if (options_.rtx_ssrc) SendNack(now, session);
  if (nack_.TakeGaveUp()) frames_.Break();
  if (frames_.needs_keyframe() && now >= next_pli_) SendPli(now, session);
}

Timestamp ReceivedStream::NextTimeout() const {
  Timestamp next = frames_.NextTimeout();
  if (!is_video()) return next;
  if (options_.rtx_ssrc) next = std::min(next, nack_.NextTimeout());
  return frames_.needs_keyframe() ? std::min(next, next_pli_) : next;
}

void ReceivedStream::SendNack(Timestamp now, rtc::Session& session) {
  nack_.TakeDue(now, due_);
  counters_.nacked += due_.size();
  rtc::AdmitNack(session, options_.ssrc, due_);
}

void ReceivedStream::SendPli(Timestamp now, rtc::Session& session) {
  next_pli_ = now + kPliInterval;
  ++counters_.plis;
  rtc::AdmitPli(session, options_.ssrc);
}

std::optional<rtc::ReportBlock> ReceivedStream::TakeReport(Timestamp now) {
  if (!statistics_.started()) return std::nullopt;
  return statistics_.TakeReport(now);
}

}  // namespace confab::sim
