#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/units.h"
#include "rtc/datagram_sink.h"
#include "rtc/dtls/dtls_agent.h"
#include "rtc/dtls/dtls_certificate.h"
#include "rtc/dtls/dtls_flight.h"
#include "rtc/dtls/dtls_types.h"
#include "rtc/dtls/fingerprint.h"
#include "rtc/types.h"

namespace confab::rtc {

class DtlsHandshake;

// DTLS-SRTP (RFC 5763, RFC 5764) of one session: DTLS 1.2, mutual certificates checked against the
// fingerprints from signaling, keys for SRTP. Owned by a session; one thread.
//
// Paths: hand in records only from a path that ICE has validated (RFC 8445). That is what proves
// the peer's address, so the cookie exchange of RFC 6347 §4.2.1 is not used, and no answer can be
// aimed at a stranger. Answers go to the path of the newest records, or of set_path.
//
// Time: OpenSSL's retransmission timer reads the wall clock. It is taken over (OpenSslTimer), so
// that lost flights are repeated on the caller's `now` and a simulation needs no clock; with
// versions after OpenSSL 3.0, where that is not possible, a repetition waits for both clocks.
//
// After the handshake the keys are all that is needed: by default the SSL object is freed at once.
// As the server our last flight (ChangeCipherSpec, Finished) may still be lost, and the client then
// repeats its own; so those bytes are kept and resent on such a repetition until ReleaseHandshake
// or kLastFlightLifetime. (The same records again: a client that had them ignores them as replays,
// and no (key, nonce) seals two texts.) Freed, close_notify can neither be sent nor read: a peer's
// end is learned from signaling or ICE inactivity, ours from signaling.
class DtlsTransport final : public DtlsAgent {
 public:
  // Datagrams that came before the fingerprints: kept, and replayed then. More are dropped.
  static constexpr size_t kMaxEarlyDatagrams = 8;
  static constexpr size_t kMaxEarlyDatagramSize = 1500;
  // RFC 6347 §4.2.4.1 starts with 1 s and goes to 60 s. DEVIATION: a call cannot wait for that, and
  // a flight is two datagrams: browsers start with 50 ms, too.
  static constexpr TimeDelta kFirstRetransmission = TimeDelta::Millis(100);
  static constexpr TimeDelta kLongestRetransmission = TimeDelta::Seconds(5);
  // From the first record, or Start, to kConnected.
  static constexpr TimeDelta kHandshakeTimeout = TimeDelta::Seconds(30);
  // Twice the longest retransmission timer of RFC 6347 §4.2.4.1.
  static constexpr TimeDelta kLastFlightLifetime = TimeDelta::Seconds(120);

  DtlsTransport(const DtlsCertificate& certificate, DtlsOptions options);
  ~DtlsTransport() override;

  // Where answers go until records come over another path.
  void set_path(const Path& path) { path_ = path; }

  // The peer's certificate must match one fingerprint of the strongest algorithm among them
  // (RFC 8122 §5).
  DtlsEvent SetRemoteFingerprints(Timestamp now, std::vector<Fingerprint> fingerprints,
                                  DatagramSink& sink) override;
  DtlsEvent Start(Timestamp now, const Path& path, DatagramSink& sink) override;
  DtlsEvent HandleRecords(Timestamp now, const Path& path, BytesView datagram,
                          DatagramSink& sink) override;
  DtlsEvent HandleTimeout(Timestamp now, DatagramSink& sink) override;
  Timestamp NextTimeout() const override;
  void ReleaseHandshake() override;
  // Sends close_notify while there is an SSL object.
  DtlsEvent Close(DatagramSink& sink) override;

  // Early datagrams beyond the limit, and records after the end.
  uint64_t dropped() const { return dropped_; }

 private:
  struct EarlyDatagram {
    Path path;
    std::vector<uint8_t> bytes;
  };

  bool BeginHandshake(Timestamp now);
  void KeepEarly(const Path& path, BytesView datagram);
  DtlsEvent Step(Timestamp now, BytesView datagram, DatagramSink& sink);
  DtlsFlight* FlightToKeep();
  DtlsEvent Connect(Timestamp now, DatagramSink& sink);
  DtlsEvent Read(BytesView datagram, DatagramSink& sink);
  DtlsEvent Fail(DtlsReason reason);
  DtlsEvent End(DtlsState state, DtlsReason reason);
  void AnswerRepetition(Timestamp now, BytesView datagram, DatagramSink& sink);

  const DtlsCertificate* certificate_;  // outlives this
  DtlsOptions options_;
  Path path_;
  bool started_ = false;  // client: Start was called
  std::vector<Fingerprint> fingerprints_;
  std::vector<EarlyDatagram> early_;
  std::unique_ptr<DtlsHandshake> handshake_;
  DtlsFlight flight_;  // server: the newest flight
  TimeDelta retransmission_ = kFirstRetransmission;
  Timestamp retransmit_at_ = Timestamp::Never();
  Timestamp deadline_ = Timestamp::Never();  // of the handshake, then of the last flight
  Timestamp last_repetition_ = Timestamp::Past();
  uint64_t dropped_ = 0;
};

}  // namespace confab::rtc
