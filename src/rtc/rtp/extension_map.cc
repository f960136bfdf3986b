#include "rtc/rtp/extension_map.h"

namespace confab::rtc {
namespace {

// In the order of RtpExtension.
constexpr std::array<std::string_view, kRtpExtensionCount> kUris = {
    "urn:ietf:params:rtp-hdrext:sdes:mid",
    "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "urn:3gpp:video-orientation",
    "urn:ietf:params:rtp-hdrext:toffset",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time",
    "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
};

}  // namespace

std::string_view UriOf(RtpExtension extension) {
  return kUris[static_cast<size_t>(extension)];
}

std::optional<RtpExtension> ExtensionFromUri(std::string_view uri) {
  for (size_t i = 0; i < kUris.size(); ++i) {
    if (kUris[i] == uri) return static_cast<RtpExtension>(i);
  }
  return std::nullopt;
}

bool ExtensionMap::Add(uint8_t id, RtpExtension extension) {
  if (id == 0 || id > kMaxId || extensions_[id] != 0 || Has(extension)) return false;
  ids_[static_cast<size_t>(extension)] = id;
  extensions_[id] = static_cast<uint8_t>(static_cast<uint8_t>(extension) + 1);
  return true;
}

std::optional<RtpExtension> ExtensionMap::ExtensionOf(uint8_t id) const {
  if (id > kMaxId || extensions_[id] == 0) return std::nullopt;
  return static_cast<RtpExtension>(extensions_[id] - 1);
}

}  // namespace confab::rtc
