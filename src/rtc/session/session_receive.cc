// The receiving path of a session: what a datagram is, and what becomes of it.

#include "rtc/demux.h"
#include "rtc/rtp/extension_values.h"
#include "rtc/rtp/rtp_extensions.h"
#include "rtc/rtp/rtp_header.h"
#include "rtc/session/session.h"
#include "rtc/srtp/srtp_layout.h"

namespace confab::rtc {

void Session::Classify(Timestamp now, const PacketRef& packet, OpenBatch& batch,
                       SessionOutput& output) {
  const DatagramKind kind = ClassifyDatagram(packet->bytes());
  if (plain_ != nullptr && !AdmitsPlain(kind, *packet)) return;
  switch (kind) {
    case DatagramKind::kStun: return HandleStun(now, *packet, output);
    case DatagramKind::kDtls: return HandleDtls(now, *packet, output);
    case DatagramKind::kRtp: return ClassifyRtp(packet, batch);
    case DatagramKind::kRtcp: return ClassifyRtcp(packet, batch);
    case DatagramKind::kUnknown: return Drop(DropReason::kUnknownKind);
  }
}

void Session::HandleStun(Timestamp now, const Packet& packet, SessionOutput& output) {
  IceOutput ice_output(*output.datagrams);
  const uint64_t dropped_before = ice_->dropped();
  ice_->HandleStun(now, packet.path, packet.bytes(), ice_output);
  if (ice_->dropped() != dropped_before) Drop(DropReason::kStun);
  EndMoveIfChecked(ice_output);
  if (ice_output.Has(IceEvent::kCredentialsChanged)) output.Raise(SessionEvent::kUfragsChanged);
  if (ice_output.Has(IceEvent::kSelectedChanged)) output.Raise(SessionEvent::kPathChanged);
  StartDtlsIfClient(now, output);
}

// A check from the path on trial proves it; a nomination, wherever, is the peer's own choice.
void Session::EndMoveIfChecked(IceOutput& output) {
  if (!move_.active()) return;
  const bool is_proven = ice_->IsValidated(*move_.path());
  if (!is_proven && !output.Has(IceEvent::kSelectedChanged)) return;
  if (is_proven && move_.target()) lite_->MoveTo(*move_.path(), output);
  move_.End();
}

void Session::HandleDtls(Timestamp now, const Packet& packet, SessionOutput& output) {
  // RFC 8445 §12.1 would allow any path; a handshake is expensive, so the address is proven first.
  if (!ice_->IsValidated(packet.path)) return Drop(DropReason::kDtlsUnvalidated);
  HandleDtlsEvent(dtls_->HandleRecords(now, packet.path, packet.bytes(), *output.datagrams),
                  output);
}

void Session::HandleDtlsEvent(DtlsEvent event, SessionOutput& output) {
  switch (event) {
    case DtlsEvent::kNone: return;
    case DtlsEvent::kConnected:
      receive_keys_ = engine_->PrepareKeys(dtls_->srtp()->remote);
      if (StartSending()) output.Raise(SessionEvent::kConnected);
      return;
    case DtlsEvent::kFailed: return output.Raise(SessionEvent::kFailed);
    case DtlsEvent::kClosed: return output.Raise(SessionEvent::kClosedByPeer);
  }
}

void Session::ClassifyRtp(const PacketRef& packet, OpenBatch& batch) {
  if (receive_keys_ == nullptr) return Drop(DropReason::kNoKeys);
  const auto header = ParseRtpHeader(packet->bytes());
  if (!header || packet->size < header->header_size + TagSize(receive_keys_->profile())) {
    return Drop(DropReason::kMalformed);
  }
  const auto index = receive_state_.EstimateIndex(header->ssrc, header->sequence_number);
  if (!index) return Drop(WhyRefused(SrtpKind::kRtp, header->ssrc));
  OpenJob job;
  job.keys = receive_keys_.get();
  job.kind = SrtpKind::kRtp;
  job.ssrc = header->ssrc;
  job.index = *index;
  job.packet = packet.writable().mutable_bytes();
  job.header_size = header->header_size;
  batch.Add(packet, job);
}

void Session::ClassifyRtcp(const PacketRef& packet, OpenBatch& batch) {
  if (receive_keys_ == nullptr) return Drop(DropReason::kNoKeys);
  OpenJob job;
  job.keys = receive_keys_.get();
  job.kind = SrtpKind::kRtcp;
  if (packet->size < kRtcpPlainHeaderSize) return Drop(DropReason::kMalformed);
  job.ssrc = Ssrc(LoadU32(&packet->bytes()[4]));
  if (HasSrtcpTrailer(receive_keys_->profile())) {
    const auto trailer = ReadSrtcpTrailer(receive_keys_->profile(), packet->bytes());
    if (!trailer) return Drop(DropReason::kMalformed);
    job.index = trailer->index;
    if (!receive_state_.AcceptsRtcp(job.ssrc, trailer->index)) {
      return Drop(WhyRefused(SrtpKind::kRtcp, job.ssrc));
    }
  }
  job.packet = packet.writable().mutable_bytes();
  job.header_size = kRtcpPlainHeaderSize;
  batch.Add(packet, job);
}

OpenedAs Session::Opened(const OpenJob& job, Packet& packet) {
  if (!job.ok) {
    Drop(DropReason::kAuthentication);
    return OpenedAs::kDropped;
  }
  // The first packet of a batch may have settled where the others have to come from.
  if (plain_ != nullptr && !AdmitsFrom(job.kind, packet.path)) return OpenedAs::kDropped;
  const bool is_newest = move_.active() && IsNewest(job);
  // Copies within one batch pass EstimateIndex together; the second stops here.
  if (!Commit(job)) {
    Drop(WhyRefused(job.kind, job.ssrc));
    return OpenedAs::kDropped;
  }
  if (move_.active()) move_.NoteReceived(packet.path, packet.size, is_newest);
  dtls_->ReleaseHandshake();
  ++counters_.packets_received;
  counters_.bytes_received += packet.size;
  packet.size = static_cast<uint16_t>(job.plain_size);
  const OpenedAs opened = job.kind == SrtpKind::kRtp ? OpenedRtp(job, packet) : OpenedAs::kRtcp;
  if (plain_ != nullptr && opened != OpenedAs::kDropped) LearnPath(job.kind, packet.path);
  return opened;
}

bool Session::Commit(const OpenJob& job) {
  if (job.kind == SrtpKind::kRtp) return receive_state_.Commit(job.ssrc, job.index);
  // Clear RTCP has no index: a repetition cannot be told, and says nothing new.
  if (!HasSrtcpTrailer(job.keys->profile())) return true;
  return receive_state_.CommitRtcp(job.ssrc, static_cast<uint32_t>(job.index));
}

// Only a new ssrc can be one too many.
DropReason Session::WhyRefused(SrtpKind kind, Ssrc ssrc) const {
  const bool is_known =
      kind == SrtpKind::kRtp ? receive_state_.Knows(ssrc) : receive_state_.KnowsRtcp(ssrc);
  return is_known ? DropReason::kReplayed : DropReason::kTooManySsrcs;
}

bool Session::IsNewest(const OpenJob& job) const {
  return job.kind == SrtpKind::kRtp
             ? receive_state_.IsNewest(job.ssrc, job.index)
             : receive_state_.IsNewestRtcp(job.ssrc, static_cast<uint32_t>(job.index));
}

bool Session::CouldOpen(DatagramKind kind, Ssrc ssrc, BytesView datagram) const {
  // What comes to a plain session comes over its own sockets.
  if (receive_keys_ == nullptr || plain_ != nullptr) return false;
  if (kind == DatagramKind::kRtp && receive_state_.Knows(ssrc)) {
    const auto header = ParseRtpHeader(datagram);
    return header && datagram.size() >= header->header_size + TagSize(receive_keys_->profile()) &&
           receive_state_.EstimateIndex(ssrc, header->sequence_number);
  }
  if (kind == DatagramKind::kRtcp && receive_state_.KnowsRtcp(ssrc)) {
    const auto trailer = ReadSrtcpTrailer(receive_keys_->profile(), datagram);
    return trailer && receive_state_.AcceptsRtcp(ssrc, trailer->index);
  }
  return false;
}

OpenedAs Session::OpenedElsewhere(const OpenJob& job, Packet& packet) {
  const bool is_newest = IsNewest(job);
  const size_t octets = packet.size;
  const OpenedAs opened = Opened(job, packet);
  const bool moves = lite_ != nullptr && is_newest && opened != OpenedAs::kDropped;
  if (moves) move_.Begin(packet.path, octets);
  return opened;
}

OpenedAs Session::OpenedRtp(const OpenJob& job, Packet& packet) {
  const auto header = ParseRtpHeader(packet.bytes());
  const auto payload = header ? PayloadOf(*header, packet.bytes()) : std::nullopt;
  if (!payload) {
    Drop(DropReason::kMalformed);
    return OpenedAs::kDropped;
  }
  packet.ssrc = job.ssrc;
  packet.payload_type = header->payload_type;
  packet.marker = header->marker;
  packet.sequence = header->sequence_number;
  packet.rtp_timestamp = header->timestamp;
  packet.payload_offset = static_cast<uint16_t>(header->header_size);
  packet.payload_size = static_cast<uint16_t>(payload->size());
  ReadExtensions(*header, packet);
  NoteForFeedback(packet);
  return OpenedAs::kRtp;
}

void Session::ReadExtensionsAnew(Packet& packet) const {
  packet.extensions = {};
  if (const auto header = ParseRtpHeader(packet.bytes())) ReadExtensions(*header, packet);
}

void Session::ReadExtensions(const RtpHeader& header, Packet& packet) const {
  ForEachExtension(header, [this, &packet](const ExtensionElement& element) {
    const auto known = receive_extensions_.ExtensionOf(element.id);
    if (!known) return;
    packet.extensions[static_cast<size_t>(*known)] = {
        static_cast<uint16_t>(element.value.data() - packet.bytes().data()),
        static_cast<uint8_t>(element.value.size())};
  });
}

void Session::NoteForFeedback(const Packet& packet) {
  const ExtensionSlot slot =
      packet.extensions[static_cast<size_t>(RtpExtension::kTransportSequenceNumber)];
  if (slot.offset == 0 || feedback_ == nullptr) return;
  const auto number = ReadTransportSequenceNumber(packet.bytes().subspan(slot.offset, slot.size));
  if (!number) return;
  feedback_->OnPacket(*number, packet.received_at);
  last_media_ssrc_ = packet.ssrc;
}

}  // namespace confab::rtc
