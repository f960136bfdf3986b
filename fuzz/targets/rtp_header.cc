// RTP headers, their extensions in both forms, and the values inside.

#include <array>
#include <vector>

#include "base/check.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/support/input.h"
#include "rtc/rtp/dependency_descriptor.h"
#include "rtc/rtp/extension_values.h"
#include "rtc/rtp/rtp_extensions.h"
#include "rtc/rtp/rtp_header.h"
#include "rtc/rtp/rtp_writer.h"

namespace confab::rtc {
namespace {

bool SameElement(const ExtensionElement& a, const ExtensionElement& b) {
  return a.id == b.id && std::ranges::equal(a.value, b.value);
}

std::vector<ExtensionElement> ElementsOf(const RtpHeader& header) {
  std::vector<ExtensionElement> elements;
  ForEachExtension(header, [&](const ExtensionElement& element) { elements.push_back(element); });
  return elements;
}

void ReadValues(BytesView value) {
  (void)ReadAbsSendTime(value);
  (void)ReadVideoOrientation(value);
  (void)ReadTimeOffset(value);
  (void)ReadAbsCaptureTime(value);
  (void)ReadDependencyDescriptor(value);
  if (const auto mid = ReadMid(value)) CHECK(mid->size() == value.size());
  if (const auto rid = ReadRid(value)) CHECK(ReadMid(value) == rid);
  if (const auto level = ReadAudioLevel(value)) {
    CHECK(ReadAudioLevel(AudioLevelBytes(*level)) == level);
  }
  if (const auto number = ReadTransportSequenceNumber(value)) {
    CHECK(ReadTransportSequenceNumber(TransportSequenceNumberBytes(*number)) == number);
  }
  if (const auto delay = ReadPlayoutDelay(value)) {
    CHECK(ReadPlayoutDelay(PlayoutDelayBytes(*delay)) == delay);
  }
}

void CheckSameHeader(const RtpHeader& a, const RtpHeader& b) {
  CHECK(a.marker == b.marker);
  CHECK(a.payload_type == b.payload_type);
  CHECK(a.sequence_number == b.sequence_number);
  CHECK(a.timestamp == b.timestamp);
  CHECK(a.ssrc == b.ssrc);
  CHECK(std::ranges::equal(a.csrcs, b.csrcs));
  CHECK(std::ranges::equal(ElementsOf(a), ElementsOf(b), SameElement));
}

void RoundTrip(const RtpHeader& header) {
  const std::vector<ExtensionElement> elements = ElementsOf(header);
  std::vector<Ssrc> csrcs;
  for (size_t i = 0; i < header.csrc_count(); ++i) csrcs.push_back(header.csrc(i));
  const RtpHeaderFields fields{.marker = header.marker,
                               .payload_type = header.payload_type,
                               .sequence_number = header.sequence_number,
                               .timestamp = header.timestamp,
                               .ssrc = header.ssrc,
                               .csrcs = csrcs,
                               .extensions = elements};
  std::vector<uint8_t> written(RtpHeaderSize(fields));
  CHECK(WriteRtpHeader(fields, written) == written.size());
  CHECK(written.size() <= header.header_size);
  const auto again = ParseRtpHeader(written);
  CHECK(again.has_value());
  CHECK(again->header_size == written.size());
  CheckSameHeader(header, *again);
}

}  // namespace

CONFAB_FUZZ_TARGET(rtp_header) {
  ReadValues(input);
  const auto header = ParseRtpHeader(input);
  if (!header) return;
  CHECK(header->header_size <= input.size());
  if (const auto payload = PayloadOf(*header, input)) {
    CHECK(payload->size() + header->header_size <= input.size());
  }
  for (const ExtensionElement& element : ElementsOf(*header)) {
    CHECK(element.id != 0);
    const auto first = FindExtension(*header, element.id);
    CHECK(first.has_value());
    ReadValues(fuzz::ExactCopy(element.value).view());
  }
  RoundTrip(*header);
}

}  // namespace confab::rtc
