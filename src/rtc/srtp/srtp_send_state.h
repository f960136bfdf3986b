#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rtc/types.h"

namespace confab::rtc {

// What one direction of an SRTP association has used up: a (key, ssrc, index) that is sealed twice
// leaks the GCM authentication key (RFC 7714 §8.4). The RTP indices of each stream are counted by
// its OutgoingStream, the SRTCP ones here.
//
// An ssrc is registered once and never again, also after its stream has ended, as its indices stay
// used. Registration may allocate; drawing an index does not.
class SrtpSendState {
 public:
  // Streams in the life of one DTLS association, ended ones included (4 octets each). At the limit
  // AddStream refuses and the transport has to be made anew.
  static constexpr size_t kMaxStreams = 8192;

  SrtpSendState() = default;
  // Goes on with this SRTCP index.
  explicit SrtpSendState(uint32_t next_rtcp_index) : next_rtcp_index_(next_rtcp_index) {}

  // False: the ssrc was used before, or kMaxStreams is reached.
  [[nodiscard]] bool AddStream(Ssrc ssrc);
  bool Knows(Ssrc ssrc) const;

  // The next 31-bit SRTCP index, one series for all senders' ssrcs. nullopt, for good: all are used
  // and the association must be rekeyed (RFC 3711 §9.2).
  std::optional<uint32_t> NextRtcpIndex();

 private:
  std::vector<Ssrc> streams_;
  uint32_t next_rtcp_index_ = 0;
};

}  // namespace confab::rtc
