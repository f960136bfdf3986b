#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sfu/parameters/rtp_parameters.h"

namespace confab::sfu {

// The RTP header extensions (RFC 8285) that the router knows.
enum class Extension : uint8_t {
  kMid,                   // RFC 8843 §15
  kRid,                   // RtpStreamId, RFC 8852 §3.1
  kRepairedRid,           // RepairedRtpStreamId, RFC 8852 §3.2
  kAbsSendTime,           // 24 bits of send time, 6.18 fixed point seconds
  kTransportCc,           // transport-wide sequence number, draft-holmer-rmcat-01 §2
  kDependencyDescriptor,  // AV1 RTP specification, appendix A
  kAudioLevel,            // RFC 6464
  kVideoOrientation,      // 3GPP TS 26.114 §7.4.5
  kAbsCaptureTime,
  kPlayoutDelay,
};
inline constexpr size_t kExtensionCount = 10;

std::string_view UriOf(Extension extension);
// The id that the router proposes and that every consumer's packets carry: 1 to 14, so that
// one-byte headers can hold it (RFC 8285 §4.2). Never changes between versions.
uint8_t RouterIdOf(Extension extension);

// Which id each extension has on one stream; 0 where it was not negotiated.
class ExtensionIds {
 public:
  ExtensionIds() = default;
  explicit ExtensionIds(const std::vector<RtpHeaderExtensionParameters>& negotiated);

  uint8_t operator[](Extension extension) const { return ids_[static_cast<size_t>(extension)]; }

 private:
  std::array<uint8_t, kExtensionCount> ids_{};
};

}  // namespace confab::sfu
