// A transport's packet path: from an opened RTP packet to the consumers of its producer.

#include "rtc/rtp/extension_values.h"
#include "sfu/transport.h"

namespace confab::sfu {
namespace {

BytesView ExtensionOf(const rtc::Packet& packet, rtc::RtpExtension extension) {
  const rtc::ExtensionSlot slot = packet.extensions[static_cast<size_t>(extension)];
  return slot.offset == 0 ? BytesView() : packet.bytes().subspan(slot.offset, slot.size);
}

}  // namespace

void Transport::HandleRtp(Timestamp now, const rtc::PacketRef& packet) {
  const Route* route = FindRoute(packet->ssrc);
  if (route == nullptr) route = LearnRoute(*packet);
  if (route == nullptr) {
    return session_.CountDrop(rtc::DropReason::kUnknownSsrc, early_.Add(now, packet));
  }
  HandleMedia(now, packet, *route);
}

void Transport::DropEarly() {
  session_.CountDrop(rtc::DropReason::kUnknownSsrc, early_.Take().size());
}

void Transport::HandleMedia(Timestamp now, const rtc::PacketRef& packet, const Route& route) {
  Producer& producer = *route.producer;
  ProducerStream& stream = producer.streams()[route.stream];
  if (route.rtx && !producer.Restore(packet.writable(), stream)) {
    return session_.CountDrop(rtc::DropReason::kRtx);
  }
  if (!stream.Number(now, packet.writable(), route.rtx)) {
    return session_.CountDrop(rtc::DropReason::kDuplicate);
  }
  timers_.SetEarlier(Timer::kNack, stream.nack().NextTimeout());
  if (packet->payload_size == 0) {
    for (Consumer* consumer : producer.consumers()) consumer->Skip(packet->unwrapped_sequence);
    return session_.CountDrop(rtc::DropReason::kPaddingOnly);
  }
  if (!producer.TakesPayloadType(packet->payload_type)) {
    return session_.CountDrop(rtc::DropReason::kUnknownPayloadType);
  }
  // Before it is cached, for newcomers are started from there.
  if (producer.paused() || stream.IsOfPause(*packet)) {
    return session_.CountDrop(rtc::DropReason::kProducerPaused);
  }
  if (!stream.Accept(packet, context_->clock.At(packet->received_at))) {
    return session_.CountDrop(rtc::DropReason::kMalformed);
  }
  if (producer.is_video()) {
    timers_.SetEarlier(Timer::kCache, now + PacketCache::kSweepInterval);
  } else {
    NoteAudioLevel(now, producer, *packet);
  }
  // Consumers of a layered producer get its first stream until layers are chosen for each.
  if (route.stream != 0) return session_.CountDrop(rtc::DropReason::kLayerNotForwarded);
  for (Consumer* consumer : producer.consumers()) consumer->Forward(packet);
}

void Transport::NoteAudioLevel(Timestamp now, Producer& producer, const rtc::Packet& packet) {
  const auto level = rtc::ReadAudioLevel(ExtensionOf(packet, rtc::RtpExtension::kAudioLevel));
  if (!level) return;
  producer.audio_level_dbov = -int{level->attenuation_dbov};
  speakers_->OnPacket(producer.key, level->attenuation_dbov, now);
}

const Transport::Route* Transport::FindRoute(rtc::Ssrc ssrc) const {
  for (const Route& route : routes_) {
    if (route.ssrc == ssrc) return &route;
  }
  return nullptr;
}

void Transport::AddRoutes(Producer& producer) {
  for (size_t i = 0; i < producer.streams().size(); ++i) {
    const ProducerStream& stream = producer.streams()[i];
    session_.ExpectReceivedStream(stream.ssrc());
    if (stream.ssrc()) routes_.push_back({*stream.ssrc(), &producer, i, false});
    if (stream.rtx_ssrc()) {
      session_.ExpectReceivedStream(stream.rtx_ssrc());
      routes_.push_back({*stream.rtx_ssrc(), &producer, i, true});
    }
  }
}

const Transport::Route* Transport::LearnRoute(const rtc::Packet& packet) {
  const auto mid = rtc::ReadMid(ExtensionOf(packet, rtc::RtpExtension::kMid));
  if (!mid) return nullptr;
  const auto rid = rtc::ReadRid(ExtensionOf(packet, rtc::RtpExtension::kRid));
  const auto repaired = rtc::ReadRid(ExtensionOf(packet, rtc::RtpExtension::kRepairedRid));
  for (const auto& producer : producers_) {
    if (producer->parameters().mid != *mid) continue;
    for (size_t i = 0; i < producer->streams().size(); ++i) {
      ProducerStream& stream = producer->streams()[i];
      const bool rtx = repaired.has_value();
      const std::string_view name = rtx ? *repaired : rid.value_or("");
      if (stream.rid() != name || (!rtx && stream.ssrc())) continue;
      if (!rtx) stream.LearnSsrc(packet.ssrc);
      session_.ExpectReceivedStream(packet.ssrc);
      routes_.push_back({packet.ssrc, producer.get(), i, rtx});
      return &routes_.back();
    }
  }
  return nullptr;
}

void Transport::RequestKeyframe(Timestamp now, Producer& producer) {
  if (!producer.is_video() || producer.paused()) return;
  for (ProducerStream& stream : producer.streams()) {
    if (stream.keyframes().Request(now)) SendPli(stream);
  }
  ArmKeyframeTimer();
}

void Transport::RequestMissing(Timestamp now) {
  for (const auto& producer : producers_) {
    bool gave_up = false;
    for (ProducerStream& stream : producer->streams()) {
      SendNack(now, stream);
      timers_.SetEarlier(Timer::kNack, stream.nack().NextTimeout());
      gave_up = stream.nack().TakeGaveUp() || gave_up;
    }
    // What depends on a lost packet cannot be shown; the receivers would ask one after another.
    if (gave_up && !producer->consumers().empty()) RequestKeyframe(now, *producer);
  }
}

void Transport::ArmKeyframeTimer() {
  timers_.Cancel(Timer::kKeyframes);
  for (const auto& producer : producers_) {
    for (ProducerStream& stream : producer->streams()) {
      timers_.SetEarlier(Timer::kKeyframes, stream.keyframes().NextTimeout());
    }
  }
}

}  // namespace confab::sfu
