#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/ip_network.h"
#include "rtc/ice/ice_agent.h"
#include "rtc/session/drop_reason.h"
#include "rtc/srtp/srtp_engine.h"
#include "rtc/types.h"

namespace confab::rtc {

// How a plain transport comes to know its peer's address.
enum class RemoteAddress : uint8_t {
  kGiven,    // it is told: Fix
  kLearned,  // where the first valid packet comes from (mediasoup's comedia): Learn
};

struct PlainPathOptions {
  LocalSocket rtp;
  LocalSocket rtcp;  // the same as `rtp` where both share a port (RFC 5761)
  RemoteAddress remote = RemoteAddress::kGiven;
  // Where a peer may be at all. Of none, nobody.
  std::vector<IpNetwork> networks;
};

// Stands where ICE stands in a session without it: one address for RTP and, unless they share a
// port, another for RTCP. Each is given, or learned from the first valid packet, and never changes
// after that: nothing is sent before it is known, and nothing is taken from elsewhere. Owned by a
// session.
//
// DEVIATION: RFC 3550 §8.2 lets a source change its transport address. Here it keeps the first for
// the life of the transport: without SRTP nothing tells such a change from a stranger.
//
// What a learned address is worth: with SRTP, its packet has authenticated. Without, it was of a
// stream that is expected, so that a sender that still means the former owner of this port, perhaps
// of a process that has died, is not taken for the peer. Whoever can send from one of the networks
// and knows the ssrc can be first; that is what PlainPathOptions::networks is for.
class PlainPath final : public IceAgent {
 public:
  explicit PlainPath(PlainPathOptions options);

  // kGiven: where the peer is; both addresses of an allowed network. Once.
  void Fix(const SocketAddress& rtp, const SocketAddress& rtcp);
  // Why a packet that came so is not to be opened; nullopt if it may be.
  std::optional<DropReason> Refuses(SrtpKind kind, const Path& from) const;
  // The peer will send such a stream; nullopt: one whose ssrc nobody knows yet, so any may be it.
  void Expect(std::optional<Ssrc> ssrc);
  void ForgetExpected(Ssrc ssrc) { std::erase(expected_, ssrc); }
  // May a packet that nothing authenticates teach the peer's address? RTP of an expected stream.
  // RTCP of one, or any where none is expected: the peer only listens.
  bool MayTeach(SrtpKind kind, Ssrc sender) const;
  bool knows(SrtpKind kind) const { return PathOf(kind).has_value(); }
  // A packet that Refuses has nothing against has authenticated, where that is to be, and is valid.
  void Learn(SrtpKind kind, const Path& from);

  // Where RTCP goes: selected() where it shares RTP's port.
  const std::optional<Path>& rtcp() const { return is_muxed() ? selected_ : rtcp_; }
  bool is_muxed() const { return options_.rtp == options_.rtcp; }
  bool IsAllowed(const SocketAddress& remote) const;

  // There are no checks; the session drops STUN before it comes here.
  void HandleStun(Timestamp, const Path&, BytesView, IceOutput&) override {}
  void HandleTimeout(Timestamp, IceOutput&) override {}
  // Nothing here proves an address.
  bool IsValidated(const Path&) const override { return false; }
  std::vector<std::string_view> ufrags() const override { return {}; }

 private:
  const std::optional<Path>& PathOf(SrtpKind kind) const {
    return kind == SrtpKind::kRtp ? selected_ : rtcp();
  }

  PlainPathOptions options_;
  std::optional<Path> rtcp_;  // unless is_muxed
  std::vector<Ssrc> expected_;
  bool expects_any_ = false;
};

}  // namespace confab::rtc
