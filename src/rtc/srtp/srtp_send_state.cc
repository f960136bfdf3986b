#include "rtc/srtp/srtp_send_state.h"

#include <algorithm>

#include "rtc/srtp/srtp_layout.h"

namespace confab::rtc {

bool SrtpSendState::AddStream(Ssrc ssrc) {
  if (streams_.size() == kMaxStreams || Knows(ssrc)) return false;
  streams_.push_back(ssrc);
  return true;
}

bool SrtpSendState::Knows(Ssrc ssrc) const {
  return std::ranges::find(streams_, ssrc) != streams_.end();
}

std::optional<uint32_t> SrtpSendState::NextRtcpIndex() {
  if (next_rtcp_index_ > kMaxSrtcpIndex) return std::nullopt;
  return next_rtcp_index_++;
}

}  // namespace confab::rtc
