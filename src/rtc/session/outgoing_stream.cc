#include "rtc/session/outgoing_stream.h"

#include "rtc/rtp/rtp_extensions.h"
#include "rtc/rtp/rtp_writer.h"

namespace confab::rtc {
namespace {

// Taken over from the sender's packet as they are.
constexpr std::array kForwarded = {
    RtpExtension::kAudioLevel,   RtpExtension::kVideoOrientation,     RtpExtension::kAbsCaptureTime,
    RtpExtension::kPlayoutDelay, RtpExtension::kDependencyDescriptor,
};

}  // namespace

size_t WriteOutgoingHeader(const OutgoingStreamConfig& stream, const Packet& source,
                           const HeaderStamp& stamp, MutableBytes out) {
  std::array<ExtensionElement, kForwarded.size() + 3> elements;
  size_t count = 0;
  const auto add = [&elements, &count](uint8_t id, BytesView value) {
    if (id != 0 && !value.empty()) elements[count++] = {id, value};
  };
  std::array<uint8_t, 2> transport_sequence;
  StoreU16(transport_sequence.data(), stamp.transport_sequence);
  std::array<uint8_t, 3> send_time;
  StoreU24(send_time.data(), stamp.abs_send_time);

  add(stream.extensions.IdOf(RtpExtension::kMid), AsBytes(stream.mid));
  add(stream.extensions.IdOf(RtpExtension::kTransportSequenceNumber), transport_sequence);
  add(stream.extensions.IdOf(RtpExtension::kAbsSendTime), send_time);
  for (const RtpExtension extension : kForwarded) {
    const ExtensionSlot slot = source.extensions[static_cast<size_t>(extension)];
    if (slot.offset == 0) continue;
    add(stream.extensions.IdOf(extension), source.bytes().subspan(slot.offset, slot.size));
  }
  const RtpHeaderFields fields{.marker = stamp.marker,
                               .payload_type = stream.payload_type,
                               .sequence_number = stamp.sequence,
                               .timestamp = stamp.rtp_timestamp,
                               .ssrc = stream.ssrc,
                               .csrcs = {},
                               .extensions = std::span(elements).first(count)};
  return WriteRtpHeader(fields, out);
}

}  // namespace confab::rtc
