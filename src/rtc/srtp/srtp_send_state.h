#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/strong_number.h"
#include "rtc/types.h"

namespace confab::rtc {

// Gives every packet that one direction of an SRTP association sends its index, each index once: a
// (key, ssrc, index) that is sealed twice leaks the GCM authentication key (RFC 7714 §8.4).
//
// An ssrc is registered once and never again, also after its stream has ended, as its indices stay
// used. Registration may allocate; drawing an index does not.
class SrtpSendState {
 public:
  // Streams in the life of one DTLS association, ended ones included (16 octets each). At the limit
  // AddStream refuses and the transport has to be made anew.
  static constexpr size_t kMaxStreams = 8192;

  struct StreamTag;
  // Names a registered ssrc; valid for the life of this object.
  using Stream = StrongNumber<StreamTag, uint32_t>;

  // Starts a stream at roll-over counter 0 with `first_sequence`; take one below 2^15 so that a
  // loss of the first packets cannot hide a roll-over (RFC 3711 §3.3.1). nullopt: the ssrc was used
  // before, or kMaxStreams is reached.
  std::optional<Stream> AddStream(Ssrc ssrc, uint16_t first_sequence);
  bool Knows(Ssrc ssrc) const;

  // The next 48-bit index; its low 16 bits are the packet's sequence number. nullopt, for good:
  // 2^48 packets are reached and the association must be rekeyed (RFC 3711 §9.2).
  std::optional<uint64_t> NextRtpIndex(Stream stream);
  // The next 31-bit SRTCP index, one series for all senders' ssrcs; the same at its end.
  std::optional<uint32_t> NextRtcpIndex();

  // Moves a stream's next index forward: for tests, and for a handover between nodes, where the new
  // one starts beyond all that the old one can have used. Never moves back.
  void SkipRtpTo(Stream stream, uint64_t index);
  void SkipRtcpTo(uint32_t index);

 private:
  struct Entry {
    Ssrc ssrc;
    uint64_t next_index = 0;
  };

  std::vector<Entry> streams_;
  uint32_t next_rtcp_index_ = 0;
};

}  // namespace confab::rtc
