#pragma once

#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/units.h"
#include "rtc/datagram_sink.h"
#include "rtc/dtls/dtls_types.h"
#include "rtc/dtls/fingerprint.h"
#include "rtc/types.h"

namespace confab::rtc {

// What a session needs of its DTLS (RFC 5764): records and time come in; datagrams, an event and
// the next deadline go out; in the end there are keys for SRTP. DtlsTransport is the real one; the
// simulator scripts another, since OpenSSL draws randomness of its own. Owned by a session, one
// thread.
class DtlsAgent {
 public:
  virtual ~DtlsAgent() = default;
  DtlsAgent(const DtlsAgent&) = delete;
  DtlsAgent& operator=(const DtlsAgent&) = delete;

  // Only in state kNew; ignored later.
  void set_role(DtlsRole role) {
    if (state_ == DtlsState::kNew) role_ = role;
  }
  // What the peer's certificate must match: of none, nothing can, and that fails. Replays what came
  // early, so it may write. Once only: a second call is ignored.
  virtual DtlsEvent SetRemoteFingerprints(Timestamp now, std::vector<Fingerprint> fingerprints,
                                          DatagramSink& sink) = 0;
  // Client role: begins over `path`, once both this and SetRemoteFingerprints have been called.
  // Server role: sets the path only.
  virtual DtlsEvent Start(Timestamp now, const Path& path, DatagramSink& sink) = 0;
  // A datagram for which IsDtls holds, from a path that ICE has validated. What is not a record for
  // this moment is ignored. Answers go to the path of the newest records.
  virtual DtlsEvent HandleRecords(Timestamp now, const Path& path, BytesView datagram,
                                  DatagramSink& sink) = 0;
  // To be called at NextTimeout or later.
  virtual DtlsEvent HandleTimeout(Timestamp now, DatagramSink& sink) = 0;
  virtual Timestamp NextTimeout() const = 0;
  // The peer has our last flight for certain: its first SRTP packet authenticated.
  virtual void ReleaseHandshake() = 0;
  // To kClosed, unless it failed before; says close_notify where that is still possible.
  virtual DtlsEvent Close(DatagramSink& sink) = 0;

  DtlsState state() const { return state_; }
  DtlsReason reason() const { return reason_; }
  DtlsRole role() const { return role_; }
  // From kConnected on.
  const std::optional<SrtpSession>& srtp() const { return srtp_; }

 protected:
  explicit DtlsAgent(DtlsRole role) : role_(role) {}

  DtlsRole role_;
  DtlsState state_ = DtlsState::kNew;
  DtlsReason reason_ = DtlsReason::kNone;
  std::optional<SrtpSession> srtp_;
};

}  // namespace confab::rtc
