#include "client/media/outgoing_media.h"

#include <algorithm>
#include <array>
#include <utility>

#include "net/udp_socket.h"
#include "rtc/rtcp/sdes.h"
#include "rtc/rtcp/sender_report.h"

namespace confab::client {
namespace {

// RFC 3550 §5.1, without CSRCs and extensions: where the session expects a source's payload.
constexpr uint16_t kHeaderSize = 12;
constexpr size_t kMaxReport = 512;

NtpTime NtpAt(Timestamp now) {
  return NtpTime::FromUnixMicros(net::UnixMicrosNow() + (now - net::MonotonicNow()).us());
}

}  // namespace

OutgoingMedia::OutgoingMedia(MediaPeer& peer, PublishParameters parameters, std::string cname,
                             Timestamp begin)
    : peer_(&peer),
      parameters_(std::move(parameters)),
      cname_(std::move(cname)),
      begin_(begin),
      stream_(peer.session().AddStream(parameters_.stream)),
      next_report_(begin) {}

uint32_t OutgoingMedia::RtpTimeAt(Timestamp now) const {
  return static_cast<uint32_t>((now - begin_).us() * parameters_.clock_rate_hz / 1'000'000);
}

void OutgoingMedia::Send(Timestamp now, BytesView payload, bool marker) {
  // A packet that cannot be sent leaves a gap: the receiver must know that the frame has a hole.
  const int64_t sequence = next_sequence_++;
  rtc::PacketRef packet = peer_->AcquirePacket();
  if (!stream_ || !packet || payload.size() > rtc::kMaxPacketSize - kHeaderSize) return;
  rtc::Packet& body = packet.writable();
  std::ranges::copy(payload, body.buffer().begin() + kHeaderSize);
  body.payload_offset = kHeaderSize;
  body.payload_size = static_cast<uint16_t>(payload.size());
  body.size = static_cast<uint16_t>(kHeaderSize + payload.size());
  rtc::SendIntent intent{
      .stream = *stream_, .source_sequence = sequence, .packet = std::move(packet), .plan = {}};
  intent.plan.rtp_timestamp = RtpTimeAt(now);
  intent.plan.marker = marker;
  peer_->session().Admit(std::move(intent));
}

void OutgoingMedia::ReportIfDue(Timestamp now) {
  if (now < next_report_ || next_sequence_ == 0) return;
  next_report_ = now + kReportInterval;
  const rtc::OutgoingStream& stream = peer_->session().stream(*stream_);
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
  peer_->session().AdmitRtcp(writer.written());
}

}  // namespace confab::client
