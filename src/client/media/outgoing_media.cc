#include "client/media/outgoing_media.h"

#include <algorithm>
#include <array>
#include <utility>

#include "client/media/wall_clock.h"
#include "rtc/rtcp/sdes.h"
#include "rtc/rtcp/sender_report.h"
#include "rtc/session/rtx.h"

namespace confab::client {
namespace {

// RFC 3550 §5.1, without CSRCs. What a source says in extensions stands before its payload, where
// the header would have them: the session writes the header anew.
constexpr uint16_t kFixedHeader = 12;
constexpr uint8_t kCaptureTimeSize = 8;
constexpr uint16_t kHeaderSize = kFixedHeader + kCaptureTimeSize;
constexpr size_t kMaxReport = 512;

void WriteCaptureTime(Timestamp now, rtc::Packet& packet) {
  ByteWriter writer(packet.buffer().subspan(kFixedHeader, kCaptureTimeSize));
  writer.U64(NtpAt(now).value());
  packet.extensions[static_cast<size_t>(rtc::RtpExtension::kAbsCaptureTime)] = {kFixedHeader,
                                                                                kCaptureTimeSize};
}

}  // namespace

OutgoingMedia::OutgoingMedia(rtc::Session& session, rtc::PacketPool& pool,
                             PublishParameters parameters, std::string cname, Timestamp begin)
    : session_(&session),
      pool_(&pool),
      parameters_(std::move(parameters)),
      cname_(std::move(cname)),
      begin_(begin),
      stream_(session.AddStream(parameters_.stream)),
      next_report_(begin) {
  if (!stream_ || !parameters_.rtx) return;
  rtx_ = session.AddStream(*parameters_.rtx);
  if (rtx_) kept_.resize(kKept);
}

uint32_t OutgoingMedia::RtpTimeAt(Timestamp now) const {
  return static_cast<uint32_t>((now - begin_).us() * parameters_.clock_rate_hz / 1'000'000);
}

void OutgoingMedia::Send(Timestamp now, BytesView payload, bool marker) {
  // A packet that cannot be sent leaves a gap: the receiver must know that the frame has a hole.
  const int64_t sequence = next_sequence_++;
  rtc::PacketRef packet = pool_->Acquire();
  if (!stream_ || !packet || payload.size() > rtc::kMaxPacketSize - kHeaderSize) return;
  rtc::Packet& body = packet.writable();
  std::ranges::copy(payload, body.buffer().begin() + kHeaderSize);
  body.payload_offset = kHeaderSize;
  body.payload_size = static_cast<uint16_t>(payload.size());
  body.size = static_cast<uint16_t>(kHeaderSize + payload.size());
  if (marker) WriteCaptureTime(now, body);
  if (rtx_) kept_[static_cast<size_t>(sequence) % kKept] = packet;
  rtc::SendIntent intent{
      .stream = *stream_, .source_sequence = sequence, .packet = std::move(packet), .plan = {}};
  intent.plan.rtp_timestamp = RtpTimeAt(now);
  intent.plan.marker = marker;
  session_->Admit(std::move(intent));
  last_sent_ = now;
}

void OutgoingMedia::OnNack(Timestamp now, const rtc::Nack& nack) {
  nack.ForEachSequence([&](uint16_t sequence) {
    ++asked_for_;
    Repeat(now, sequence);
  });
}

void OutgoingMedia::Repeat(Timestamp now, uint16_t sequence) {
  if (!rtx_) return;
  rtc::SentPacket* sent = session_->FindSent(*stream_, sequence);
  if (sent == nullptr || now - sent->repeated_at < kMinRepeat) return;
  // Its place may have been given to a newer one that was not sent.
  if (next_sequence_ - sent->source_sequence > static_cast<int64_t>(kKept)) return;
  const rtc::PacketRef& kept = kept_[static_cast<size_t>(sent->source_sequence) % kKept];
  if (!kept) return;
  sent->repeated_at = now;
  ++repeated_;
  session_->Admit({.stream = *rtx_,
                   .source_sequence = 0,
                   .packet = kept,
                   .plan = rtc::RtxPlan(sent->plan, sequence)});
}

void OutgoingMedia::ReportIfDue(Timestamp now) {
  if (now < next_report_ || next_sequence_ == 0) return;
  next_report_ = now + kReportInterval;
  const rtc::OutgoingStream& stream = session_->stream(*stream_);
  std::array<uint8_t, kMaxReport> packet;
  ByteWriter writer(packet);
  rtc::SenderReport{.sender = ssrc(),
                    .ntp = NtpAt(now),
                    .rtp_timestamp = RtpTimeAt(now),
                    .packet_count = static_cast<uint32_t>(stream.packets),
                    .octet_count = static_cast<uint32_t>(stream.payload_octets),
                    .reports = {}}
      .Write(writer);
  rtc::Sdes{.chunks = {{.ssrc = ssrc(), .cname = cname_}}}.Write(writer);
  session_->AdmitRtcp(writer.written());
}

}  // namespace confab::client
