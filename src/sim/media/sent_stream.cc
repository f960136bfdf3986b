#include "sim/media/sent_stream.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "rtc/rtcp/sdes.h"
#include "rtc/rtcp/sender_report.h"
#include "rtc/session/rtx.h"

namespace confab::sim {
namespace {

// RFC 3550 §5.1, without CSRCs and extensions: where the session expects a source's payload. An
// audio level (RFC 6464) stands before it, where the header's extension would be.
constexpr uint16_t kHeaderSize = 16;
constexpr uint16_t kLevelOffset = 12;
constexpr TimeDelta kMinRepeat = TimeDelta::Millis(10);

}  // namespace

SentStream::SentStream(Timestamp begin, SentStreamOptions options, rtc::Session& session)
    : options_(std::move(options)), session_(&session), begin_(begin) {
  options_.media.keep_sent = options_.rtx.has_value();
  const auto media = session.AddStream(options_.media);
  CHECK(media.has_value());
  media_ = *media;
  if (!options_.rtx) return;
  rtx_ = session.AddStream(*options_.rtx);
  CHECK(rtx_.has_value());
  kept_.resize(kKept);
}

uint32_t SentStream::RtpTimeAt(Timestamp now) const {
  return options_.first_rtp_timestamp +
         static_cast<uint32_t>((now - begin_).us() * options_.clock_rate / 1'000'000);
}

void SentStream::Send(Timestamp now, rtc::PacketRef packet, const FramePart& part, size_t octets) {
  if (!packet) return;
  rtc::Packet& p = packet.writable();
  WriteFramePart(options_.kind, part, p.buffer().subspan(kHeaderSize, octets));
  p.payload_offset = kHeaderSize;
  p.payload_size = static_cast<uint16_t>(octets);
  p.size = static_cast<uint16_t>(kHeaderSize + octets);
  p.extensions = {};
  if (options_.kind == rtc::MediaKind::kAudio) {
    // Everybody speaks for two seconds of ten, one after another.
    const bool speaks = (now.ms() / 2000) % 5 == part.source % 5;
    p.buffer()[kLevelOffset] = speaks ? 0x80 | 30 : 90;
    p.extensions[static_cast<size_t>(rtc::RtpExtension::kAudioLevel)] = {kLevelOffset, 1};
  }
  const int64_t sequence = next_sequence_++;
  if (!kept_.empty()) kept_[static_cast<size_t>(sequence) % kKept] = packet;
  rtc::SendIntent intent{
      .stream = media_, .source_sequence = sequence, .packet = std::move(packet), .plan = {}};
  intent.plan.rtp_timestamp = RtpTimeAt(part.sent_at);
  intent.plan.marker = part.part + 1 == part.parts;
  session_->Admit(std::move(intent));
  ++counters_.packets;
}

void SentStream::OnNack(Timestamp now, const rtc::Nack& nack) {
  nack.ForEachSequence([&](uint16_t sequence) {
    ++counters_.asked_for;
    Repeat(now, sequence);
  });
}

void SentStream::Repeat(Timestamp now, uint16_t sequence) {
  if (!rtx_) return;
  rtc::SentPacket* sent = session_->FindSent(media_, sequence);
  if (sent == nullptr || now - sent->repeated_at < kMinRepeat) return;
  if (next_sequence_ - sent->source_sequence > static_cast<int64_t>(kKept)) return;
  sent->repeated_at = now;
  ++counters_.repeated;
  session_->Admit({.stream = *rtx_,
                   .source_sequence = 0,
                   .packet = kept_[static_cast<size_t>(sent->source_sequence) % kKept],
                   .plan = rtc::RtxPlan(sent->plan, sequence)});
}

void SentStream::SendReport(Timestamp now, NtpTime ntp) {
  const rtc::OutgoingStream& stream = session_->stream(media_);
  if (stream.packets == 0) return;
  std::array<uint8_t, 128> packet;
  ByteWriter writer(packet);
  rtc::SenderReport{.sender = ssrc(),
                    .ntp = ntp,
                    .rtp_timestamp = RtpTimeAt(now),
                    .packet_count = static_cast<uint32_t>(stream.packets),
                    .octet_count = static_cast<uint32_t>(stream.payload_octets),
                    .reports = {}}
      .Write(writer);
  rtc::Sdes{.chunks = {{.ssrc = ssrc(), .cname = "simulated"}}}.Write(writer);
  session_->AdmitRtcp(writer.written());
}

}  // namespace confab::sim
