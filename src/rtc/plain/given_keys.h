#pragma once

#include <utility>
#include <vector>

#include "rtc/dtls/dtls_agent.h"

namespace confab::rtc {

// Stands where DTLS stands in a session without it: the keys come from the transport's parameters,
// or there are none (SrtpProfile::kClear). Reads and writes no records. Owned by a session.
class GivenKeys final : public DtlsAgent {
 public:
  GivenKeys() : DtlsAgent(DtlsRole::kServer) {}

  // Both of one profile. Once: a key is used for one session and direction.
  DtlsEvent Give(const SrtpSession& keys) {
    if (state_ != DtlsState::kNew) return DtlsEvent::kNone;
    srtp_ = keys;
    state_ = DtlsState::kConnected;
    return DtlsEvent::kConnected;
  }

  DtlsEvent SetRemoteFingerprints(Timestamp, std::vector<Fingerprint>, DatagramSink&) override {
    return DtlsEvent::kNone;
  }
  DtlsEvent Start(Timestamp, const Path&, DatagramSink&) override { return DtlsEvent::kNone; }
  DtlsEvent HandleRecords(Timestamp, const Path&, BytesView, DatagramSink&) override {
    return DtlsEvent::kNone;
  }
  DtlsEvent HandleTimeout(Timestamp, DatagramSink&) override { return DtlsEvent::kNone; }
  Timestamp NextTimeout() const override { return Timestamp::Never(); }
  void ReleaseHandshake() override {}
  DtlsEvent Close(DatagramSink&) override {
    state_ = DtlsState::kClosed;
    reason_ = DtlsReason::kClosedByUs;
    return DtlsEvent::kNone;
  }
};

}  // namespace confab::rtc
