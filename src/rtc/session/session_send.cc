// The sending path of a session: from the router's wish to a numbered job for the engine.

#include <span>
#include <utility>

#include "rtc/rtp/extension_values.h"
#include "rtc/session/session.h"
#include "rtc/srtp/srtp_layout.h"

namespace confab::rtc {

void Session::Admit(SendIntent intent) {
  if (intents_.size() >= kMaxQueuedIntents) return DropIntent(intent, DropReason::kQueueFull);
  OutgoingStream& stream = streams_[intent.stream.value()];
  if (intent.packet && std::exchange(stream.owes_rebase, false)) intent.plan.rebase = true;
  intents_.push_back(std::move(intent));
}

// Where it should have begun a new source, the next one of its stream does: with the old offset the
// numbers would jump by a whole pause, and by 2^15 they leave the receiver with a wrong roll-over
// counter for good (RFC 3711 §3.3.1).
void Session::DropIntent(const SendIntent& intent, DropReason reason) {
  Drop(reason);
  if (intent.plan.rebase) streams_[intent.stream.value()].owes_rebase = true;
}

bool Session::Release(Timestamp now, SealBatch& batch) {
  const auto& path = send_path();
  if (!connected() || !path) {
    for (const SendIntent& intent : std::span(intents_).subspan(next_intent_)) {
      DropIntent(intent, DropReason::kNoPath);
    }
    intents_.clear();
    next_intent_ = 0;
    rtcp_queue_.Clear();
    return true;
  }
  ReleaseRtcp(batch);
  while (next_intent_ < intents_.size()) {
    if (batch.full()) return false;
    ReleaseIntent(now, intents_[next_intent_++], *path, batch);
  }
  intents_.clear();
  next_intent_ = 0;
  return rtcp_queue_.empty();
}

void Session::ReleaseRtcp(SealBatch& batch) {
  const auto& path = rtcp_send_path();
  if (!path) return rtcp_queue_.Clear();
  while (!rtcp_queue_.empty() && !batch.full()) {
    const BytesView compound = rtcp_queue_.front();
    const auto index = send_state_.NextRtcpIndex();
    if (!index) return rtcp_queue_.Clear();
    SealJob job;
    job.keys = send_keys_.get();
    job.kind = SrtpKind::kRtcp;
    job.ssrc = Ssrc(LoadU32(&compound[4]));
    job.index = *index;
    job.out = batch.Slot();
    std::ranges::copy(compound, job.out.begin());
    job.header_size = kRtcpPlainHeaderSize;
    job.body =
        BytesView(job.out).subspan(kRtcpPlainHeaderSize, compound.size() - kRtcpPlainHeaderSize);
    const size_t size = compound.size() + SealOverhead(send_keys_->profile(), SrtpKind::kRtcp);
    rtcp_queue_.Pop();
    if (!move_.Admit(size)) {
      Drop(DropReason::kUnprovenPath);
      continue;
    }
    ++counters_.packets_sent;
    counters_.bytes_sent += size;
    batch.Add(*path, {}, job, size, SendPriority::kControl);
  }
}

void Session::ReleaseIntent(Timestamp now, SendIntent& intent, const Path& path, SealBatch& batch) {
  OutgoingStream& stream = streams_[intent.stream.value()];
  if (!intent.packet) return stream.sequence.Skip(intent.source_sequence);
  if (!stream.open) return Drop(DropReason::kStreamClosed);
  if (intent.plan.rebase) stream.sequence.Rebase();
  const auto number = stream.sequence.Map(intent.source_sequence);
  if (!number) return Drop(DropReason::kNumberGone);
  // The last line of defence for the key: RFC 7714 §8.4.
  const auto index = static_cast<uint64_t>(*number);
  if (!stream.sealed.Commit(index)) return Drop(DropReason::kAlreadySealed);

  const Packet& packet = *intent.packet;
  const RewritePlan& plan = intent.plan;
  const HeaderStamp stamp{.sequence = static_cast<uint16_t>(index),
                          .rtp_timestamp = plan.rtp_timestamp,
                          .marker = plan.marker,
                          .transport_sequence = next_transport_sequence_,
                          .abs_send_time = AbsSendTimeOf(now)};
  SealJob job;
  job.out = batch.Slot();
  job.header_size = WriteOutgoingHeader(stream.config, packet, stamp, job.out);
  job.body = packet.payload().subspan(plan.payload_skip);
  const size_t size = job.header_size + plan.prefix_size + job.body.size() +
                      SealOverhead(send_keys_->profile(), SrtpKind::kRtp);
  if (job.header_size == 0 || size > job.out.size()) return Drop(DropReason::kTooLarge);
  if (stream.config.keep_sent) stream.sent.Add(now, *number, intent.source_sequence, plan);
  // The number is used up: for the receiver the packet is lost, and it may ask for it.
  if (!move_.Admit(size)) return Drop(DropReason::kUnprovenPath);
  ++next_transport_sequence_;
  job.keys = send_keys_.get();
  job.kind = SrtpKind::kRtp;
  job.ssrc = stream.config.ssrc;
  job.index = index;
  job.prefix_size = plan.prefix_size;
  std::copy_n(plan.prefix.begin(), plan.prefix_size, job.prefix.begin());

  ++stream.packets;
  stream.payload_octets += job.body.size() + plan.prefix_size;
  stream.last_rtp_timestamp = plan.rtp_timestamp;
  ++counters_.packets_sent;
  counters_.bytes_sent += size;
  batch.Add(path, std::move(intent.packet), job, size, stream.config.priority);
}

}  // namespace confab::rtc
