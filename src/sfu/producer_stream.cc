#include "sfu/producer_stream.h"

#include <algorithm>

#include "base/check.h"
#include "rtc/codec/frame_traits.h"
#include "rtc/rtp/extension_map.h"

namespace confab::sfu {

ProducerStream::ProducerStream(Options options)
    : options_(std::move(options)), clock_(options_.clock_rate) {
  if (options_.ssrc) LearnSsrc(*options_.ssrc);
}

void ProducerStream::LearnSsrc(rtc::Ssrc ssrc) {
  options_.ssrc = ssrc;
  statistics_.emplace(ssrc, options_.clock_rate);
}

// Retransmissions are left out of the statistics: reports tell of the link, before repair.
bool ProducerStream::Number(Timestamp now, rtc::Packet& packet, bool repeated) {
  CHECK(statistics_.has_value());
  if (repeated) {
    packet.unwrapped_sequence = unwrapper_.Peek(packet.sequence);
    return nack_.OnRepeated(now, packet.unwrapped_sequence);
  }
  packet.unwrapped_sequence = unwrapper_.Unwrap(packet.sequence);
  newest_ = std::max(newest_, packet.unwrapped_sequence);
  statistics_->OnPacket(packet.sequence, packet.rtp_timestamp, packet.size, packet.received_at);
  return !options_.repairs ||
         nack_.OnPacket(now, packet.unwrapped_sequence) != rtc::NackRequester::Arrival::kKnown;
}

bool ProducerStream::Accept(const rtc::PacketRef& ref, NtpTime arrival) {
  rtc::Packet& packet = ref.writable();
  clock_.OnPacket(packet.rtp_timestamp, arrival);
  if (options_.codec == rtc::CodecType::kOpus) return true;

  const auto descriptor =
      packet.extensions[static_cast<size_t>(rtc::RtpExtension::kDependencyDescriptor)];
  const auto traits = rtc::ReadFrameTraits(
      {.codec = options_.codec,
       .marker = packet.marker,
       .payload = packet.payload(),
       .dependency_descriptor = descriptor.offset == 0
                                    ? BytesView()
                                    : packet.bytes().subspan(descriptor.offset, descriptor.size)});
  if (!traits) return false;
  packet.keyframe = traits->keyframe;
  packet.starts_frame = traits->starts_frame;
  cache_.Add(ref);
  if (packet.keyframe) NoteKeyframe(packet);
  return true;
}

// Whoever waits is not served by one that nobody can begin with.
void ProducerStream::NoteKeyframe(const rtc::Packet& packet) {
  if (packet.rtp_timestamp != keyframe_timestamp_) ++keyframes_received_;
  keyframe_timestamp_ = packet.rtp_timestamp;
  if (packet.starts_frame || cache_.HasWholeBeginning()) keyframes_.OnKeyframe();
}

}  // namespace confab::sfu
