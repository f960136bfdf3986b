#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <queue>
#include <vector>

#include "base/random.h"
#include "rtc/session/session.h"
#include "rtc/srtp/evp_srtp_engine.h"

namespace confab::rtc::testing {

// A session with everything that a worker would give it, for tests: pool, engine, batches.
class TestHost {
 public:
  TestHost(Timestamp now, uint64_t seed, IceRole role, SocketAddress address,
           const DtlsCertificate& certificate, DtlsOptions options);

  // Takes a datagram off the wire; opened RTP and RTCP are kept in `rtp` and `rtcp`.
  void Receive(Timestamp now, const SocketAddress& from, BytesView bytes);
  // Everything that may leave now, to wherever the session says.
  std::vector<std::pair<SocketAddress, std::vector<uint8_t>>> TakeDatagrams(Timestamp now);
  // Controlling hosts: begins to check a peer at its one candidate.
  void CheckPeer(Timestamp now, const IceCredentials& peer, const SocketAddress& candidate);

  SocketAddress address;
  PacketPool pool;
  Prng random;
  EvpSrtpEngine engine;
  DatagramSink sink;
  Session session;
  OpenBatch open;
  SealBatch seal;
  std::vector<PacketRef> rtp;
  std::vector<std::vector<uint8_t>> rtcp;
  std::vector<SessionEvent> events;

 private:
  void NoteEvents(const SessionOutput& output);
};

// Two hosts and a link between them in virtual time: a participant `a`, which is controlling and
// the DTLS client, and an ICE-lite server `b`.
class SimulatedPair {
 public:
  struct Options {
    TimeDelta delay = TimeDelta::Millis(10);
    // Called for each datagram; true loses it.
    std::function<bool(Timestamp, BytesView)> lose = [](Timestamp, BytesView) { return false; };
    std::vector<SrtpProfile> profiles = DtlsOptions{}.profiles;
    uint64_t seed = 1;
  };
  explicit SimulatedPair(Options options);

  // Connects both with each other's fingerprints and begins the checks.
  void Connect() { Connect(certificate_b.fingerprint(), certificate_a.fingerprint()); }
  // The same with the fingerprints that `a` and `b` are told of their peer.
  void Connect(const Fingerprint& told_to_a, const Fingerprint& told_to_b);
  // Runs the link and both sessions' timers until `end`.
  void RunUntil(Timestamp end);
  // An RTP packet as an application would hand it in; host `a` or `b` sends it on its stream.
  void Send(TestHost& from, OutgoingStreamIndex stream, int64_t source_sequence,
            uint32_t rtp_timestamp, BytesView payload);

  Timestamp now = Timestamp::Millis(1000);
  DtlsCertificate certificate_a;
  DtlsCertificate certificate_b;
  TestHost a;
  TestHost b;
  // Everything that went over the link, also what was lost.
  std::vector<std::vector<uint8_t>> wire;

 private:
  struct InFlight {
    Timestamp at;
    uint64_t order;
    TestHost* to;
    SocketAddress from;
    std::vector<uint8_t> bytes;
    bool operator<(const InFlight& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };
  void Transmit(TestHost& from);
  void Put(TestHost& from, const SocketAddress& to, std::vector<uint8_t> bytes);

  Options options_;
  std::priority_queue<InFlight> in_flight_;
  uint64_t order_ = 0;
};

}  // namespace confab::rtc::testing
