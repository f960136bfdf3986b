#include "sim/peer/participant.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "rtc/rtcp/receiver_report.h"
#include "rtc/rtcp/rtcp_compound.h"
#include "sfu/parameters/header_extensions.h"
#include "sim/peer/parameters.h"
#include "sim/run/report.h"
#include "sim/run/seed.h"

namespace confab::sim {
namespace {

constexpr uint16_t kSendPort = 5000;
constexpr uint16_t kReceivePort = 5001;
constexpr int64_t kUnixMicros = 1'700'000'000'000'000;

// Each participant's ssrcs: the kind in the low bits, its number above.
rtc::Ssrc SsrcOf(uint32_t participant, uint32_t stream) {
  return rtc::Ssrc(0x10000000u + participant * 8 + stream);
}

}  // namespace

// What a participant hears of its own streams and of those that it receives.
struct ParticipantRtcp {
  Participant& participant;
  Timestamp now;

  void operator()(const rtc::Nack& nack) const {
    if (SentStream* stream = participant.FindSent(nack.media)) stream->OnNack(now, nack);
  }
  void operator()(const rtc::Pli& pli) const {
    if (participant.FindSent(pli.media) != nullptr) participant.video_->RequestKeyframe();
  }
  void operator()(const rtc::SenderReport& report) const {
    if (ReceivedStream* stream = participant.FindReceived(report.sender)) {
      stream->OnSenderReport(report.ntp, now);
    }
  }
};

Participant::Participant(Timestamp now, PeerContext& context, uint32_t number,
                         const ParticipantPlan& plan)
    : context_(&context),
      number_(number),
      host_(context.network.AddHost(plan.up, plan.down)),
      send_(now, context, host_, number * 2, AddressOf(kSendPort)),
      receive_(now, context, host_, number * 2 + 1, AddressOf(kReceivePort)) {
  if (plan.audio) Publish(now, rtc::MediaKind::kAudio);
  if (plan.video) {
    video_.emplace(*plan.video);
    Publish(now, rtc::MediaKind::kVideo);
  }
}

SocketAddress Participant::AddressOf(uint16_t port) const {
  return SocketAddress::Ipv4({10, static_cast<uint8_t>(number_ >> 8), static_cast<uint8_t>(number_),
                              static_cast<uint8_t>(generation_ + 1)},
                             port);
}

void Participant::Publish(Timestamp now, rtc::MediaKind kind) {
  const bool video = kind == rtc::MediaKind::kVideo;
  const Published& published = published_.emplace_back(
      Published{.kind = kind,
                .ssrc = SsrcOf(number_, video ? 2 : 1),
                .rtx_ssrc = video ? std::optional(SsrcOf(number_, 3)) : std::nullopt});
  sent_.push_back(std::make_unique<SentStream>(
      now, SentOptions(kind, published.ssrc, published.rtx_ssrc), send_.session()));
}

void Participant::Connect(Timestamp now, const rtc::IceCredentials& send,
                          const rtc::IceCredentials& receive) {
  send_.Connect(now, send);
  receive_.Connect(now, receive);
  next_report_ = now + kReportInterval;
}

void Participant::Recheck(Timestamp now, const rtc::IceCredentials& send,
                          const rtc::IceCredentials& receive) {
  send_.Recheck(now, send);
  receive_.Recheck(now, receive);
}

void Participant::Move() {
  ++generation_;
  send_.Move(AddressOf(kSendPort));
  receive_.Move(AddressOf(kReceivePort));
}

void Participant::Detach() {
  send_.Detach();
  receive_.Detach();
}

bool Participant::TakeReadyToPublish() {
  if (announced_ || !send_.session().connected()) return false;
  return announced_ = true;
}

bool Participant::IsSending(rtc::MediaKind kind) const {
  return std::ranges::any_of(published_,
                             [kind](const Published& p) { return p.kind == kind && !p.paused; });
}

void Participant::SetSending(Timestamp now, rtc::MediaKind kind, bool sending) {
  for (Published& published : published_) {
    if (published.kind == kind) published.paused = !sending;
  }
  if (!announced_) return;
  Timestamp& next = kind == rtc::MediaKind::kVideo ? next_video_ : next_audio_;
  next = IsSending(kind) ? now : Timestamp::Never();
}

ReceivedStream& Participant::AddReceived(const sfu::RtpParameters& parameters, rtc::MediaKind kind,
                                         Timestamp measure_from, TimeDelta deadline) {
  const sfu::RtpCodecParameters& codec = parameters.codecs.front();
  const sfu::RtpEncodingParameters& encoding = parameters.encodings.front();
  ReceivedStream& stream =
      *received_.emplace_back(std::make_unique<ReceivedStream>(ReceivedStreamOptions{
          .kind = kind,
          .ssrc = *encoding.ssrc,
          .payload_type = rtc::PayloadType(codec.payload_type),
          .rtx_ssrc = kind == rtc::MediaKind::kVideo ? encoding.rtx_ssrc : std::nullopt,
          .clock_rate = codec.clock_rate}));
  stream.frames().MeasureFrom(measure_from);
  stream.frames().set_deadline(deadline);
  receive_.session().set_receive_extensions(sfu::MapOf(parameters.header_extensions));
  return stream;
}

void Participant::RemoveReceived(rtc::Ssrc ssrc) {
  const ReceivedStream* stream = FindReceived(ssrc);
  if (stream == nullptr) return;
  closed_frames_[static_cast<size_t>(stream->options().kind)] += stream->frames().counters();
  closed_streams_ += stream->counters();
  receive_.session().ForgetReceivedStream(stream->options().ssrc);
  if (const auto& rtx = stream->options().rtx_ssrc) receive_.session().ForgetReceivedStream(*rtx);
  std::erase_if(received_, [stream](const auto& r) { return r.get() == stream; });
}

ReceivedStream* Participant::FindReceived(rtc::Ssrc ssrc) const {
  const auto found =
      std::ranges::find_if(received_, [ssrc](const auto& r) { return r->Takes(ssrc); });
  return found == received_.end() ? nullptr : found->get();
}

SentStream* Participant::FindSent(rtc::Ssrc ssrc) {
  const auto found =
      std::ranges::find_if(sent_, [ssrc](const auto& s) { return s->ssrc() == ssrc; });
  return found == sent_.end() ? nullptr : found->get();
}

SentStream* Participant::FindSent(rtc::MediaKind kind) {
  const auto found =
      std::ranges::find_if(sent_, [kind](const auto& s) { return s->kind() == kind; });
  return found == sent_.end() ? nullptr : found->get();
}

void Participant::Receive(Timestamp now, const Arrived& datagram) {
  Endpoint& endpoint = datagram.client == send_.address() ? send_ : receive_;
  if (datagram.client != endpoint.address()) return;  // sent before it moved
  const OpenedPacket opened = endpoint.Receive(now, datagram.bytes);
  switch (opened.as) {
    case rtc::OpenedAs::kDropped: return;
    case rtc::OpenedAs::kRtcp:
      (void)rtc::ForEachRtcp(opened.packet->bytes(), ParticipantRtcp{*this, now});
      return;
    case rtc::OpenedAs::kRtp:
      // Null: signaling has not told of it yet, or has told that it is closed.
      if (ReceivedStream* stream = FindReceived(opened.packet->ssrc)) {
        stream->OnPacket(now, opened.packet.writable());
      }
  }
}

void Participant::HandleTimeout(Timestamp now) {
  send_.HandleTimeout(now);
  receive_.HandleTimeout(now);
  if (now >= next_video_) SendVideo(now);
  if (now >= next_audio_) SendAudio(now);
  if (now >= next_report_) SendReports(now);
  for (const auto& stream : received_) {
    if (now >= stream->NextTimeout()) stream->HandleTimeout(now, receive_.session());
  }
}

void Participant::SendVideo(Timestamp now) {
  const SyntheticVideo::Frame frame = video_->Next(now);
  next_video_ = now + video_->options().frame_interval;
  SentStream& stream = *FindSent(rtc::MediaKind::kVideo);
  for (uint16_t part = 0; part < frame.packets; ++part) {
    stream.Send(now, context_->pool.Acquire(),
                {.source = number_,
                 .frame = frame.number,
                 .part = part,
                 .parts = frame.packets,
                 .keyframe = frame.keyframe,
                 .sent_at = now},
                video_->options().payload_octets);
  }
}

void Participant::SendAudio(Timestamp now) {
  next_audio_ = now + kAudioInterval;
  FindSent(rtc::MediaKind::kAudio)
      ->Send(now, context_->pool.Acquire(),
             {.source = number_, .frame = audio_frames_++, .sent_at = now}, kAudioOctets);
}

void Participant::SendReports(Timestamp now) {
  next_report_ = now + kReportInterval;
  if (send_.session().connected()) {
    for (const auto& stream : sent_) stream->SendReport(now, NtpAt(now));
  }
  rtc::ReceiverReport report{.sender = receive_.session().rtcp_ssrc(), .reports = {}};
  for (const auto& stream : received_) {
    const auto block = stream->TakeReport(now);
    if (block && !report.reports.Add(*block)) break;
  }
  if (!receive_.session().connected() || report.reports.empty()) return;
  std::array<uint8_t, 8 + rtc::kMaxReportBlocks * rtc::ReportBlock::kSize> packet;
  ByteWriter writer(packet);
  report.Write(writer);
  receive_.session().AdmitRtcp(writer.written());
}

// Clocks of different machines do not agree.
NtpTime Participant::NtpAt(Timestamp now) const {
  return NtpTime::FromUnixMicros(kUnixMicros + now.us() + int64_t{number_} * 1'000'003);
}

void Participant::AddTo(Report& report) const {
  const auto frames_of = [&report](size_t kind) -> FrameCounters& {
    return kind == static_cast<size_t>(rtc::MediaKind::kVideo) ? report.video : report.audio;
  };
  for (size_t kind = 0; kind < closed_frames_.size(); ++kind) {
    frames_of(kind) += closed_frames_[kind];
  }
  report.received += closed_streams_;
  for (const auto& stream : received_) {
    frames_of(static_cast<size_t>(stream->options().kind)) += stream->frames().counters();
    report.received += stream->counters();
  }
  for (const auto& stream : sent_) report.sent += stream->counters();
  report.frames_sent += frames_sent();
  report.clients += send_.session().counters();
  report.clients += receive_.session().counters();
}

void Participant::Flush(Timestamp now) {
  send_.Flush(now);
  receive_.Flush(now);
  if (announced_ && next_audio_.is_never() && IsSending(rtc::MediaKind::kAudio)) next_audio_ = now;
  if (announced_ && next_video_.is_never() && IsSending(rtc::MediaKind::kVideo)) next_video_ = now;
  UpdateTimeout();
}

void Participant::UpdateTimeout() {
  next_timeout_ = std::min(
      {send_.NextTimeout(), receive_.NextTimeout(), next_video_, next_audio_, next_report_});
  for (const auto& stream : received_) {
    next_timeout_ = std::min(next_timeout_, stream->NextTimeout());
  }
}

}  // namespace confab::sim
