#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "rtc/srtp/replay_window.h"
#include "rtc/srtp/rtcp_replay_table.h"
#include "rtc/types.h"

namespace confab::rtc {

// A bounded flat table from ssrc to replay window. Lookup is a scan over at most kMaxSsrcs numbers
// that lie side by side.
class ReplayTable {
 public:
  // More than one participant sends: six ssrcs of simulcast video with RTX, audio and screen, with
  // room for several republications. At the limit a new ssrc takes the place of the one that was
  // retired first; without any it is refused.
  static constexpr size_t kMaxSsrcs = 64;

  size_t size() const { return size_; }
  bool full() const { return PlaceForNew() == kMaxSsrcs; }
  const ReplayWindow* Find(Ssrc ssrc) const;
  // Marks the index as seen and makes the entry if there is none. False when the index is not fresh
  // or the table is full.
  [[nodiscard]] bool Commit(Ssrc ssrc, uint64_t index);
  void Remove(Ssrc ssrc);
  void Retire(Ssrc ssrc);
  void Revive(Ssrc ssrc);

 private:
  size_t IndexOf(Ssrc ssrc) const;  // size_ when absent
  size_t PlaceForNew() const;       // kMaxSsrcs when there is none

  size_t size_ = 0;
  uint32_t retirements_ = 0;
  std::array<Ssrc, kMaxSsrcs> ssrcs_{};
  std::array<ReplayWindow, kMaxSsrcs> windows_{};
  std::array<uint32_t, kMaxSsrcs> retired_{};  // counts up with each; 0: in use
};

// What one direction of an SRTP association remembers of received packets: per ssrc the roll-over
// counter with the replay window, and the same for SRTCP. Only Commit changes anything, and it is
// called after authentication alone, so a forged packet leaves no trace.
//
// Order of calls for each packet: EstimateIndex → OpenJob → (ok) → Commit. Several packets may be
// between the two calls, copies of each other among them: Commit refuses the second.
class SrtpReceiveState {
 public:
  // The 48-bit index of a packet (RFC 3711 §3.3.1, appendix A). nullopt: it was seen already, is
  // too old to tell, or its ssrc is new and the table is full.
  std::optional<uint64_t> EstimateIndex(Ssrc ssrc, uint16_t sequence_number) const;
  // After authentication. False: another packet with this index came first; drop this one.
  [[nodiscard]] bool Commit(Ssrc ssrc, uint64_t index) { return rtp_.Commit(ssrc, index); }

  // Whether a packet with this explicit SRTCP index (ReadSrtcpTrailer) may be opened. False as
  // above.
  bool AcceptsRtcp(Ssrc sender, uint32_t index) const;
  [[nodiscard]] bool CommitRtcp(Ssrc sender, uint32_t index) { return rtcp_.Commit(sender, index); }

  // Whether anything of this ssrc has authenticated.
  bool Knows(Ssrc ssrc) const { return rtp_.Find(ssrc) != nullptr; }
  bool KnowsRtcp(Ssrc sender) const { return rtcp_.Find(sender) != nullptr; }
  // Before Commit: nothing newer of this ssrc has been committed.
  bool IsNewest(Ssrc ssrc, uint64_t index) const { return IsNewestOf(rtp_.Find(ssrc), index); }
  bool IsNewestRtcp(Ssrc sender, uint32_t index) const {
    return IsNewestOf(rtcp_.Find(sender), index);
  }

  // Forgets an ssrc whose stream has ended for good, to give its place to another. From then on its
  // old packets are not recognised as replays: the caller has no stream for them any more.
  void Remove(Ssrc ssrc);
  // The stream of an ssrc has ended: it keeps its place until another needs it. Without, packets
  // that are still on their way would take a new one, which nobody would ever free.
  void Retire(Ssrc ssrc);
  // It has a stream again, and keeps its place.
  void Revive(Ssrc ssrc) { rtp_.Revive(ssrc); }

 private:
  static bool IsNewestOf(const auto* window, uint64_t index) {
    return window == nullptr || index > window->highest();
  }

  ReplayTable rtp_;
  RtcpReplayTable rtcp_;
};

}  // namespace confab::rtc
