#include "sfu/parameters/header_extensions.h"

#include <algorithm>

namespace confab::sfu {
namespace {

struct Known {
  std::string_view uri;
  uint8_t router_id;
};

// In the order of `Extension`. The ids are the ones that mediasoup's routers propose, so that
// recorded traffic of both reads alike.
constexpr std::array<Known, kExtensionCount> kKnown{{
    {"urn:ietf:params:rtp-hdrext:sdes:mid", 1},
    {"urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", 2},
    {"urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", 3},
    {"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", 4},
    {"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01", 5},
    {"https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension", 8},
    {"urn:ietf:params:rtp-hdrext:ssrc-audio-level", 10},
    {"urn:3gpp:video-orientation", 11},
    {"http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time", 13},
    {"http://www.webrtc.org/experiments/rtp-hdrext/playout-delay", 14},
}};

}  // namespace

std::string_view UriOf(Extension extension) {
  return kKnown[static_cast<size_t>(extension)].uri;
}

uint8_t RouterIdOf(Extension extension) {
  return kKnown[static_cast<size_t>(extension)].router_id;
}

ExtensionIds::ExtensionIds(const std::vector<RtpHeaderExtensionParameters>& negotiated) {
  for (const RtpHeaderExtensionParameters& extension : negotiated) {
    const auto known = std::ranges::find(kKnown, extension.uri, &Known::uri);
    if (known == kKnown.end()) continue;
    ids_[static_cast<size_t>(known - kKnown.begin())] = extension.id;
  }
}

}  // namespace confab::sfu
