#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/random.h"
#include "rtc/session/session.h"
#include "rtc/srtp/evp_srtp_engine.h"

namespace confab::rtc::testing {

// A session without ICE and DTLS, with everything that a worker would give it, for tests.
class PlainHost {
 public:
  // A datagram and where it came from or goes to.
  struct Datagram {
    Path path;
    std::vector<uint8_t> bytes;
  };

  PlainHost(uint64_t seed, PlainPathOptions path) : random(seed), session(path, engine, random) {}

  // Takes datagrams off the wire as one batch; opened RTP and RTCP are kept in `rtp` and `rtcp`.
  void Receive(Timestamp now, std::span<const Datagram> datagrams);
  void Receive(Timestamp now, const Path& from, BytesView bytes) {
    const Datagram datagram{from, {bytes.begin(), bytes.end()}};
    Receive(now, {&datagram, 1});
  }
  // Everything that may leave now, to wherever the session says.
  std::vector<Datagram> TakeDatagrams(Timestamp now);
  // An RTP packet as an application would hand it in.
  void Admit(OutgoingStreamIndex stream, int64_t source_sequence, BytesView payload);
  void FixPath(const SocketAddress& rtp, const SocketAddress& rtcp);
  void GiveKeys(const SrtpSession& keys);
  uint64_t dropped(DropReason reason) const { return session.counters().drops[reason]; }

  PacketPool pool;
  Prng random;
  EvpSrtpEngine engine;
  DatagramSink sink;
  Session session;
  std::vector<PacketRef> rtp;
  std::vector<std::vector<uint8_t>> rtcp;
  bool told_connected = false;  // by an event

 private:
  OpenBatch open_;
  SealBatch seal_;
};

// Keys of one suite for two sides: what is local for the one is remote for the other.
struct GivenKeyPair {
  explicit GivenKeyPair(SrtpProfile profile, uint64_t seed = 1);
  SrtpSession ours;
  SrtpSession theirs;
};

}  // namespace confab::rtc::testing
