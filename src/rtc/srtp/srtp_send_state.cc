#include "rtc/srtp/srtp_send_state.h"

#include <algorithm>

#include "base/check.h"
#include "rtc/srtp/srtp_layout.h"

namespace confab::rtc {

std::optional<SrtpSendState::Stream> SrtpSendState::AddStream(Ssrc ssrc, uint16_t first_sequence) {
  if (streams_.size() == kMaxStreams || Knows(ssrc)) return std::nullopt;
  streams_.push_back({.ssrc = ssrc, .next_index = first_sequence});
  return Stream(static_cast<uint32_t>(streams_.size() - 1));
}

bool SrtpSendState::Knows(Ssrc ssrc) const {
  return std::ranges::any_of(streams_, [ssrc](const Entry& entry) { return entry.ssrc == ssrc; });
}

std::optional<uint64_t> SrtpSendState::NextRtpIndex(Stream stream) {
  CHECK(stream.value() < streams_.size());
  Entry& entry = streams_[stream.value()];
  if (entry.next_index > kMaxSrtpIndex) return std::nullopt;
  return entry.next_index++;
}

std::optional<uint32_t> SrtpSendState::NextRtcpIndex() {
  if (next_rtcp_index_ > kMaxSrtcpIndex) return std::nullopt;
  return next_rtcp_index_++;
}

void SrtpSendState::SkipRtpTo(Stream stream, uint64_t index) {
  CHECK(stream.value() < streams_.size());
  Entry& entry = streams_[stream.value()];
  entry.next_index = std::max(entry.next_index, index);
}

void SrtpSendState::SkipRtcpTo(uint32_t index) {
  next_rtcp_index_ = std::max(next_rtcp_index_, index);
}

}  // namespace confab::rtc
