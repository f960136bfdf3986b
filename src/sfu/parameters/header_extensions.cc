#include "sfu/parameters/header_extensions.h"

namespace confab::sfu {

// The numbers are the ones that mediasoup's routers propose, so that recorded traffic of both reads
// alike.
uint8_t RouterIdOf(rtc::RtpExtension extension) {
  switch (extension) {
    using enum rtc::RtpExtension;
    case kMid: return 1;
    case kRid: return 2;
    case kRepairedRid: return 3;
    case kAbsSendTime: return 4;
    case kTransportSequenceNumber: return 5;
    case kDependencyDescriptor: return 8;
    case kAudioLevel: return 10;
    case kVideoOrientation: return 11;
    case kTimeOffset: return 12;
    case kAbsCaptureTime: return 13;
    case kPlayoutDelay: return 14;
  }
  return 0;
}

void AddExtensions(const std::vector<RtpHeaderExtensionParameters>& negotiated,
                   rtc::ExtensionMap& map) {
  for (const RtpHeaderExtensionParameters& extension : negotiated) {
    const auto known = rtc::ExtensionFromUri(extension.uri);
    if (known) (void)map.Add(extension.id, *known);
  }
}

rtc::ExtensionMap MapOf(const std::vector<RtpHeaderExtensionParameters>& negotiated) {
  rtc::ExtensionMap map;
  AddExtensions(negotiated, map);
  return map;
}

}  // namespace confab::sfu
