#include "sfu/parameters/plain_capabilities.h"

#include <vector>

#include "sfu/parameters/codec.h"
#include "sfu/parameters/supported_capabilities.h"

namespace confab::sfu {
namespace {

bool IsKeyframeRequest(const RtcpFeedback& feedback) {
  return feedback == RtcpFeedback{"nack", "pli"} || feedback == RtcpFeedback{"ccm", "fir"};
}

RtpCapabilities Make() {
  RtpCapabilities capabilities = RouterRtpCapabilities();
  capabilities.header_extensions.clear();
  std::erase_if(capabilities.codecs, [](const auto& codec) { return IsRtx(codec.mime_type); });
  for (RtpCodecCapability& codec : capabilities.codecs) {
    std::erase_if(codec.rtcp_feedback,
                  [](const RtcpFeedback& feedback) { return !IsKeyframeRequest(feedback); });
  }
  return capabilities;
}

}  // namespace

const RtpCapabilities& PlainRtpCapabilities() {
  static const RtpCapabilities capabilities = Make();
  return capabilities;
}

}  // namespace confab::sfu
