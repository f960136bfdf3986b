#include "client/media/incoming_media.h"

#include <algorithm>
#include <utility>

#include "rtc/codec/vp8_descriptor.h"
#include "rtc/rtp/extension_values.h"
#include "rtc/session/feedback.h"
#include "rtc/session/rtx.h"

namespace confab::client {
namespace {

// When the frame was captured, on our clock; nullopt where the packet does not say it.
std::optional<Timestamp> CapturedAt(Timestamp now, NtpTime wall, const rtc::Packet& packet) {
  const rtc::ExtensionSlot slot =
      packet.extensions[static_cast<size_t>(rtc::RtpExtension::kAbsCaptureTime)];
  if (slot.offset == 0) return std::nullopt;
  const auto value = rtc::ReadAbsCaptureTime(packet.bytes().subspan(slot.offset, slot.size));
  if (!value) return std::nullopt;
  // 32.32 fixed point seconds.
  const auto age = static_cast<int64_t>(wall.value() - value->capture_time.value());
  constexpr int64_t kMaxAge = IncomingMedia::kMaxLatency.us() / 1'000'000 << 32;
  if (age > kMaxAge || age < -kMaxAge) return std::nullopt;
  return now - TimeDelta::Micros((age * 1'000'000) >> 32);
}

}  // namespace

IncomingCounters& IncomingCounters::operator+=(const IncomingCounters& other) {
  packets += other.packets;
  recovered += other.recovered;
  duplicates += other.duplicates;
  missing += other.missing;
  nacked += other.nacked;
  plis += other.plis;
  payload_octets += other.payload_octets;
  frames += other.frames;
  return *this;
}

IncomingMedia::IncomingMedia(ReceiveParameters parameters)
    : parameters_(std::move(parameters)),
      statistics_(parameters_.ssrc, parameters_.clock_rate_hz) {}

void IncomingMedia::OnPacket(Timestamp now, NtpTime wall, rtc::Packet& packet) {
  const bool restored = packet.ssrc != parameters_.ssrc;
  if (restored && !rtc::RestoreFromRtx(packet, parameters_.ssrc, parameters_.payload_type)) return;
  const bool is_first = counters_.packets == 0;
  const auto sequence = Number(now, packet, restored);
  if (!restored) {
    statistics_.OnPacket(packet.sequence, packet.rtp_timestamp, packet.size, packet.received_at);
  }
  if (!sequence) {
    ++counters_.duplicates;
    return;
  }
  first_ = is_first ? *sequence : std::min(first_, *sequence);
  last_ = is_first ? *sequence : std::max(last_, *sequence);
  last_came_ = now;
  ++counters_.packets;
  if (restored) ++counters_.recovered;
  counters_.payload_octets += packet.payload_size;
  if (is_video()) TakeFrame(now, wall, *sequence, packet);
}

std::optional<int64_t> IncomingMedia::Number(Timestamp now, const rtc::Packet& packet,
                                             bool restored) {
  if (restored) {
    const int64_t sequence = unwrapper_.Peek(packet.sequence);
    return nack_.OnRepeated(now, sequence) ? std::optional(sequence) : std::nullopt;
  }
  const int64_t sequence = unwrapper_.Unwrap(packet.sequence);
  // Nobody repeats sound, and SRTP lets no number pass twice.
  if (!is_video()) return sequence;
  const auto arrival = nack_.OnPacket(now, sequence);
  return arrival == rtc::NackRequester::Arrival::kKnown ? std::nullopt : std::optional(sequence);
}

void IncomingMedia::TakeFrame(Timestamp now, NtpTime wall, int64_t sequence,
                              const rtc::Packet& packet) {
  IncomingPart part{.ends = packet.marker, .captured_at = CapturedAt(now, wall, packet)};
  if (const auto descriptor = rtc::ParseVp8Descriptor(packet.payload())) {
    part.starts = descriptor->starts_frame();
    part.keyframe = descriptor->keyframe;
  }
  frames_.OnPart(now, sequence, part);
}

void IncomingMedia::HandleTimeout(Timestamp now, rtc::Session& session) {
  if (!is_video()) return;
  frames_.HandleTimeout(now);
  if (parameters_.rtx_ssrc) SendNack(now, session);
  if (nack_.TakeGaveUp()) frames_.Break();
  if (frames_.needs_keyframe() && now >= next_pli_) SendPli(now, session);
}

Timestamp IncomingMedia::NextTimeout() const {
  if (!is_video()) return Timestamp::Never();
  Timestamp next = frames_.NextTimeout();
  if (parameters_.rtx_ssrc) next = std::min(next, nack_.NextTimeout());
  return frames_.needs_keyframe() ? std::min(next, next_pli_) : next;
}

void IncomingMedia::SendNack(Timestamp now, rtc::Session& session) {
  nack_.TakeDue(now, due_);
  counters_.nacked += due_.size();
  rtc::AdmitNack(session, parameters_.ssrc, due_);
}

void IncomingMedia::SendPli(Timestamp now, rtc::Session& session) {
  next_pli_ = now + kPliInterval;
  ++counters_.plis;
  rtc::AdmitPli(session, parameters_.ssrc);
}

std::optional<rtc::ReportBlock> IncomingMedia::TakeReport(Timestamp now) {
  if (!statistics_.started()) return std::nullopt;
  return statistics_.TakeReport(now);
}

IncomingCounters IncomingMedia::counters() const {
  IncomingCounters counters = counters_;
  counters.missing = missing();
  counters.frames = frames_.counters();
  return counters;
}

uint64_t IncomingMedia::missing() const {
  const auto span = static_cast<uint64_t>(last_ - first_ + 1);
  return span > counters_.packets ? span - counters_.packets : 0;
}

}  // namespace confab::client
