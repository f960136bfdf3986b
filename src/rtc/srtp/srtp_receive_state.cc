#include "rtc/srtp/srtp_receive_state.h"

#include <algorithm>

#include "rtc/srtp/srtp_layout.h"

namespace confab::rtc {
namespace {

constexpr int64_t kHalfCycle = 0x8000;
constexpr int64_t kCycle = 0x1'0000;

// The index nearest to `highest` with this sequence number (RFC 3711 appendix A).
// DEVIATION: with roll-over counter 0 a number far ahead is ahead, where the appendix gives 2^32 -
// 1 as the counter: nothing comes before index 0.
uint64_t NearestIndex(uint64_t highest, uint16_t sequence_number) {
  const auto reference = static_cast<int64_t>(highest);
  int64_t index = (reference & ~(kCycle - 1)) | sequence_number;
  if (index - reference > kHalfCycle && index >= kCycle) {
    index -= kCycle;
  } else if (reference - index > kHalfCycle) {
    index += kCycle;
  }
  return static_cast<uint64_t>(index);
}

}  // namespace

size_t ReplayTable::IndexOf(Ssrc ssrc) const {
  const auto end = ssrcs_.begin() + static_cast<ptrdiff_t>(size_);
  return static_cast<size_t>(std::find(ssrcs_.begin(), end, ssrc) - ssrcs_.begin());
}

size_t ReplayTable::PlaceForNew() const {
  if (size_ < kMaxSsrcs) return size_;
  size_t oldest = kMaxSsrcs;
  for (size_t i = 0; i < kMaxSsrcs; ++i) {
    if (retired_[i] == 0) continue;
    if (oldest == kMaxSsrcs || retired_[i] < retired_[oldest]) oldest = i;
  }
  return oldest;
}

const ReplayWindow* ReplayTable::Find(Ssrc ssrc) const {
  const size_t i = IndexOf(ssrc);
  return i < size_ ? &windows_[i] : nullptr;
}

bool ReplayTable::Commit(Ssrc ssrc, uint64_t index) {
  const size_t i = IndexOf(ssrc);
  if (i < size_) return windows_[i].Commit(index);
  const size_t place = PlaceForNew();
  if (place == kMaxSsrcs) return false;
  size_ = std::max(size_, place + 1);
  ssrcs_[place] = ssrc;
  windows_[place] = ReplayWindow();
  retired_[place] = 0;
  return windows_[place].Commit(index);
}

void ReplayTable::Remove(Ssrc ssrc) {
  const size_t i = IndexOf(ssrc);
  if (i == size_) return;
  --size_;
  ssrcs_[i] = ssrcs_[size_];
  windows_[i] = windows_[size_];
  retired_[i] = retired_[size_];
}

void ReplayTable::Retire(Ssrc ssrc) {
  const size_t i = IndexOf(ssrc);
  if (i < size_) retired_[i] = ++retirements_;
}

void ReplayTable::Revive(Ssrc ssrc) {
  const size_t i = IndexOf(ssrc);
  if (i < size_) retired_[i] = 0;
}

std::optional<uint64_t> SrtpReceiveState::EstimateIndex(Ssrc ssrc, uint16_t sequence_number) const {
  const ReplayWindow* window = rtp_.Find(ssrc);
  if (window == nullptr) {
    return rtp_.full() ? std::nullopt : std::optional<uint64_t>(sequence_number);
  }
  const uint64_t index = NearestIndex(window->highest(), sequence_number);
  if (index > kMaxSrtpIndex || !window->IsFresh(index)) return std::nullopt;
  return index;
}

bool SrtpReceiveState::AcceptsRtcp(Ssrc sender, uint32_t index) const {
  const RtcpReplayWindow* window = rtcp_.Find(sender);
  return window != nullptr ? window->IsFresh(index) : !rtcp_.full();
}

void SrtpReceiveState::Remove(Ssrc ssrc) {
  rtp_.Remove(ssrc);
  rtcp_.Remove(ssrc);
}

void SrtpReceiveState::Retire(Ssrc ssrc) {
  rtp_.Retire(ssrc);
  rtcp_.Remove(ssrc);
}

}  // namespace confab::rtc
